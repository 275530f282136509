/* A place in a route allows an interval of starts for every number of breaks taken before it; its
 * price is the same at each of them. */
#include "services/routing/solver/offers.h"
#include "services/routing/solver/given.h"
#include "services/routing/solver/search.h"
#include "services/routing/solver/times.h"

struct standing {
    struct plan plan;
};

struct question {
    struct plan *plan;
    const struct starts *starts;
    struct offer *offers;
    int32_t job;
};

struct standing *standing_new(struct arena *arena, const struct solver_input *input)
{
    struct standing *standing = ARENA_NEW(arena, struct standing);

    plan_init(arena, &standing->plan, input);
    take_given_routes(&standing->plan);
    return standing;
}

/* Starts within [from, until] cost no more than this. */
static void offer_within(const struct question *question, int32_t from, int32_t until,
                         const struct offer *offer)
{
    const struct starts *starts = question->starts;
    int64_t first = (int64_t)from - starts->from, last = (int64_t)until - starts->from;

    first = first > 0 ? (first + starts->step - 1) / starts->step : 0;
    last = last < 0 ? -1 : last / starts->step;
    if (last >= starts->count)
        last = starts->count - 1;
    for (int64_t i = first; i <= last; i++)
        if (question->offers[i].vehicle == NOBODY || offer->added < question->offers[i].added)
            question->offers[i] = *offer;
}

static int64_t added_by(const struct question *question, int32_t route, int32_t after,
                        int32_t there, int32_t onward)
{
    const struct plan *plan = question->plan;
    const struct vehicle_state *state = &plan->routes[route];
    const struct node *before = node_at(plan, after);
    int64_t with = (int64_t)there + onward, without = before->leg;

    if (state->roads->costs) {
        with = (int64_t)leg_cost(plan, route, after, question->job) +
               leg_cost(plan, route, question->job, before->next);
        without = leg_cost(plan, route, after, before->next);
    }
    return with - (state->count ? without : -(int64_t)plan->input->vehicles[route].fixed_cost);
}

static void look_behind(const struct question *question, int32_t route, int32_t after)
{
    const struct plan *plan = question->plan;
    const struct vehicle_state *state = &plan->routes[route];
    struct node *before = node_at(plan, after);
    int32_t behind = before->next, buffer[LAYERS_MOST], arrive[LAYERS_MOST], by[LAYERS_MOST];
    int32_t there = leg_duration(plan, route, after, question->job);
    int32_t onward = leg_duration(plan, route, question->job, behind);

    if (there >= NO_ROAD || onward >= NO_ROAD)
        return;
    arrive_over(state, ready_of(before), there, arrive);
    ready_by(state, latest_behind(plan, state, behind, question->job, buffer), onward, by);
    int32_t busy = busy_after(plan, after, question->job);
    struct offer offer = { route, added_by(question, route, after, there, onward) };
    bool is_allowed = false;
    for (int32_t k = 0; k <= state->break_count; k++) {
        if (arrive[k] >= NEVER || by[k] <= -NEVER || arrive[k] > by[k] - busy)
            continue;
        if (!is_allowed && !may_take(plan, question->job, route, after, there, onward))
            return;
        is_allowed = true;
        offer_within(question, arrive[k], by[k] - busy, &offer);
    }
}

void standing_offers(struct standing *standing, int32_t job, const struct starts *starts,
                     struct offer ret_offers[])
{
    struct plan *plan = &standing->plan;
    const struct question question = { plan, starts, ret_offers, job };

    plan_read_job(plan, job);
    for (int32_t i = 0; i < starts->count; i++)
        ret_offers[i] = (struct offer){ NOBODY, 0 };
    for (int32_t route = 0; route < plan->vehicles; route++) {
        if (!may_do(plan, plan->needs[job].kind, plan->routes[route].kind))
            continue;
        for (int32_t at = start_of(plan, route); at != end_of(plan, route);
             at = node_at(plan, at)->next)
            look_behind(&question, route, at);
    }
}
