/* Plans of routing become other technicians for the same hours, or are refused with the rule that
 * says no. */
#include "lib/domain/calendar.h"
#include "proto/routing.pb-c.h"
#include "services/matching/handlers.h"

enum { EVENING_HOUR = 18, SWAPS_MOST = 16 };

static struct error refuse_plan(struct turn *turn, const PlanProposed *plan, const char *rule)
{
    PlanRefused refused = PLAN_REFUSED__INIT;

    refused.plan_id = plan->plan_id;
    refused.rule = arena_string(turn->arena, rule);
    emit(turn, plan->plan_id, &refused);
    return OK;
}

struct opened_days {
    TechnicianDay *days[2 * SWAPS_MOST];
    size_t count;
};

static TechnicianDay *find_day(const struct opened_days *opened, const char *technician_id)
{
    for (size_t i = 0; i < opened->count; i++)
        if (string_is(opened->days[i]->technician_id, technician_id))
            return opened->days[i];
    return NULL;
}

/* Opens every day the plan was computed from; false when one has changed since. */
static struct error open_days(struct turn *turn, const PlanProposed *plan,
                              struct opened_days *ret_opened, bool *ret_current)
{
    *ret_current = plan->n_computed_from <= COUNT(ret_opened->days);
    for (size_t i = 0; *ret_current && i < plan->n_computed_from; i++) {
        const TechnicianDayVersion *from = plan->computed_from[i];
        TechnicianDay *day;
        struct error error = day_open(turn, from->technician_id, from->day, &day);
        if (error.kind == ERROR_REJECTED)
            *ret_current = false;
        else
            TRY(error);
        if (*ret_current && day->version != from->version)
            *ret_current = false;
        if (*ret_current)
            ret_opened->days[ret_opened->count++] = day;
    }
    return OK;
}

static Visit *take_out(const struct opened_days *opened, const ProposedSwap *swap)
{
    TechnicianDay *from = find_day(opened, swap->from_technician_id);

    for (size_t k = 0; from && k < from->n_visits; k++) {
        Visit *visit = from->visits[k];
        if (!string_is(visit->visit_id, swap->visit_id) || visit->state != VISIT_STATE__BOOKED ||
            visit->technicians > 1) /* those who come together are not torn apart */
            continue;
        day_drop_visit(from, visit->visit_id);
        return visit;
    }
    return NULL;
}

/* Into the other's day, at the same hour; `ret_rule` is NULL, or the rule that says no. */
static struct error put_in(struct turn *turn, const struct opened_days *opened,
                           const ProposedSwap *swap, Visit *visit, const char **ret_rule)
{
    TechnicianDay *to = find_day(opened, swap->to_technician_id);
    enum slot_rule rule;

    *ret_rule = to ? NULL : "day_not_named";
    if (!to)
        return OK;
    TRY(ask_day(turn, to, visit, 0, &rule));
    if (rule != SLOT_FITS) {
        *ret_rule = slot_rule_text(rule);
        return OK;
    }
    visit->technician_id = to->technician_id;
    visit->technician_name = to->first_name;
    day_add_visit(turn, to, visit);
    return OK;
}

/* All out before any goes in: two may change places. `ret_rule` is NULL, or the rule that says no.
 */
static struct error apply_swaps(struct turn *turn, const PlanProposed *plan,
                                const struct opened_days *opened, Visit *visits[],
                                const char **ret_rule)
{
    *ret_rule = NULL;
    for (size_t i = 0; i < plan->n_swaps; i++) {
        visits[i] = take_out(opened, plan->swaps[i]);
        if (!visits[i]) {
            *ret_rule = "visit_gone";
            return OK;
        }
    }
    for (size_t i = 0; i < plan->n_swaps && !*ret_rule; i++)
        TRY(put_in(turn, opened, plan->swaps[i], visits[i], ret_rule));
    return OK;
}

static struct error save_swaps(struct turn *turn, const PlanProposed *plan,
                               const struct opened_days *opened, Visit *visits[])
{
    bool is_moved;

    /* Two may change places: between the two statements neither stands in the way of the other. */
    for (size_t i = 0; i < plan->n_swaps; i++)
        store_set_visit_state(turn, visits[i]->visit_id, VISIT_STATE__VISIT_STATE_UNSPECIFIED);
    for (size_t i = 0; i < plan->n_swaps; i++) {
        visits[i]->state = VISIT_STATE__BOOKED;
        TRY(store_move_visit(turn, visits[i], plan->day, &is_moved));
        if (!is_moved)
            return temporary("the plan's hour of visit %s is taken", visits[i]->visit_id);
        TRY(subject_lock(turn, visits[i]->work_order_id, NULL));
        turn_belongs_to(turn, visits[i]->partner_id);
        VisitReassigned reassigned = VISIT_REASSIGNED__INIT;
        reassigned.visit = visits[i];
        reassigned.from_technician_id = plan->swaps[i]->from_technician_id;
        reassigned.reason = "shorter_routes";
        emit(turn, visits[i]->work_order_id, &reassigned);
        turn_belongs_to(turn, "");
    }
    for (size_t i = 0; i < opened->count; i++)
        TRY(day_tell(turn, opened->days[i]));
    return OK;
}

struct error on_plan_proposed(struct turn *turn, const void *message)
{
    const PlanProposed *plan = message;
    struct opened_days *opened = ARENA_NEW(turn->arena, struct opened_days);
    Visit *visits[SWAPS_MOST];
    bool is_current = false;
    const char *rule;

    turn_looks_over_walls(turn);
    if (plan->n_swaps == 0 || plan->n_swaps > SWAPS_MOST)
        return refuse_plan(turn, plan, "size");
    /* People may be swapped until the evening before, after that only to repair. */
    if (turn->now >= date_start(plan->day) - HOURS(24 - EVENING_HOUR))
        return refuse_plan(turn, plan, "too_late");
    TRY(open_days(turn, plan, opened, &is_current));
    if (!is_current)
        return refuse_plan(turn, plan, "changed_since");
    TRY(apply_swaps(turn, plan, opened, visits, &rule));
    if (rule)
        return refuse_plan(turn, plan, rule);
    return save_swaps(turn, plan, opened, visits);
}
