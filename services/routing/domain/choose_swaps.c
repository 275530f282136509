/* Each wanted move is tried with the moves it needs: who stands in its way goes where he is wanted,
 * or takes the place that has become free. The chain that saves most is taken, then all are tried
 * again on what is left. */
#include "services/routing/domain/choose_swaps.h"
#include "lib/domain/skill.h"
#include "lib/schedule/day.h"
#include <assert.h>
#include <stdlib.h>

struct chooser {
    const struct region_day *region;
    const struct roads *roads;
    const int32_t *wanted;
    int32_t *now;       /* technician of each visit, moves taken so far included */
    int32_t *by_start;  /* the region's visits */
    bool *is_settled;   /* moved already: once is enough for its customer */
    struct stop *stops; /* of the day being looked at */
    struct promised_visit *visits;
    struct leg *legs;
};

/* Where those go who stand in the way. */
enum policy { AS_WANTED, IN_EXCHANGE, POLICIES };

/* Moves that only hold together. */
struct chain {
    struct swap moves[SWAPS_MOST];
    int32_t count;
    int64_t saved_ms, saved_m;
};

/* By skill, papers and distance from home. */
static bool may_take_over(const struct region_day *region, const struct roads *roads,
                          int32_t technician, int32_t visit)
{
    const struct region_technician *who = &region->technicians[technician];
    const struct region_visit *what = &region->visits[visit];

    return skills_include(who->skills, what->skills) &&
           (!who->longest_travel_m ||
            road_m(roads, who->home, what->place) <= who->longest_travel_m);
}

static const struct swap *move_of(const struct chain *chain, int32_t visit)
{
    for (int32_t i = 0; chain && i < chain->count; i++)
        if (chain->moves[i].visit == visit)
            return &chain->moves[i];
    return NULL;
}

/* The technician's visits by start, when the chain (may be NULL) is taken. */
static size_t gather(struct chooser *chooser, const struct chain *chain, int32_t technician)
{
    const struct region_day *region = chooser->region;
    size_t count = 0;

    for (int32_t i = 0; i < region->visit_count; i++) {
        int32_t visit = chooser->by_start[i];
        const struct swap *move = move_of(chain, visit);
        if ((move ? move->to : chooser->now[visit]) != technician)
            continue;
        const struct region_visit *found = &region->visits[visit];
        chooser->visits[count] =
            (struct promised_visit){ found->place, found->start_at, found->work_ms };
        chooser->stops[count++] = (struct stop){ .start_at = found->start_at,
                                                 .work_ms = found->work_ms,
                                                 .place = found->place };
    }
    return count;
}

/* Every stretch of work holds, and every visit lies whole in one. */
static bool day_holds(struct chooser *chooser, const struct chain *chain, int32_t technician)
{
    const struct region_technician *who = &chooser->region->technicians[technician];
    struct workday workday = { who->home, who->work, (size_t)who->work_count };
    size_t count = gather(chooser, chain, technician), first = 0;

    for (size_t i = 0; i < count; i++)
        if (!who->work_count || !place_valid(chooser->stops[i].place))
            return false;
    for (size_t stretch = 0; stretch < workday.work_count; stretch++) {
        size_t next = first;
        while (next < count && stretch_of(&workday, chooser->stops[next].start_at) == stretch)
            next++;
        struct day day = { .shift = workday.work[stretch],
                           .start = who->home,
                           .end = who->home,
                           .stops = chooser->stops + first,
                           .count = next - first,
                           .capacity = next - first };
        if (day_check(&day, chooser->roads).fit != FIT_YES)
            return false;
        first = next;
    }
    return true;
}

static struct route_sums day_sums(struct chooser *chooser, const struct chain *chain,
                                  int32_t technician)
{
    const struct region_technician *who = &chooser->region->technicians[technician];
    struct workday workday = { who->home, who->work, (size_t)who->work_count };
    size_t count = gather(chooser, chain, technician);

    return plan_route(&workday, chooser->roads, chooser->visits, count, chooser->legs);
}

static int64_t apart_ms(const struct region_visit *a, const struct region_visit *b)
{
    return a->start_at > b->start_at ? a->start_at - b->start_at : b->start_at - a->start_at;
}

/* Where a visit goes that stands in the way of `move`; -1 when it cannot go there. */
static int32_t way_out(const struct chooser *chooser, enum policy policy, const struct swap *move,
                       int32_t visit)
{
    int32_t to = policy == AS_WANTED ? chooser->wanted[visit] : chooser->now[move->visit];

    if (to == move->to || chooser->is_settled[visit] || chooser->region->visits[visit].is_pinned ||
        !may_take_over(chooser->region, chooser->roads, to, visit))
        return -1;
    return to;
}

/* The visit of that technician nearest in time to the one that moves in, and can move out. */
static struct swap make_room(const struct chooser *chooser, const struct chain *chain,
                             enum policy policy, const struct swap *move)
{
    const struct region_visit *visits = chooser->region->visits;
    int64_t nearest_ms = INT64_MAX;
    struct swap nearest = { .visit = -1 };

    for (int32_t v = 0; v < chooser->region->visit_count; v++) {
        int64_t ms = apart_ms(&visits[v], &visits[move->visit]);
        if (chooser->now[v] != move->to || ms >= nearest_ms || move_of(chain, v))
            continue;
        int32_t to = way_out(chooser, policy, move, v);
        if (to < 0)
            continue;
        nearest_ms = ms;
        nearest = (struct swap){ v, to };
    }
    return nearest;
}

/* Grows the chain until every day that takes somebody in holds; false when it cannot. */
static bool complete(struct chooser *chooser, enum policy policy, int32_t most, struct chain *chain)
{
    for (int32_t i = 0; i < chain->count;) {
        if (day_holds(chooser, chain, chain->moves[i].to)) {
            i++;
            continue;
        }
        struct swap leaving = make_room(chooser, chain, policy, &chain->moves[i]);
        if (leaving.visit < 0 || chain->count == most)
            return false;
        chain->moves[chain->count++] = leaving;
    }
    return true;
}

/* The days the chain touches, each once. */
static int32_t touched(const struct chooser *chooser, const struct chain *chain,
                       int32_t ret_technicians[2 * SWAPS_MOST])
{
    int32_t count = 0;

    for (int32_t i = 0; i < 2 * chain->count; i++) {
        const struct swap *move = &chain->moves[i / 2];
        int32_t technician = i % 2 ? move->to : chooser->now[move->visit], k = 0;
        while (k < count && ret_technicians[k] != technician)
            k++;
        if (k == count)
            ret_technicians[count++] = technician;
    }
    return count;
}

/* What the chain saves; false when a day it touches would not hold. */
static bool weigh(struct chooser *chooser, struct chain *chain)
{
    int32_t technicians[2 * SWAPS_MOST];
    int32_t count = touched(chooser, chain, technicians);

    for (int32_t i = 0; i < count; i++) {
        struct route_sums before = day_sums(chooser, NULL, technicians[i]);
        struct route_sums after = day_sums(chooser, chain, technicians[i]);
        if (!day_holds(chooser, chain, technicians[i]))
            return false;
        chain->saved_ms += before.travel_ms - after.travel_ms;
        chain->saved_m += before.travel_m - after.travel_m;
    }
    return chain->saved_ms >= chain->count * (int64_t)LEAST_SAVED_PER_SWAP_MS;
}

static bool may_move(const struct chooser *chooser, int32_t visit)
{
    int32_t to = chooser->wanted[visit];

    return to != chooser->now[visit] && !chooser->region->visits[visit].is_pinned &&
           may_take_over(chooser->region, chooser->roads, to, visit);
}

static bool saves_more(const struct chain *a, const struct chain *b)
{
    return a->saved_ms != b->saved_ms ? a->saved_ms > b->saved_ms : a->saved_m > b->saved_m;
}

static struct chain best_chain(struct chooser *chooser, int32_t most)
{
    struct chain best = { 0 };

    for (int32_t visit = 0; visit < chooser->region->visit_count; visit++) {
        if (chooser->wanted[visit] == chooser->now[visit] || chooser->is_settled[visit])
            continue;
        for (enum policy policy = 0; policy < POLICIES; policy++) {
            struct chain chain = { .moves = { { visit, chooser->wanted[visit] } }, .count = 1 };
            if (complete(chooser, policy, most, &chain) && weigh(chooser, &chain) &&
                (!best.count || saves_more(&chain, &best)))
                best = chain;
        }
    }
    return best;
}

struct started {
    timestamp start_at;
    int32_t visit;
};

static int by_start(const void *left, const void *right)
{
    const struct started *a = left, *b = right;

    if (a->start_at != b->start_at)
        return a->start_at < b->start_at ? -1 : 1;
    return a->visit < b->visit ? -1 : a->visit > b->visit;
}

static int32_t *sorted_by_start(struct arena *arena, const struct region_day *region)
{
    size_t count = (size_t)region->visit_count;
    struct started *started = ARENA_ARRAY(arena, struct started, count);
    int32_t *sorted = ARENA_ARRAY(arena, int32_t, count);

    for (int32_t v = 0; v < region->visit_count; v++)
        started[v] = (struct started){ region->visits[v].start_at, v };
    if (count)
        qsort(started, count, sizeof *started, by_start);
    for (size_t i = 0; i < count; i++)
        sorted[i] = started[i].visit;
    return sorted;
}

static struct chooser *chooser_new(struct arena *arena, const struct region_day *region,
                                   const struct roads *roads, const int32_t wanted[])
{
    struct chooser *chooser = ARENA_NEW(arena, struct chooser);
    size_t count = (size_t)region->visit_count;
    int32_t *allowed = ARENA_ARRAY(arena, int32_t, count);

    *chooser = (struct chooser){
        .region = region,
        .roads = roads,
        .wanted = allowed,
        .now = ARENA_ARRAY(arena, int32_t, count),
        .by_start = sorted_by_start(arena, region),
        .is_settled = ARENA_ARRAY(arena, bool, count),
        .stops = ARENA_ARRAY(arena, struct stop, count),
        .visits = ARENA_ARRAY(arena, struct promised_visit, count),
        .legs = ARENA_ARRAY(arena, struct leg, count),
    };
    for (int32_t v = 0; v < region->visit_count; v++)
        chooser->now[v] = region->visits[v].technician;
    for (int32_t v = 0; v < region->visit_count; v++) {
        allowed[v] = wanted[v] < 0 ? chooser->now[v] : wanted[v];
        assert(allowed[v] < region->technician_count);
        if (!may_move(chooser, v))
            allowed[v] = chooser->now[v];
    }
    return chooser;
}

struct swaps choose_swaps(struct arena *arena, const struct region_day *region,
                          const struct roads *roads, const int32_t wanted[])
{
    struct chooser *chooser = chooser_new(arena, region, roads, wanted);
    struct swaps swaps = { 0 };

    while (swaps.count < SWAPS_MOST) {
        struct chain chain = best_chain(chooser, SWAPS_MOST - swaps.count);
        if (!chain.count)
            break;
        for (int32_t i = 0; i < chain.count; i++) {
            chooser->now[chain.moves[i].visit] = chain.moves[i].to;
            chooser->is_settled[chain.moves[i].visit] = true;
            swaps.at[swaps.count++] = chain.moves[i];
        }
        swaps.saved_travel_ms += chain.saved_ms;
        swaps.saved_travel_m += chain.saved_m;
    }
    return swaps.saved_travel_ms >= region->worth_ms ? swaps : (struct swaps){ 0 };
}
