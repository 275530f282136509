/* Orders whose work waits for another's: what may follow what, and when it may begin. */
#include "services/intake/handlers.h"

static const char after_pointer[] = "/after/work_order_id";

static struct refusal refuse_after(const char *rule, const char *says)
{
    return (struct refusal){ PROBLEM_INVALID, rule, after_pointer, says, false };
}

/* Another partner's order and none at all are the same to who asks (I6): also to our own people,
 * who see over the walls. */
static struct refusal refusal_of(const struct before *before, const char *partner_id)
{
    if (!string_is(before->partner_id, partner_id))
        return refuse_after("after_unknown", "Nie znamy zlecenia, które ma być wcześniej.");
    if (before->state == WORK_ORDER_STATE__CANCELLED)
        return refuse_after("after_cancelled", "Zlecenie, które ma być wcześniej, jest odwołane.");
    if (before->length >= FOLLOWING_MOST)
        return refuse_after("after_too_many",
                            "Najwyżej 10 zleceń może następować jedno po drugim.");
    return (struct refusal){ 0 };
}

struct error check_after(struct turn *turn, const WorkOrderRequest *request, const char *partner_id,
                         struct before *ret_before, struct refusal *ret_refusal)
{
    struct before before = { .partner_id = "" };

    *ret_before = before;
    if (!request->after)
        return OK;
    TRY(store_load_before(turn, request->after->work_order_id, &before));
    *ret_refusal = refusal_of(&before, partner_id);
    if (ret_refusal->rule)
        return OK;
    /* From here on it gets no hour that does not see this order coming. */
    TRY(subject_lock(turn, request->after->work_order_id, NULL));
    TRY(store_load_before(turn, request->after->work_order_id, ret_before));
    *ret_refusal = refusal_of(ret_before, partner_id); /* called off meanwhile */
    return OK;
}

void put_after(WorkOrder *order, const char *work_order_id, const struct before *before,
               int64_t gap_ms, int64_t answer_within_ms)
{
    struct bounds bounds = bounds_after(before->bounds, before->visit_length_ms, gap_ms,
                                        order->earliest_at, answer_within_ms);

    order->after_work_order_id = work_order_id;
    order->after_gap_ms = gap_ms;
    order->earliest_at = bounds.earliest_at;
    order->latest_by = bounds.latest_by;
}

void tell_may_choose(struct turn *turn, WorkOrder *order)
{
    HourMayBeChosen told = HOUR_MAY_BE_CHOSEN__INIT;

    told.order = order;
    emit(turn, order->work_order_id, &told);
}

struct error let_next_choose(struct turn *turn, const WorkOrder *order)
{
    const char **ids;
    size_t count;

    store_give_time_to_choose(turn, order->work_order_id);
    TRY(store_load_choosers_after(turn, order->work_order_id, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct order_record next;
        TRY(subject_lock(turn, ids[i], NULL));
        TRY(store_load_order(turn, ids[i], &next));
        if (order_wants_hour(next.order))
            tell_may_choose(turn, next.order);
    }
    return OK;
}

struct error check_services(const Contract *contract)
{
    struct followed services[200];
    size_t count = 0;

    for (; count < contract->n_services && count < COUNT(services); count++) {
        const CoveredService *service = contract->services[count];
        const Followed *next = service->followed_by;
        services[count] = (struct followed){ service->service_id, next ? next->service_id : "" };
    }
    for (size_t i = 0; i < count; i++) {
        enum follow follow = check_following(services, count, i);
        if (follow == FOLLOW_UNKNOWN)
            return rejected(PROBLEM_INVALID, "/contracts", "what follows %.60s is not in %.60s",
                            services[i].service_id, contract->contract_id);
        if (follow != FOLLOW_FITS)
            return rejected(PROBLEM_INVALID, "/contracts",
                            "what follows %.60s has no end within %d", services[i].service_id,
                            FOLLOWING_MOST);
    }
    return OK;
}
