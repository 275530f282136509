/* Timers of the loop. Times are monotonic. */
#pragma once
#include "lib/service/loop.h"

void sweeps_run(int64_t now_ms);
int64_t sweeps_next_ms(void);
/* The rows of `query`, which is asked with suite time and machine time and stands behind no wall;
 * until rows_free_all. */
struct error look_as_timer(struct rows *rows, const struct query *query);

/* ---- figures.c ---- */
void figures_of_loop(void);       /* what waits, every second */
void figures_run(int64_t now_ms); /* what is looked at less often, when it is due */
