/* When the end of a licence is told, so that nobody is surprised by it. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

/* Days before the end at which it is told; the end itself is 0. */
enum { LICENCE_NOT_YET = 1000 };

/* The latest reminder whose time has come: 45, 14, 3, 0, or LICENCE_NOT_YET. One that was slept
 * through is not made up for. */
int licence_stage(timestamp valid_until, timestamp now);
/* Days that are left, begun ones counted; 0 when it has ended. */
int licence_days_left(timestamp valid_until, timestamp now);
