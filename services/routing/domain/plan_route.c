/* Legs one by one; the latest departure is found by halving, because roads are FIFO. */
#include "services/routing/domain/plan_route.h"
#include <assert.h>

int64_t road_ms(const struct roads *roads, struct place from, struct place to, timestamp leave_at)
{
    return place_valid(from) && place_valid(to)
               ? roads_ms(roads, roads_way(roads, from, to), leave_at)
               : 0;
}

int64_t road_m(const struct roads *roads, struct place from, struct place to)
{
    return place_valid(from) && place_valid(to) ? roads_way(roads, from, to).m : 0;
}

size_t stretch_of(const struct workday *day, timestamp start_at)
{
    size_t stretch = 0;

    while (stretch + 1 < day->work_count && day->work[stretch + 1].from <= start_at)
        stretch++;
    return stretch;
}

/* The latest moment of [free_at, start_at] from which he is there in time; free_at when none is. */
static timestamp latest_departure(const struct roads *roads, struct place from, struct place to,
                                  timestamp free_at, timestamp start_at)
{
    timestamp fits = free_at, fails = start_at + 1;

    if (free_at > start_at || free_at + road_ms(roads, from, to, free_at) > start_at)
        return free_at;
    while (fails - fits > 1) {
        timestamp middle = fits + (fails - fits) / 2;
        if (middle + road_ms(roads, from, to, middle) <= start_at)
            fits = middle;
        else
            fails = middle;
    }
    return fits;
}

static struct leg plan_leg(const struct roads *roads, struct place from,
                           const struct promised_visit *visit, timestamp free_at)
{
    timestamp leave_at = latest_departure(roads, from, visit->place, free_at, visit->start_at);
    int64_t ms = road_ms(roads, from, visit->place, leave_at);

    return (struct leg){
        .travel_ms = ms,
        .travel_m = road_m(roads, from, visit->place),
        .leave_at = leave_at,
        .arrive_at = leave_at + ms,
    };
}

static void add_way_home(const struct workday *day, const struct roads *roads, struct place from,
                         timestamp leave_at, struct route_sums *sums)
{
    int64_t ms = road_ms(roads, from, day->home, leave_at), m = road_m(roads, from, day->home);

    sums->home_travel_ms += ms;
    sums->home_travel_m += m;
    sums->travel_ms += ms;
    sums->travel_m += m;
}

/* The first visit of a stretch: he comes from home, and is free when the stretch begins. */
static timestamp begin_stretch(const struct workday *day, size_t stretch,
                               const struct promised_visit *visit, struct place *ret_at)
{
    *ret_at = day->home;
    /* Without hours of work nothing says when he may leave: a day before is always enough. */
    return day->work_count ? day->work[stretch].from : visit->start_at - DAYS(1);
}

struct route_sums plan_route(const struct workday *day, const struct roads *roads,
                             const struct promised_visit visits[], size_t count,
                             struct leg ret_legs[])
{
    struct route_sums sums = { 0 };
    struct place at = day->home;

    for (size_t i = 0; i < count; i++) {
        const struct promised_visit *visit = &visits[i];
        size_t stretch = stretch_of(day, visit->start_at);
        bool is_first = i == 0 || stretch_of(day, visits[i - 1].start_at) != stretch;
        timestamp done_at = i ? visits[i - 1].start_at + visits[i - 1].work_ms : 0;
        timestamp free_at = done_at;

        assert(i == 0 || visits[i - 1].start_at <= visit->start_at);
        if (is_first && i)
            add_way_home(day, roads, at, done_at, &sums);
        if (is_first)
            free_at = begin_stretch(day, stretch, visit, &at);
        ret_legs[i] = plan_leg(roads, at, visit, free_at);
        sums.travel_ms += ret_legs[i].travel_ms;
        sums.travel_m += ret_legs[i].travel_m;
        int64_t idle_ms = visit->start_at - free_at - ret_legs[i].travel_ms;
        if (!is_first && idle_ms > 0)
            sums.idle_ms += idle_ms;
        if (place_valid(visit->place))
            at = visit->place;
    }
    if (count)
        add_way_home(day, roads, at, visits[count - 1].start_at + visits[count - 1].work_ms, &sums);
    return sums;
}
