/* Until when another technician may come than the one who was named: the evening before. */
#pragma once
#include "lib/domain/calendar.h"

enum { SWAPS_END_HOUR = 18 }; /* on Warsaw's clock, of the day before */

/* The first local day whose visits may still change hands. */
int32_t first_swap_day(timestamp now);
