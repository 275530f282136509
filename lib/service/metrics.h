/* Between the files that count and the one that writes /metrics: what is counted in steps. Only
 * files of lib/service include this. */
#pragma once
#include "lib/service/service.h"

/* Histograms are the loop's alone; families in metrics.c. */
enum histogram { HTTP_SECONDS, TURN_SECONDS, BATCH_SECONDS, BATCH_TURNS, CALL_SECONDS };

/* `label` as in metric_add. Any thread. */
void metric_observe(enum histogram family, const char *label, double value);
double metric_clock(void); /* seconds, monotonic; for differences */

extern const struct metric_kind common_metrics[];
