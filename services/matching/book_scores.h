/* What surveys said of each technician, also of those who have no day in memory yet. */
#pragma once
#include <stdint.h>

struct survey_score {
    int64_t answers, sum;
};

/* Fewer answers than known are ignored. */
void scores_keep(const char *technician_id, struct survey_score score);
struct survey_score scores_of(const char *technician_id); /* zeroes: nothing is known */
