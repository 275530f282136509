/* What a browser brings along: what is found lies inside the header, a position that is believed is
 * the same when it is written again, and no text has the shape of two secrets. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "lib/base/arena.h"
#include "services/portal/domain/cookie.h"
#include "services/portal/domain/secret.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_inside(struct text part, struct text whole)
{
    return !part.at || (part.at >= whole.at && part.at + part.length <= whole.at + whole.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct text header = { (const char *)bytes, size }, value = cookie_find(header, "position");
    struct position position, again;

    assert(is_inside(value, header) && is_inside(bearer_token(header), header));
    assert(!value.at || !memchr(value.at, ';', value.length));
    assert(is_link_token(header) + is_account_token(header) <= 1);
    assert(!is_link_token(header) || size == LINK_TOKEN_LENGTH);
    if (position_parse(header, &position)) {
        const char *told =
            arena_format(&arena, "%s:%s:%lld", arena_text(&arena, position.service),
                         arena_text(&arena, position.subject), (long long)position.sequence);
        assert(position_is_told(text_of(told)));
        const char *cookie = arena_format(&arena, "%s@%lld", told, (long long)position.until);
        assert(position_parse(text_of(cookie), &again) && again.sequence == position.sequence &&
               again.until == position.until);
    }
    arena_reset(&arena);
    return 0;
}
