/* When a job, a break or the rest of a route can begin: the arithmetic of windows and breaks. All
 * of it is monotone, so earliest and latest moments decide. */
#pragma once
#include "services/routing/solver/plan.h"

static inline int32_t *ready_of(struct node *node)
{
    return node->times;
}

static inline int32_t *latest_of(const struct plan *plan, struct node *node)
{
    return node->times + plan->layers;
}

static inline int32_t first_in(const struct span windows[], int32_t count, int32_t at)
{
    for (int32_t i = 0; i < count; i++)
        if (at <= windows[i].until)
            return at > windows[i].from ? at : windows[i].from;
    return NEVER;
}

static inline int32_t last_in(const struct span windows[], int32_t count, int32_t at)
{
    for (int32_t i = count - 1; i >= 0; i--)
        if (at >= windows[i].from)
            return at < windows[i].until ? at : windows[i].until;
    return -NEVER;
}

/* The first moment from `at` on at which the job may begin; NEVER when there is none. */
static inline int32_t begin_at(const struct plan *plan, int32_t job, int32_t at)
{
    const struct needs *needs = &plan->needs[job];

    if (needs->window_count > 1)
        return first_in(plan->input->jobs[job].windows, needs->window_count, at);
    if (at > needs->close)
        return NEVER;
    return at > needs->open ? at : needs->open;
}

/* The last one until `at`; -NEVER when there is none. */
static inline int32_t latest_at(const struct plan *plan, int32_t job, int32_t at)
{
    const struct needs *needs = &plan->needs[job];

    if (needs->window_count > 1)
        return last_in(plan->input->jobs[job].windows, needs->window_count, at);
    if (at < needs->open)
        return -NEVER;
    return at < needs->close ? at : needs->close;
}

/* What the job takes behind node `before`: no setup where one has worked just now. */
static inline int32_t busy_after(const struct plan *plan, int32_t before, int32_t job)
{
    const struct needs *needs = &plan->needs[job];

    if (!needs->setup || (is_job(plan, before) && plan->needs[before].location == needs->location))
        return needs->work;
    return needs->setup + needs->work;
}

/* Arrival when this break, of one window, is taken on the road. */
static inline int32_t rest_over(const struct solver_break *rest, int32_t ready, int32_t drive)
{
    int32_t begin = ready > rest->windows->from ? ready : rest->windows->from;

    if (ready > rest->windows->until)
        return NEVER;
    return (begin > ready + drive ? begin : ready + drive) + rest->length;
}

/* Driving `drive` from a place where one is ready at ready[j] with j breaks behind him: the
 * earliest arrival with k >= j behind, for each k. The breaks between are taken one after another,
 * each as early as it can, and the drive fills the gaps: so the arrival is the later of the last
 * break's end and of all that was to be done without waiting. */
static inline void arrive_over(const struct vehicle_state *route, const int32_t ready[],
                               int32_t drive, int32_t ret_arrive[])
{
    int32_t breaks = route->break_count;

    for (int32_t k = 0; k <= breaks; k++)
        ret_arrive[k] = ready[k] + drive;
    for (int32_t j = 0; j < breaks && ready[j] < NEVER; j++) {
        int32_t end = ready[j], sum = ready[j] + drive;
        for (int32_t k = j; k < breaks; k++) {
            const struct solver_break *rest = &route->breaks[k];
            int32_t begin = first_in(rest->windows, rest->window_count, end);
            if (begin >= NEVER)
                break;
            end = begin + rest->length;
            sum += rest->length;
            int32_t arrive = end > sum ? end : sum;
            if (arrive < ret_arrive[k + 1])
                ret_arrive[k + 1] = arrive;
        }
    }
}

/* The other way: until when one has to be ready to drive with j breaks behind him, to be there at
 * latest[k] with k behind. */
static inline void ready_by(const struct vehicle_state *route, const int32_t latest[],
                            int32_t drive, int32_t ret_ready_by[])
{
    int32_t breaks = route->break_count;

    for (int32_t j = 0; j <= breaks; j++)
        ret_ready_by[j] = latest[j] > -NEVER ? latest[j] - drive : -NEVER;
    for (int32_t k = breaks; k > 0; k--) {
        if (latest[k] <= -NEVER)
            continue;
        int32_t begin = latest[k], sum = latest[k] - drive;
        for (int32_t j = k - 1; j >= 0; j--) {
            const struct solver_break *rest = &route->breaks[j];
            begin = last_in(rest->windows, rest->window_count, begin - rest->length);
            if (begin <= -NEVER)
                break;
            sum -= rest->length;
            int32_t by = begin < sum ? begin : sum;
            if (by > ret_ready_by[j])
                ret_ready_by[j] = by;
        }
    }
}
