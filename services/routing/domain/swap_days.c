/* The evening before, on the wall clock of Warsaw, whatever the length of the day. */
#include "services/routing/domain/swap_days.h"

int32_t first_swap_day(timestamp now)
{
    bool is_evening = civil_from_timestamp(now).hour >= SWAPS_END_HOUR;

    return date_from_timestamp(now) + (is_evening ? 2 : 1);
}
