/* The highest loads of a route, before each of its nodes and after. */
#include "services/routing/solver/load.h"

static int32_t amounts(const struct plan *plan)
{
    return plan->input->amount_count;
}

/* Highest on leaving any node until this one; `later`: on leaving this one or any after it; the
 * third: on leaving this one. */
static int64_t *row(const struct plan *plan, int32_t node, int32_t which)
{
    return plan->highest + ((int64_t)node * 3 + which) * amounts(plan);
}

enum { UNTIL, LATER, LEAVING };

void load_init(struct arena *arena, struct plan *plan)
{
    size_t nodes = (size_t)plan->jobs + 2 * (size_t)plan->vehicles;

    plan->highest = ARENA_ARRAY(arena, int64_t, nodes * 3 * (size_t)amounts(plan) + 1);
}

static int32_t amount_of(const int32_t amount[], int32_t a)
{
    return amount ? amount[a] : 0;
}

/* What is on board at the start for this job, and what it changes when it is done. */
static int32_t brought(const struct plan *plan, int32_t job, int32_t a)
{
    return plan->brought_by[job] == NOBODY ? amount_of(plan->input->jobs[job].delivery, a) : 0;
}

static int32_t change(const struct plan *plan, int32_t job, int32_t a)
{
    int32_t first = plan->brought_by[job];

    if (first != NOBODY)
        return -amount_of(plan->input->jobs[first].pickup, a);
    return amount_of(plan->input->jobs[job].pickup, a) -
           amount_of(plan->input->jobs[job].delivery, a);
}

static int64_t loaded_at_start(const struct plan *plan, int32_t route, int32_t a)
{
    int64_t sum = 0;

    for (int32_t at = node_at(plan, start_of(plan, route))->next; is_job(plan, at);
         at = node_at(plan, at)->next)
        sum += brought(plan, at, a);
    return sum;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void load_refresh(struct plan *plan, int32_t route)
{
    int32_t start = start_of(plan, route), end = end_of(plan, route);

    for (int32_t a = 0; a < amounts(plan); a++) {
        int64_t load = loaded_at_start(plan, route, a), highest = load;
        for (int32_t at = start; at != end; at = node_at(plan, at)->next) {
            if (at != start)
                load += change(plan, at, a);
            highest = larger(highest, load);
            row(plan, at, LEAVING)[a] = load;
            row(plan, at, UNTIL)[a] = highest;
        }
        highest = INT64_MIN;
        for (int32_t at = node_at(plan, end)->previous; at != NOBODY;
             at = node_at(plan, at)->previous) {
            highest = larger(highest, row(plan, at, LEAVING)[a]);
            row(plan, at, LATER)[a] = highest;
        }
    }
}

static int64_t capacity(const struct plan *plan, int32_t route, int32_t a)
{
    const int32_t *most = plan->input->vehicles[route].capacity;

    return most ? most[a] : INT64_MAX / 2;
}

bool load_holds(const struct plan *plan, int32_t route)
{
    for (int32_t a = 0; a < amounts(plan); a++)
        if (row(plan, start_of(plan, route), LATER)[a] > capacity(plan, route, a))
            return false;
    return true;
}

bool load_fits(const struct plan *plan, int32_t route, int32_t job, int32_t after)
{
    for (int32_t a = 0; a < amounts(plan); a++) {
        int64_t most = capacity(plan, route, a);
        if (row(plan, after, UNTIL)[a] + brought(plan, job, a) > most ||
            row(plan, after, LATER)[a] + brought(plan, job, a) + change(plan, job, a) > most)
            return false;
    }
    return true;
}

bool load_fits_on(const struct plan *plan, int32_t route, int32_t job, int32_t node)
{
    for (int32_t a = 0; a < amounts(plan); a++)
        if (row(plan, node, LEAVING)[a] + change(plan, job, a) > capacity(plan, route, a))
            return false;
    return true;
}
