#include "lib/base/array.h"
#include "services/billing/domain/check_price_list.h"
#include <criterion/criterion.h>

Test(check_price_list, table)
{
    const timestamp now = DAYS(20000);
    const struct {
        const char *name;
        struct price_list_begin begin;
        enum price_list_verdict verdict;
    } rows[] = {
        { "the first list may begin in the past",
          { now - DAYS(300), now, false, false },
          LIST_FINE },
        { "with books it needs an hour's notice", { now + HOURS(1), now, true, false }, LIST_FINE },
        { "a moment less is too soon", { now + HOURS(1) - 1, now, true, false }, LIST_TOO_SOON },
        { "what was booked is never priced again",
          { now - DAYS(300), now, true, false },
          LIST_TOO_SOON },
        { "two lists cannot begin together", { now + DAYS(3), now, true, true }, LIST_BEGIN_TAKEN },
        { "not even the first two", { now - DAYS(3), now, false, true }, LIST_BEGIN_TAKEN },
    };

    EACH (row, rows)
        cr_expect_eq(check_price_list(&row->begin), row->verdict, "%s", row->name);
}

Test(check_price_list, vat_rates)
{
    int count = 0;

    for (int64_t percent = -10; percent <= 110; percent++)
        count += is_vat_rate(percent);
    cr_expect_eq(count, 4);
    cr_expect(is_vat_rate(0) && is_vat_rate(5) && is_vat_rate(8) && is_vat_rate(23));
}
