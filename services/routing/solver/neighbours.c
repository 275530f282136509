/* Lists of neighbours. Nearness is road plus a fifth of the waiting that the windows force. */
#include "services/routing/solver/neighbours.h"
#include "services/routing/solver/nearest.h"
#include "services/routing/solver/tree.h"

enum {
    AROUND_MOST = 100,
    BESIDE_MOST = 45,
    LARGE_FIRST = 25, /* of more than LARGE jobs: what is looked at has to stay in the cache, */
    LARGE_MOST = 60,  /* unless there is time for all of it */
    LARGE = 700,
    HOMES_MOST = 24,
    KINDS_COMPARED = 100000000, /* pairs of kinds of jobs, times kinds of vehicles */
    WAIT_SHARE = 5              /* one in so many counts */
};

struct lists {
    const struct plan *plan;
    struct tree jobs, teams;
    const int32_t *others, *near_teams; /* of the job in hand: who may be on its lists */
    int32_t other_count, near_team_count;
    uint64_t *keys; /* scratch, one per job or vehicle */
    uint8_t *meets; /* kinds of jobs that some vehicle may do both; NULL: not known */
};

static int32_t job_to_job(const struct lists *lists, int32_t from, int32_t to)
{
    const struct plan *plan = lists->plan;

    return duration_between(plan, &plan->input->roads[0], plan->input->jobs[from].location,
                            plan->input->jobs[to].location);
}

static bool can_share(const struct lists *lists, int32_t a, int32_t b)
{
    const struct solver_input *input = lists->plan->input;

    return !lists->meets ||
           lists->meets[input->jobs[a].kind * input->job_kinds + input->jobs[b].kind];
}

/* -1: the second cannot come right behind the first. */
static int64_t key_behind(const struct lists *lists, int32_t from, int32_t to, int32_t duration)
{
    const struct needs *a = &lists->plan->needs[from], *b = &lists->plan->needs[to];
    int64_t wait = (int64_t)b->open - a->close - a->work - duration;

    if ((int64_t)a->open + a->work + duration > b->close || duration >= NO_ROAD)
        return -1;
    return (int64_t)duration * WAIT_SHARE + (wait > 0 ? wait : 0);
}

static int64_t key_around(const struct lists *lists, int32_t a, int32_t b)
{
    int64_t there = key_behind(lists, a, b, job_to_job(lists, a, b));
    int64_t back = key_behind(lists, b, a, job_to_job(lists, b, a));

    if (there < 0)
        return back;
    return back < 0 || there < back ? there : back;
}

static void list_around(struct lists *lists, int32_t job, int32_t most, int32_t ret_list[])
{
    int32_t kept = 0;

    for (int32_t i = 0; i < lists->other_count; i++) {
        int32_t other = lists->others[i];
        if (other == job || !can_share(lists, job, other))
            continue;
        int64_t key = key_around(lists, job, other);
        if (key >= 0)
            lists->keys[kept++] = keyed(key, other);
    }
    kept = nearest(lists->keys, kept, most);
    for (int32_t i = 0; i < most; i++)
        ret_list[i] = i < kept ? index_of(lists->keys[i]) : NOBODY;
}

/* Of those who may come right before the job, or right behind it; how many. */
static int32_t key_beside(struct lists *lists, int32_t job, bool is_before)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < lists->other_count; i++) {
        int32_t other = lists->others[i];
        int32_t from = is_before ? other : job, to = is_before ? job : other;
        if (other == job || !can_share(lists, job, other))
            continue;
        int64_t key = key_behind(lists, from, to, job_to_job(lists, from, to));
        if (key >= 0)
            lists->keys[kept++] = keyed(key, other);
    }
    return kept;
}

static void list_beside(struct lists *lists, int32_t job, bool is_before, int32_t most,
                        struct near_job ret_list[])
{
    int32_t kept = nearest(lists->keys, key_beside(lists, job, is_before), most);

    for (int32_t i = 0; i < most; i++) {
        if (i >= kept) {
            ret_list[i] = (struct near_job){ NOBODY, 0 };
            continue;
        }
        int32_t other = index_of(lists->keys[i]);
        ret_list[i] = (struct near_job){ other, is_before ? job_to_job(lists, other, job)
                                                          : job_to_job(lists, job, other) };
    }
}

/* ---- vehicles ---- */

static bool have_same_breaks(const struct solver_vehicle *a, const struct solver_vehicle *b)
{
    if (a->break_count != b->break_count)
        return false;
    for (int32_t i = 0; i < a->break_count; i++) {
        const struct solver_break *x = &a->breaks[i], *y = &b->breaks[i];
        if (x->length != y->length || x->window_count != y->window_count)
            return false;
        for (int32_t w = 0; w < x->window_count; w++)
            if (x->windows[w].from != y->windows[w].from ||
                x->windows[w].until != y->windows[w].until)
                return false;
    }
    return true;
}

static bool have_same_capacity(const struct solver_vehicle *a, const struct solver_vehicle *b,
                               int32_t amounts)
{
    if (!a->capacity || !b->capacity)
        return a->capacity == b->capacity;
    for (int32_t i = 0; i < amounts; i++)
        if (a->capacity[i] != b->capacity[i])
            return false;
    return true;
}

static bool is_alike(const struct solver_vehicle *a, const struct solver_vehicle *b,
                     int32_t amounts)
{
    return a->start == b->start && a->end == b->end && a->hours.from == b->hours.from &&
           a->hours.until == b->hours.until && a->kind == b->kind && a->roads == b->roads &&
           a->tasks_most == b->tasks_most && a->duration_most == b->duration_most &&
           a->distance_most == b->distance_most && a->fixed_cost == b->fixed_cost &&
           have_same_breaks(a, b) && have_same_capacity(a, b, amounts);
}

/* Neighbours in the input that are alike are a team, as a fleet is written. */
static void find_teams(struct arena *arena, struct neighbours *near, const struct plan *plan)
{
    const struct solver_input *input = plan->input;
    size_t count = (size_t)plan->vehicles;

    near->team_of = ARENA_ARRAY(arena, int32_t, count);
    near->team_first = ARENA_ARRAY(arena, int32_t, count);
    near->team_next = ARENA_ARRAY(arena, int32_t, count);
    for (int32_t r = 0; r < plan->vehicles; r++) {
        near->team_next[r] = NOBODY;
        if (r && is_alike(&input->vehicles[r - 1], &input->vehicles[r], input->amount_count)) {
            near->team_of[r] = near->team_of[r - 1];
            near->team_next[r - 1] = r;
            continue;
        }
        near->team_of[r] = near->team_count;
        near->team_first[near->team_count++] = r;
    }
}

/* Cost of a vehicle that does this job alone; -1 when it cannot. */
static int64_t alone_cost(const struct plan *plan, int32_t job, int32_t route)
{
    const struct solver_vehicle *vehicle = &plan->input->vehicles[route];
    const struct solver_roads *roads = plan->routes[route].roads;
    const struct needs *needs = &plan->needs[job];
    int32_t there = duration_between(plan, roads, vehicle->start, needs->location);
    int32_t back = duration_between(plan, roads, needs->location, vehicle->end);

    if (!may_do(plan, needs->kind, vehicle->kind) ||
        (int64_t)vehicle->hours.from + there > needs->close ||
        (int64_t)needs->open + needs->work + back > vehicle->hours.until)
        return -1;
    return (int64_t)cost_between(plan, roads, vehicle->start, needs->location) +
           cost_between(plan, roads, needs->location, vehicle->end) + vehicle->fixed_cost;
}

static void list_homes(struct lists *lists, struct neighbours *near, int32_t job,
                       int32_t ret_list[], int32_t *ret_reach, int64_t *ret_alone)
{
    int32_t kept = 0, reach = 0;

    *ret_alone = 0;
    for (int32_t i = 0; i < lists->near_team_count; i++) {
        int32_t team = lists->near_teams[i];
        int64_t cost = alone_cost(lists->plan, job, near->team_first[team]);
        if (cost < 0)
            continue;
        if (!kept || cost < *ret_alone)
            *ret_alone = cost;
        lists->keys[kept++] = keyed(cost, team);
        for (int32_t r = near->team_first[team]; r != NOBODY; r = near->team_next[r])
            reach++;
    }
    *ret_reach = reach;
    kept = nearest(lists->keys, kept, near->home_count);
    for (int32_t i = 0; i < near->home_count; i++)
        ret_list[i] = i < kept ? index_of(lists->keys[i]) : NOBODY;
}

/* ---- all of it ---- */

static uint8_t *kinds_that_meet(struct arena *arena, const struct solver_input *input)
{
    if ((double)input->job_kinds * input->job_kinds * input->vehicle_kinds > KINDS_COMPARED)
        return NULL;
    uint8_t *meets =
        ARENA_ARRAY(arena, uint8_t, (size_t)input->job_kinds * (size_t)input->job_kinds + 1);
    for (int32_t a = 0; a < input->job_kinds; a++)
        for (int32_t b = 0; b < input->job_kinds; b++)
            for (int32_t v = 0; v < input->vehicle_kinds; v++)
                meets[a * input->job_kinds + b] |= input->allowed[a * input->vehicle_kinds + v] &
                                                   input->allowed[b * input->vehicle_kinds + v];
    return meets;
}

static int32_t at_most(int32_t most, int32_t count)
{
    return count < 1 ? 1 : count < most ? count : most;
}

static void size_lists(struct neighbours *near, const struct plan *plan)
{
    bool is_large = plan->jobs > LARGE;

    near->around_count = at_most(AROUND_MOST, plan->jobs - 1);
    near->beside_count = at_most(is_large ? LARGE_MOST : BESIDE_MOST, plan->jobs - 1);
    near->beside_first = is_large ? LARGE_FIRST : near->beside_count;
    near->home_count = at_most(HOMES_MOST, near->team_count);
}

/* Who may be on the lists of this job. */
static void find_candidates(struct lists *lists, int32_t job)
{
    const struct solver_roads *roads = &lists->plan->input->roads[0];
    const struct needs *needs = &lists->plan->needs[job];
    struct thing thing = { 0 };

    if (lists->jobs.things || lists->teams.things)
        thing = thing_at(roads, needs->location, needs->open / 2 + needs->close / 2);
    lists->others = tree_nearest(&lists->jobs, thing, &lists->other_count);
    lists->near_teams = tree_nearest(&lists->teams, thing, &lists->near_team_count);
}

static void fill_lists(struct arena *arena, struct lists *lists, struct neighbours *near)
{
    size_t jobs = (size_t)lists->plan->jobs, beside = (size_t)near->beside_count;
    int32_t *around = ARENA_ARRAY(arena, int32_t, jobs * (size_t)near->around_count);
    struct near_job *before = ARENA_ARRAY(arena, struct near_job, jobs * beside);
    struct near_job *behind = ARENA_ARRAY(arena, struct near_job, jobs * beside);
    int32_t *homes = ARENA_ARRAY(arena, int32_t, jobs * (size_t)near->home_count);
    int32_t *reach = ARENA_ARRAY(arena, int32_t, jobs);
    int64_t *alone = ARENA_ARRAY(arena, int64_t, jobs), edges = 0;

    for (int32_t j = 0; j < lists->plan->jobs; j++) {
        size_t at = (size_t)j;
        find_candidates(lists, j);
        list_around(lists, j, near->around_count, around + at * (size_t)near->around_count);
        list_beside(lists, j, true, near->beside_count, before + at * beside);
        list_beside(lists, j, false, near->beside_count, behind + at * beside);
        list_homes(lists, near, j, homes + at * (size_t)near->home_count, &reach[j], &alone[j]);
        int32_t nearest_job = around[at * (size_t)near->around_count];
        if (nearest_job != NOBODY)
            edges += cost_between(lists->plan, &lists->plan->input->roads[0],
                                  lists->plan->input->jobs[j].location,
                                  lists->plan->input->jobs[nearest_job].location);
    }
    near->around = around;
    near->before = before;
    near->behind = behind;
    near->homes = homes;
    near->reach = reach;
    near->alone = alone;
    near->edge = jobs && edges / (int64_t)jobs > 0 ? edges / (int64_t)jobs : 1;
}

/* NULL where there are no places to tell near from far by. */
static struct thing *things_of_jobs(struct arena *arena, const struct plan *plan)
{
    const struct solver_roads *roads = &plan->input->roads[0];

    if (roads->durations || !plan->jobs)
        return NULL;
    struct thing *things = ARENA_ARRAY(arena, struct thing, (size_t)plan->jobs);
    for (int32_t j = 0; j < plan->jobs; j++)
        things[j] = thing_at(roads, plan->needs[j].location,
                             plan->needs[j].open / 2 + plan->needs[j].close / 2);
    return things;
}

static struct thing *things_of_teams(struct arena *arena, const struct plan *plan,
                                     const struct neighbours *near)
{
    const struct solver_roads *roads = &plan->input->roads[0];

    if (roads->durations)
        return NULL;
    struct thing *things = ARENA_ARRAY(arena, struct thing, (size_t)near->team_count + 1);
    for (int32_t t = 0; t < near->team_count; t++) {
        const struct solver_vehicle *vehicle = &plan->input->vehicles[near->team_first[t]];
        int32_t home = vehicle->start == NOBODY ? vehicle->end : vehicle->start;
        if (home == NOBODY)
            return NULL;
        things[t] = thing_at(roads, home, vehicle->hours.from / 2 + vehicle->hours.until / 2);
    }
    return things;
}

void neighbours_init(struct arena *arena, struct neighbours *near, const struct plan *plan)
{
    struct lists lists = { .plan = plan, .meets = kinds_that_meet(arena, plan->input) };

    *near = (struct neighbours){ 0 };
    find_teams(arena, near, plan);
    size_lists(near, plan);
    lists.keys = ARENA_ARRAY(arena, uint64_t, (size_t)(plan->jobs + plan->vehicles) + 1);
    tree_init(arena, &lists.jobs, things_of_jobs(arena, plan), plan->jobs);
    tree_init(arena, &lists.teams, things_of_teams(arena, plan, near), near->team_count);
    fill_lists(arena, &lists, near);
}
