/* Telephone numbers, dates and hours as people write them: what is understood is understood the
 * same in its one form. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/domain/calendar.h"
#include "lib/domain/phone.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct text text = { (const char *)bytes, size };
    struct phone phone = phone_parse(text), again = phone_parse(text_of(phone.e164));
    int32_t date, date_again, minutes;

    assert((phone.kind == PHONE_INVALID) == !phone.e164[0]);
    assert(phone.kind == again.kind && strcmp(phone.e164, again.e164) == 0);
    if (date_parse(text, &date)) {
        assert(date >= DATE_MIN && date <= DATE_MAX);
        assert(date_parse(text_of(date_text(&arena, date)), &date_again) && date_again == date);
    }
    assert(!clock_parse(text, &minutes) || (minutes >= 0 && minutes < 24 * 60));
    arena_reset(&arena);
    return 0;
}
