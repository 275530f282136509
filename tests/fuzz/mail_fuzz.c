/* Mails from strangers: an order that is read holds its required fields, each a piece of the body
 * in one line; reading the fields written out again gives the same. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "services/intake/domain/read_mail.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *write_again(struct arena *arena, const struct mail_order *order)
{
    const char *text = "";

    for (int i = 0; i < MAIL_FIELDS; i++)
        if (order->fields[i][0])
            text = arena_format(arena, "%s%s: %s\n", text, mail_field_name((enum mail_field)i),
                                order->fields[i]);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct text body = { (const char *)bytes, size };
    struct mail_order order, again;
    enum mail_field field;

    /* What reaches read_mail is UTF-8 already: mail_text.c sees to it. A line may grow when it is
     * written out, and lines over 2000 bytes are passed over. */
    if (!utf8_valid(body) || size > 1900)
        return 0;
    if (read_mail(&arena, body, &order, &field) == MAIL_READ) {
        for (int i = 0; i < MAIL_FIELDS; i++)
            assert(strlen(order.fields[i]) <= size && !strchr(order.fields[i], '\n'));
        const char *text = write_again(&arena, &order);
        assert(read_mail(&arena, text_of(text), &again, &field) == MAIL_READ);
        for (int i = 0; i < MAIL_FIELDS; i++)
            assert(strcmp(order.fields[i], again.fields[i]) == 0);
    }
    arena_reset(&arena);
    return 0;
}
