/* The one rule by which a price and a quantity become a sum. */
#include "lib/domain/price.h"

enum { UNIT = 1000 };

bool price_line(int64_t price_grosz, int64_t quantity, int64_t *ret_total_grosz)
{
    if (price_grosz < 0 || quantity < 0)
        return false;
    /* The product of two int64 fits in 128 bits; only the total has to fit in 64. */
    __int128 total = ((__int128)price_grosz * quantity + UNIT / 2) / UNIT;
    if (total > INT64_MAX)
        return false;
    *ret_total_grosz = (int64_t)total;
    return true;
}
