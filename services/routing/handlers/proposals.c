/* A plan is a wish: it is told with the versions it was made from, and matching has the last word.
 */
#include "services/routing/domain/swap_days.h"
#include "services/routing/handlers.h"
#include "services/routing/improve_region.h"
#include "services/routing/read_day.h"
#include "services/routing/settings.h"
#include "services/routing/store_plans.h"

/* The technician-days that a proposal touches, by their numbers in the computation. */
struct touched {
    int64_t numbers[2 * SWAPS_MOST];
    TechnicianDay *days[2 * SWAPS_MOST];
    size_t count;
};

static size_t touch(struct touched *touched, int64_t number)
{
    size_t i = 0;

    while (i < touched->count && touched->numbers[i] != number)
        i++;
    if (i == touched->count)
        touched->numbers[touched->count++] = number;
    return i;
}

static TechnicianDayVersion *version_of(struct turn *turn, const TechnicianDay *day)
{
    TechnicianDayVersion *version = ARENA_NEW(turn->arena, TechnicianDayVersion);

    technician_day_version__init(version);
    version->technician_id = day->technician_id;
    version->day = day->day;
    version->version = day->version;
    return version;
}

static ProposedSwap *swap_of(struct turn *turn, struct touched *touched,
                             const struct region_swap *found)
{
    const TechnicianDay *from = touched->days[touch(touched, found->from)];
    const TechnicianDay *to = touched->days[touch(touched, found->to)];
    const Visit *visit = visits_by_start(turn->arena, from)[found->nth];
    ProposedSwap *swap = ARENA_NEW(turn->arena, ProposedSwap);

    proposed_swap__init(swap);
    swap->visit_id = visit->visit_id;
    swap->work_order_id = visit->work_order_id;
    swap->from_technician_id = from->technician_id;
    swap->to_technician_id = to->technician_id;
    return swap;
}

static PlanProposed *plan_of(struct turn *turn, const struct region_improvement *found,
                             struct touched *touched, int32_t day, const char *hash)
{
    PlanProposed *plan = ARENA_NEW(turn->arena, PlanProposed);

    plan_proposed__init(plan);
    plan->plan_id = arena_string(turn->arena, new_id(turn).text);
    plan->day = day;
    plan->n_computed_from = touched->count;
    plan->computed_from = ARENA_ARRAY(turn->arena, TechnicianDayVersion *, touched->count);
    for (size_t i = 0; i < touched->count; i++)
        plan->computed_from[i] = version_of(turn, touched->days[i]);
    plan->n_swaps = (size_t)found->count;
    plan->swaps = ARENA_ARRAY(turn->arena, ProposedSwap *, plan->n_swaps);
    for (int32_t i = 0; i < found->count; i++)
        plan->swaps[i] = swap_of(turn, touched, &found->swaps[i]);
    plan->saved_travel_ms = found->saved_travel_ms;
    plan->saved_travel_m = found->saved_travel_m;
    plan->input_hash = arena_string(turn->arena, hash);
    return plan;
}

/* Whether the wish may still be told: it is early enough, nobody has refused the same, and no day
 * that it touches has changed since. */
static struct error may_tell(struct turn *turn, const char *region, const char *hash,
                             const struct computing *computing, struct touched *touched,
                             bool *ret_may)
{
    bool is_refused;

    *ret_may = computing->day >= first_swap_day(turn->now);
    TRY(store_is_refused(turn, hash, &is_refused));
    TRY(store_load_computed_days(turn, region, touched->numbers, touched->count, touched->days));
    for (size_t i = 0; i < touched->count; i++)
        *ret_may = *ret_may && touched->days[i];
    *ret_may = *ret_may && !is_refused;
    return OK;
}

static struct error tell(struct turn *turn, const char *region, const char *hash,
                         const struct computing *computing, const struct region_improvement *found,
                         struct text input)
{
    struct touched touched = { 0 };
    bool may;

    for (int32_t i = 0; i < found->count; i++) {
        touch(&touched, found->swaps[i].from);
        touch(&touched, found->swaps[i].to);
    }
    TRY(may_tell(turn, region, hash, computing, &touched, &may));
    if (!may)
        return OK;
    PlanProposed *plan = plan_of(turn, found, &touched, computing->day, hash);
    subject_open(turn, plan->plan_id);
    emit(turn, plan->plan_id, plan);
    store_save_plan(turn, region, plan, input, (struct text){ (const char *)found, sizeof *found },
                    turn->machine_now + routing_config.answer_ms);
    return OK;
}

struct error propose(struct turn *turn, const void *result, size_t result_size, struct text note)
{
    const struct region_improvement *found = result;
    struct text input, region = text_cut(note, '\n', &input);
    struct text hash = text_cut(input, '\n', &input);
    const char *region_id = arena_text(turn->arena, region);
    const char *hash_text = arena_text(turn->arena, hash);
    struct computing computing;

    assert(result_size == sizeof *found);
    TRY(store_load_computing(turn, region_id, hash_text, &computing));
    if (!computing.is_found)
        return OK; /* it took too long, and another process has begun anew */
    store_end_changes(turn, region_id);
    store_rest_region(turn, region_id, computing.taken_at + routing_config.improve_ms);
    return found->count ? tell(turn, region_id, hash_text, &computing, found, input) : OK;
}

struct error on_visit_reassigned(struct turn *turn, const void *message)
{
    const VisitReassigned *told = message;

    return store_accept_swap(turn, told->visit->visit_id, told->visit->technician_id,
                             routing_config.improve_ms);
}

struct error on_plan_refused(struct turn *turn, const void *message)
{
    store_refuse_plan(turn, message, routing_config.improve_ms);
    return OK;
}
