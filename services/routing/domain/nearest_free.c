/* One lib/schedule day per stretch of work; each order asks all of them. */
#include "services/routing/domain/nearest_free.h"
#include "lib/domain/skill.h"
#include "lib/schedule/day.h"
#include <stdlib.h>

enum { STOPS_MOST = 48, GRID_MS = 15 * 60 * 1000 };

struct stretch {
    struct day day;
    int32_t technician;
    uint64_t skills;
};

struct candidate {
    struct stretch *stretch;
    timestamp start_at;
    int64_t way_m; /* from where he last was */
};

struct arrival {
    const struct arriving_order *order;
    size_t index;
};

static int by_number(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_degrees(double a, double b)
{
    return a < b ? -1 : a > b;
}

/* Orders that are alike in all of this may be given out in either order. */
static int by_arrival(const void *left, const void *right)
{
    const struct arriving_order *a = ((const struct arrival *)left)->order;
    const struct arriving_order *b = ((const struct arrival *)right)->order;
    const int orders[] = {
        by_number(a->opened_at, b->opened_at),
        by_number(a->first_start_at, b->first_start_at),
        by_number(a->last_start_at, b->last_start_at),
        by_number(a->work_ms, b->work_ms),
        by_degrees(a->place.lat, b->place.lat),
        by_degrees(a->place.lon, b->place.lon),
        by_number((int64_t)(a->skills >> 1), (int64_t)(b->skills >> 1)),
        by_number((int64_t)(a->skills & 1), (int64_t)(b->skills & 1)),
    };

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (orders[i])
            return orders[i];
    return 0;
}

static struct stretch *stretches_of(struct arena *arena, const struct free_technician technicians[],
                                    size_t count, size_t *ret_count)
{
    size_t room = 0, used = 0;

    for (size_t i = 0; i < count; i++)
        room += technicians[i].work_count;
    struct stretch *stretches = ARENA_ARRAY(arena, struct stretch, room);
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < technicians[i].work_count; w++)
            stretches[used++] = (struct stretch){
                .day = { .shift = technicians[i].work[w],
                         .start = technicians[i].home,
                         .end = technicians[i].home,
                         .stops = ARENA_ARRAY(arena, struct stop, STOPS_MOST),
                         .capacity = STOPS_MOST },
                .technician = (int32_t)i,
                .skills = technicians[i].skills,
            };
    *ret_count = used;
    return stretches;
}

static struct place last_place(const struct day *day, timestamp at)
{
    struct place place = day->start;

    for (size_t i = 0; i < day->count && day->stops[i].start_at < at; i++)
        place = day->stops[i].place;
    return place;
}

static bool is_nearer(const struct candidate *a, const struct candidate *b)
{
    return a->start_at != b->start_at ? a->start_at < b->start_at : a->way_m < b->way_m;
}

static struct candidate nearest(struct stretch stretches[], size_t count, const struct roads *roads,
                                const struct arriving_order *order)
{
    struct day_job job = { order->place, order->work_ms };
    struct window starts = { order->first_start_at, order->last_start_at + 1 };
    struct candidate best = { 0 };

    for (size_t i = 0; i < count; i++) {
        struct stretch *stretch = &stretches[i];
        struct day_start start;
        if (stretch->day.count == stretch->day.capacity ||
            !skills_include(stretch->skills, order->skills) ||
            !day_starts(&stretch->day, roads, &job, starts, GRID_MS, &start, 1))
            continue;
        struct place from = last_place(&stretch->day, start.start_at);
        struct candidate candidate = { stretch, start.start_at,
                                       roads_way(roads, from, order->place).m };
        if (!best.stretch || is_nearer(&candidate, &best))
            best = candidate;
    }
    return best;
}

int64_t nearest_free(struct arena *arena, const struct roads *roads,
                     const struct arriving_order orders[], size_t order_count,
                     const struct free_technician technicians[], size_t technician_count,
                     struct assignment ret_assignments[])
{
    struct arrival *arrivals = ARENA_ARRAY(arena, struct arrival, order_count);
    size_t stretch_count;
    struct stretch *stretches = stretches_of(arena, technicians, technician_count, &stretch_count);
    int64_t driven_m = 0;

    for (size_t i = 0; i < order_count; i++)
        arrivals[i] = (struct arrival){ &orders[i], i };
    if (order_count)
        qsort(arrivals, order_count, sizeof *arrivals, by_arrival);
    for (size_t i = 0; i < order_count; i++) {
        const struct arriving_order *order = arrivals[i].order;
        struct candidate best = nearest(stretches, stretch_count, roads, order);
        ret_assignments[arrivals[i].index] =
            (struct assignment){ best.stretch ? best.stretch->technician : NOBODY_FREE,
                                 best.start_at };
        if (best.stretch)
            day_insert(&best.stretch->day, &(struct stop){ .start_at = best.start_at,
                                                           .work_ms = order->work_ms,
                                                           .place = order->place });
    }
    for (size_t i = 0; i < stretch_count; i++)
        driven_m += day_cost(&stretches[i].day, roads).travel_m;
    return driven_m;
}
