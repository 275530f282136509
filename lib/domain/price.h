/* What a line of a price list costs. Written once: intake asks it before it spends the guarantee
 * sum, billing books by it, and both must come to the same grosz. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* `price_grosz` of one unit times `quantity` thousandths of a unit (1500: one and a half), rounded
 * to whole grosze, half a grosz up. False (ret untouched) when either is negative or the total does
 * not fit. */
bool price_line(int64_t price_grosz, int64_t quantity, int64_t *ret_total_grosz);
