/* Rules of shifts as anybody may write them: what passes names days in order, from its first day
 * on, the same ones whether a year is asked for at once or in two parts. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "services/workforce/domain/check_rule.h"
#include "services/workforce/recurrence.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TODAY = 20780, YEAR = 366 };

static void check_days(struct arena *arena, const struct shift_pattern *pattern, int32_t from)
{
    struct shift_pattern whole = *pattern, first = *pattern, second = *pattern;

    find_rule_days(arena, &whole, 1, from, from + YEAR);
    find_rule_days(arena, &first, 1, from, from + YEAR / 2);
    find_rule_days(arena, &second, 1, from + YEAR / 2 + 1, from + YEAR);
    assert(first.day_count + second.day_count == whole.day_count);
    for (size_t i = 0; i < whole.day_count; i++) {
        assert(whole.days[i] >= pattern->starts_on && whole.days[i] >= from);
        assert(i == 0 || whole.days[i - 1] < whole.days[i]);
        assert(whole.days[i] ==
               (i < first.day_count ? first.days[i] : second.days[i - first.day_count]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct text rule = { (const char *)bytes, size };
    struct shift_pattern pattern = { .starts_on = TODAY + (int32_t)(size % YEAR) };
    int32_t first_day;

    if (rule_fault(rule))
        return 0;
    pattern.rrule = arena_text(&arena, rule);
    if (first_rule_day(&pattern, &first_day)) {
        assert(first_day >= pattern.starts_on);
        pattern.starts_on = first_day;
        check_days(&arena, &pattern, TODAY);
        check_days(&arena, &pattern, first_day + YEAR);
    }
    arena_reset(&arena);
    return 0;
}
