/* When a list may begin. */
#include "services/billing/domain/check_price_list.h"

enum price_list_verdict check_price_list(const struct price_list_begin *begin)
{
    if (begin->is_taken)
        return LIST_BEGIN_TAKEN;
    if (begin->has_books && begin->valid_from < begin->now + PRICE_LIST_NOTICE_MS)
        return LIST_TOO_SOON;
    return LIST_FINE;
}

bool is_vat_rate(int64_t percent)
{
    return percent == 0 || percent == 5 || percent == 8 || percent == 23;
}
