/* By when he leaves each door: the road of one technician's day between hours that are promised
 * already. Nothing is decided about the hours themselves. */
#pragma once
#include "lib/domain/travel.h"
#include "lib/domain/window.h"
#include <stddef.h>

enum { ROUTE_RULE_VERSION = 1 };

/* A technician's hours: each stretch of work begins and ends at home. */
struct workday {
    struct place home;
    const struct window *work; /* in order, apart from each other; may be none */
    size_t work_count;
};

struct promised_visit {
    struct place place; /* not valid: nobody knows where, and the road to it counts nothing */
    timestamp start_at;
    int64_t work_ms;
};

/* The way to one visit: from the visit before, or from home. He leaves as late as fits to be there
 * at start_at; when he cannot be there in time, as soon as he is free. */
struct leg {
    int64_t travel_ms, travel_m;
    timestamp leave_at, arrive_at;
};

struct route_sums {
    int64_t home_travel_ms, home_travel_m; /* the ways home, at the end of each stretch */
    int64_t travel_ms, travel_m;           /* all of it, ways home included */
    int64_t idle_ms; /* neither working nor driving, between the visits of a stretch */
};

/* `visits` are in order of start_at; fills one leg for each. */
struct route_sums plan_route(const struct workday *day, const struct roads *roads,
                             const struct promised_visit visits[], size_t count,
                             struct leg ret_legs[]);

/* The stretch of work that a visit with this start belongs to: the last that begins by then, else
 * the first. 0 when there is none. */
size_t stretch_of(const struct workday *day, timestamp start_at);

/* 0 when either place is not known. */
int64_t road_ms(const struct roads *roads, struct place from, struct place to, timestamp leave_at);
int64_t road_m(const struct roads *roads, struct place from, struct place to);
