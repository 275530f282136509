/* Matching's book of a day in the words of our decisions. */
#pragma once
#include "proto/matching.pb-c.h"
#include "services/routing/domain/region_day.h"

struct place place_of(const Place *place); /* NULL: a place that is not valid */
/* His stretches of work in order, apart from each other; none when he is not active. */
struct workday workday_of(struct arena *arena, const TechnicianDay *day);
/* Skills whose papers, where the law asks for some, are valid from the day's first moment to its
 * last. */
uint64_t skills_on_day(const TechnicianDay *day);

/* All its visits by start_at, then id. The array lives in `arena`, the visits are the message's. */
Visit **visits_by_start(struct arena *arena, const TechnicianDay *day);
/* Promised or done: what he drives to. A hold is no promise. */
bool is_on_route(const Visit *visit);

/* `under_way` are visits that have begun: they stay with their technician, like holds. The region's
 * technicians are in the order of `days`, its visits in that of visits_by_start. */
struct region_day read_region(struct arena *arena, TechnicianDay *const days[], size_t day_count,
                              const char *const under_way[], size_t under_way_count);
