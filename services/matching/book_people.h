/* What others told of each technician, also of those who have no day in memory yet: surveys'
 * answers, and what lies free in his van. */
#pragma once
#include "proto/parts.pb-c.h"
#include "services/matching/domain/roster.h"

struct survey_score {
    int64_t answers, sum;
};

/* Fewer answers than known are ignored. */
void scores_keep(const char *technician_id, struct survey_score score);
struct survey_score scores_of(const char *technician_id); /* zeroes: nothing is known */

/* Older versions than the known one are ignored. */
void vans_keep(const VanStock *van);
/* Empty: nothing is known. Valid until the next vans_keep for him. */
struct van_parts van_of(const char *technician_id);
