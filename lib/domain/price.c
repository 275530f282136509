/* The one rule by which a price and a quantity become a sum. */
#include "lib/domain/price.h"

enum { UNIT = 1000 };

bool price_line(int64_t price_grosz, int64_t quantity, int64_t *ret_total_grosz)
{
    if (price_grosz < 0 || quantity < 0)
        return false;
    /* In two parts, so that only the total has to fit in 64 bits. */
    int64_t rest_grosz = price_grosz % UNIT, total_grosz;
    rest_grosz =
        rest_grosz * (quantity / UNIT) + (rest_grosz * (quantity % UNIT) + UNIT / 2) / UNIT;
    if (__builtin_mul_overflow(price_grosz / UNIT, quantity, &total_grosz) ||
        __builtin_add_overflow(total_grosz, rest_grosz, &total_grosz))
        return false;
    *ret_total_grosz = total_grosz;
    return true;
}
