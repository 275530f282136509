/* Timers of the loop. Times are monotonic. */
#pragma once
#include "lib/service/loop.h"

void sweeps_run(int64_t now_ms);
int64_t sweeps_next_ms(void);
