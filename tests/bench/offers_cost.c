/* One more visit into a full day of 1,000 technicians and 5,000 visits, all starts of the day, with
 * breaks: what one question takes in memory. Prints a line of JSON for bench.py. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/routing/solver/offers.h"
#include "services/routing/solver/points.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    TECHNICIANS = 1000,
    VISITS = 5000,
    QUESTIONS = 2000,
    SKILLS = 8,
    HOUR = 3600,
    QUARTER = HOUR / 4,
    DAY = 24 * HOUR
};

struct day {
    struct solver_job jobs[VISITS + 1];
    struct span windows[VISITS + 1], rests[TECHNICIANS];
    struct solver_vehicle vehicles[TECHNICIANS];
    struct solver_break breaks[TECHNICIANS];
    struct point places[TECHNICIANS + VISITS + 1];
    uint8_t allowed[SKILLS << SKILLS];
    struct solver_roads roads;
    struct solver_input input;
};

/* Anywhere within 20 km of Warsaw's middle. */
static struct point random_place(struct random *random)
{
    return point_at(52.05 + (double)random_below(random, 36000) / 1e5,
                    20.72 + (double)random_below(random, 58000) / 1e5);
}

static void random_visit(struct random *random, struct day *day, int32_t j)
{
    int32_t from = (int32_t)random_between(random, 7, 18) * HOUR;

    day->places[TECHNICIANS + j] = random_place(random);
    day->windows[j] = (struct span){ from, from + 2 * HOUR };
    day->jobs[j] = (struct solver_job){
        .location = TECHNICIANS + j,
        .kind = (int32_t)random_below(random, SKILLS),
        .work = (int32_t)random_between(random, 2, 6) * QUARTER,
        .windows = &day->windows[j],
        .window_count = 1,
        .carried_to = NOBODY,
    };
}

static void random_technician(struct random *random, struct day *day, int32_t v)
{
    int32_t from = (int32_t)random_between(random, 6, 10) * HOUR;

    day->places[v] = random_place(random);
    day->rests[v] = (struct span){ from + 3 * HOUR, from + 5 * HOUR };
    day->breaks[v] = (struct solver_break){ &day->rests[v], 1, HOUR / 2, 1 };
    day->vehicles[v] = (struct solver_vehicle){
        .start = v,
        .end = v,
        .hours = { from, from + 10 * HOUR },
        .kind = (int32_t)(random_below(random, 1 << SKILLS) | 1 << random_below(random, SKILLS)),
        .breaks = &day->breaks[v],
        .break_count = 1,
        .tasks_most = INT32_MAX,
        .duration_most = INT32_MAX,
        .distance_most = INT32_MAX,
    };
}

static void make_day(struct day *day)
{
    struct random random = { 42 };

    for (int32_t v = 0; v < TECHNICIANS; v++)
        random_technician(&random, day, v);
    for (int32_t j = 0; j <= VISITS; j++)
        random_visit(&random, day, j);
    for (int32_t skill = 0; skill < SKILLS; skill++)
        for (int32_t set = 0; set < 1 << SKILLS; set++)
            day->allowed[(skill << SKILLS) + set] = (set >> skill) & 1;
    day->roads = (struct solver_roads){ .places = day->places, .per_metre = 1.35F / 10 };
    day->input = (struct solver_input){
        .jobs = day->jobs,
        .vehicles = day->vehicles,
        .roads = &day->roads,
        .allowed = day->allowed,
        .job_count = VISITS,
        .vehicle_count = TECHNICIANS,
        .roads_count = 1,
        .location_count = TECHNICIANS + VISITS + 1,
        .job_kinds = SKILLS,
        .vehicle_kinds = 1 << SKILLS,
    };
}

/* The solver's own plan is the one that stands; the job behind the last is the one asked about. */
static struct standing *stand(struct arena *arena, struct day *day, int32_t *ret_planned)
{
    const struct solver_options options = { .seed = 1, .rounds = 20000 };
    struct solution solution = solve(arena, &day->input, &options);
    struct given_route *given = ARENA_ARRAY(arena, struct given_route, TECHNICIANS);

    *ret_planned = VISITS - solution.left_out_count;
    for (int32_t v = 0; v < TECHNICIANS; v++) {
        const struct solution_route *route = &solution.routes[v];
        int32_t *jobs = ARENA_ARRAY(arena, int32_t, (size_t)route->count + 1);
        for (int32_t i = 0; i < route->count; i++)
            if (route->stops[i].kind == STOP_JOB)
                jobs[given[v].count++] = route->stops[i].index;
        given[v].jobs = jobs;
    }
    day->input.given = given;
    day->input.job_count = VISITS + 1;
    return standing_new(arena, &day->input);
}

static double now_us(void)
{
    struct timespec at;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(void)
{
    static struct day day;
    static double took_us[QUESTIONS];
    const struct starts starts = { 0, QUARTER, DAY / QUARTER };
    struct offer offers[DAY / QUARTER];
    struct random random = { 7 };
    struct arena arena = { 0 };
    int32_t planned;
    int64_t offered = 0;

    make_day(&day);
    struct standing *standing = stand(&arena, &day, &planned);
    for (int32_t i = 0; i < QUESTIONS; i++) {
        random_visit(&random, &day, VISITS);
        double from = now_us();
        standing_offers(standing, VISITS, &starts, offers);
        took_us[i] = now_us() - from;
        EACH (offer, offers)
            offered += offer->vehicle != NOBODY;
    }
    qsort(took_us, QUESTIONS, sizeof took_us[0], compare);
    printf("{\"technicians\": %d, \"visits\": %d, \"questions\": %d, \"starts_offered\": %lld, "
           "\"p50_us\": %.1f, \"p99_us\": %.1f, \"most_us\": %.1f}\n",
           TECHNICIANS, planned, QUESTIONS, (long long)offered / QUESTIONS, took_us[QUESTIONS / 2],
           took_us[QUESTIONS * 99 / 100], took_us[QUESTIONS - 1]);
    arena_done(&arena);
    return 0;
}
