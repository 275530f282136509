/* Small random neighbourhoods for tests: days that hold, in and around Warsaw. */
#pragma once
#include "lib/domain/random.h"
#include "services/routing/domain/region_day.h"

enum { RANDOM_TECHNICIANS = 5, RANDOM_VISITS = RANDOM_TECHNICIANS * 5 };

struct random_region {
    struct region_technician technicians[RANDOM_TECHNICIANS];
    struct region_visit visits[RANDOM_VISITS];
    struct region_day region; /* points into itself */
};

static inline struct place random_place(struct random *random)
{
    return (struct place){ 52.1 + (double)random_below(random, 250) / 1000,
                           20.8 + (double)random_below(random, 400) / 1000 };
}

static inline void random_technician(struct random *random, timestamp morning,
                                     struct region_technician *technician)
{
    *technician = (struct region_technician){
        .home = random_place(random),
        .work = { { morning, morning + HOURS(13) } },
        .work_count = 1,
        .skills = (uint64_t)random_between(random, 1, 7),
        .longest_travel_m = random_below(random, 4) ? 0 : 25000,
    };
}

/* Visits are far enough from each other in time that each day holds. */
static inline void random_region(uint64_t seed, struct random_region *made)
{
    struct random random = { seed };
    timestamp morning = 1795503600000; /* Tuesday, 24 November 2026, 08:00 in Warsaw */
    int32_t count = 0;

    for (int32_t t = 0; t < RANDOM_TECHNICIANS; t++) {
        timestamp at = morning + MINUTES(110) + MINUTES(random_below(&random, 60));
        random_technician(&random, morning, &made->technicians[t]);
        for (int64_t left = random_between(&random, 0, 4); left > 0; left--) {
            uint64_t skills = made->technicians[t].skills & (uint64_t)random_between(&random, 1, 7);
            made->visits[count++] = (struct region_visit){
                .place = random_place(&random),
                .start_at = at,
                .work_ms = MINUTES(random_between(&random, 20, 40)),
                .skills = skills,
                .technician = t,
                .is_pinned = random_below(&random, 8) == 0,
            };
            at += MINUTES(140);
        }
    }
    made->region = (struct region_day){
        made->technicians, made->visits, RANDOM_TECHNICIANS, count, .rounds = 200,
    };
}
