/* Who visits whom, in which order: vehicle routing with time windows, breaks, kinds of work,
 * priorities, loads and limits. Pure: no clock but the one handed in, no input or output.
 *
 * The search is SISR (slack induction by string removals; Christiaens and Vanden Berghe,
 * Transportation Science 54, 2020): take out strings of neighbouring visits, put them back
 * greedily, accept as simulated annealing does. README.md of this folder tells how.
 *
 * Times, durations and costs are whole numbers of any one unit (seconds, milliseconds), from 0 up
 * to HORIZON. Jobs, vehicles and locations are indexes into the caller's arrays, all borrowed.
 *
 * What counts, in this order: priority served, jobs served, cost of the road (struct solution). */
#pragma once
#include "lib/base/arena.h"
#include <stdbool.h>

enum {
    NOBODY = -1,       /* no job, no vehicle, no location */
    HORIZON = 1 << 28, /* every time lies before it */
    NO_ROAD = 1 << 28, /* a duration that is never driven */
    BREAKS_MOST = 15,  /* of one vehicle */
    SEARCH_STEPS = 256 /* of the cooling */
};

struct span { /* of time, both ends included */
    int32_t from, until;
};

struct solver_break { /* without a place: may interrupt a drive, whose rest is driven after it */
    const struct span *windows; /* when it may begin; in order, apart from each other */
    int32_t window_count;       /* >= 1 */
    int32_t length;
    int64_t id; /* the caller's own */
};

/* A shipment is two jobs: what is picked up at one is carried to the other by the same vehicle. */
struct solver_job {
    int32_t location;
    int32_t kind;     /* row of `allowed` */
    int32_t priority; /* 0 .. 1000 */
    int32_t setup;    /* before the work, unless the job before was at the same location */
    int32_t work;     /* >= 0 */
    const struct span *windows; /* when setup or work may begin; in order, apart; NULL: any time */
    int32_t window_count;
    const int32_t *delivery, *pickup; /* amount_count each, >= 0; NULL: nothing. Of a shipment:
                                         what it carries is its first job's pickup */
    int32_t carried_to;               /* the job that ends a shipment; NOBODY for all others */
};

struct solver_vehicle {
    int32_t start, end;                /* locations; NOBODY: where its first or last job is */
    struct span hours;                 /* leaves not before, is at its end not after */
    int32_t kind;                      /* column of `allowed` */
    int32_t roads;                     /* which of solver_input.roads it drives by */
    const struct solver_break *breaks; /* all are taken, in this order, if it drives at all */
    int32_t break_count;
    const int32_t *capacity; /* amount_count; NULL: no limit */
    int32_t tasks_most;      /* INT32_MAX: no limit, as below */
    int32_t duration_most, distance_most;
    int32_t fixed_cost; /* if it drives at all, >= 0 */
};

/* One for each profile and pace of vehicles. Tables are location_count x location_count, row =
 * from; entries 0 .. NO_ROAD. */
struct solver_roads {
    const int32_t *durations; /* NULL: estimated between `places` (points.h) */
    const int32_t *costs;     /* NULL: the same as durations */
    const int32_t *distances; /* NULL: not known; needed only under a distance_most */
    const struct point *places;
    float per_metre; /* duration of a metre between places */
};

struct given_route { /* what a vehicle is to do by the plan there is, in order */
    const int32_t *jobs;
    int32_t count;
};

struct solver_input {
    const struct solver_job *jobs;
    const struct solver_vehicle *vehicles;
    const struct solver_roads *roads;
    const uint8_t *allowed; /* job_kinds x vehicle_kinds: 1 when that vehicle may do that job */
    int32_t job_count, vehicle_count, roads_count, location_count;
    int32_t job_kinds, vehicle_kinds, amount_count;
    const struct given_route *given; /* one per vehicle; NULL: start from nothing */
};

/* When each step of the cooling ended, in rounds. A search that is given the pace of another (and
 * as many threads) makes the same rounds and ends with the same bytes, however fast the machine. */
struct pace {
    int64_t until_round[SEARCH_STEPS];
};

struct solver_options {
    uint64_t seed;
    int64_t rounds;                   /* of taking out and putting back; when no clock is given */
    double (*elapsed)(void *context); /* share of the time that is gone, from 0; ends at 1; asked
                                         by every thread */
    void *context;
    const struct pace *paces; /* instead of rounds and clock: one for each thread */
    int32_t threads;          /* searches side by side, each on a part of the plan; 0 is 1 */
    /* Calls work(of, 0 .. count-1), each once and side by side; NULL: one after another. */
    void (*run)(void (*work)(void *of, int32_t which), void *of, int32_t count);
};

enum stop_kind { STOP_JOB, STOP_BREAK };

struct solution_stop {
    enum stop_kind kind;
    int32_t index;                       /* of the job, or of the vehicle's break */
    int32_t arrive_at, start_at, end_at; /* waits from arrive_at to start_at */
    int32_t setup;                       /* of end_at - start_at */
    int32_t driven;                      /* since leaving the start */
};

struct solution_route { /* of one vehicle; without stops it stays where it is and all is 0 */
    struct solution_stop *stops;
    int32_t count;
    int32_t leave_at, home_at; /* leaves as late as it can without being home later */
    int32_t driven;
    int64_t cost; /* of the road, and the fixed one */
};

struct solution {
    struct solution_route *routes; /* one per vehicle */
    int32_t *left_out;             /* jobs, ascending */
    int32_t left_out_count;
    int64_t left_out_priority, cost;
    int64_t rounds, looks; /* rounds of the search; places at which a job was priced */
    struct pace *paces;    /* one for each thread */
};

/* Plans the days; memory comes from the arena. Keeps every window, break, kind, load and limit;
 * what does not fit is left out. Is never worse than the given plan; what of it does not hold is
 * planned anew. */
struct solution solve(struct arena *arena, const struct solver_input *input,
                      const struct solver_options *options);

int solution_compare(const struct solution *a, const struct solution *b); /* < 0: a is better */
