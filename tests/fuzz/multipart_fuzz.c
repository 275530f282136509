/* Forms with files made of anything: read the same twice or refused, and every piece lies inside
 * the body. libFuzzer: link with -fsanitize=fuzzer. */
#include "services/portal/domain/multipart.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_inside(struct text piece, struct text body)
{
    return !piece.at || (piece.at >= body.at && piece.at + piece.length <= body.at + body.length);
}

/* The first line is the Content-Type, the rest the body. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct text body, type = text_cut((struct text){ (const char *)bytes, size }, '\n', &body);
    struct multipart form = { .count = 0 }, again = { .count = 0 };
    bool is_read = multipart_read(type, body, &form);
    size_t length = 0;

    assert(is_read == multipart_read(type, body, &again) && form.count == again.count);
    for (size_t i = 0; i < form.count; i++) {
        const struct form_part *part = &form.at[i];
        assert(part->name.length > 0 && is_inside(part->name, body));
        assert(is_inside(part->file_name, body) && is_inside(part->type, body));
        assert(is_inside(part->bytes, body));
        assert(part->bytes.at == again.at[i].bytes.at);
        length += part->name.length + part->bytes.length;
    }
    assert(length <= body.length);
    return 0;
}
