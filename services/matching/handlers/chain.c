/* Orders in a row: whose lock keeps them in order, and what one's hour means for the others'
 * (docs/decisions/0018-visits-in-a-row.md). */
#include "lib/domain/calendar.h"
#include "lib/service/failpoint.h"
#include "services/matching/handlers.h"

/* Who has not heard of an order yet does so within moments: facts of two orders overtake each
 * other. */
enum { UNHEARD_MS = 1000, UNHEARD_FOR_MS = 60 * 1000 };

struct error chain_lock(struct turn *turn, struct order_copy *order)
{
    const char *before = order->after_work_order_id;

    if (!order->chain.has_before || !order->chain.is_before_known || MUTANT("no_chain_lock"))
        return OK;
    TRY(subject_lock(turn, before, NULL));
    return store_load_order(turn, order->work_order_id, order);
}

static const char *says(enum chain_rule rule)
{
    switch (rule) {
    case CHAIN_WAITS:
        return "Najpierw trzeba umówić wizytę, po której następuje ta praca.";
    case CHAIN_SUCCESSOR:
        return "Przed końcem tej wizyty zaczynałaby się praca umówiona po niej; najpierw przesuń "
               "tamtą.";
    default:
        return "Praca, która ma być wykonana wcześniej, nie będzie wtedy zakończona.";
    }
}

struct error chain_allows(struct turn *turn, const struct order_copy *order, timestamp start_at)
{
    enum chain_rule rule = check_chain(&order->chain, start_at, order->visit_length_ms);
    const char *field = rule == CHAIN_WAITS ? "work_order_id" : "/slot_id";

    if (rule == CHAIN_FITS)
        return OK;
    violations_add(request_violations(turn),
                   (struct violation){ field, chain_rule_text(rule), says(rule) });
    return rejected(rule == CHAIN_PREDECESSOR ? PROBLEM_HOUR_TAKEN : PROBLEM_STATE, field,
                    "refused by rule %s", chain_rule_text(rule));
}

/* ---- waiting for the hour of the one before ---- */

bool chain_waits(const struct turn *turn, const struct order_copy *order)
{
    timestamp begins_at = chain_begins_at(&order->chain);

    return check_chain(&order->chain, begins_at, 0) == CHAIN_WAITS ||
           begins_at >= turn->now + DAYS(matching_config.days);
}

void chain_wait(struct turn *turn, const struct order_copy *order)
{
    bool is_moment = !order->chain.is_before_known && turn->now - order->opened_at < UNHEARD_FOR_MS;

    store_wait_for_other(turn, order->work_order_id,
                         turn->now + (is_moment ? UNHEARD_MS : matching_config.try_again_ms));
}

void chain_wake(struct turn *turn, const struct order_copy *order)
{
    if (order->chain.has_next)
        store_wake_next(turn, order->work_order_id);
}

RuleCount **chain_refusal(struct turn *turn, enum chain_rule rule, size_t *ret_count)
{
    RuleCount **counts = ARENA_ARRAY(turn->arena, RuleCount *, 1);

    counts[0] = ARENA_NEW(turn->arena, RuleCount);
    rule_count__init(counts[0]);
    counts[0]->rule = arena_string(turn->arena, chain_rule_text(rule));
    counts[0]->technicians = (int32_t)book_roster(date_from_timestamp(turn->now))->count;
    *ret_count = 1;
    return counts;
}

bool chain_leaves_none(struct turn *turn, const struct order_copy *order, struct visit_job *job,
                       Offer *offer)
{
    struct window asked = job->starts;
    bool waits = chain_waits(turn, order);

    job->starts = chain_narrow(&order->chain, asked, job->length_ms);
    if (!waits && (window_empty(asked) || !window_empty(job->starts)))
        return false;
    enum chain_rule rule =
        waits ? CHAIN_WAITS : check_chain(&order->chain, asked.from, job->length_ms);
    offer->refused = chain_refusal(turn, rule, &offer->n_refused);
    return true;
}

/* ---- the work after moves, because there was no hour before it ---- */

struct error chain_push(struct turn *turn, const Visit *visit)
{
    struct pushed *pushed;
    size_t count;

    TRY(store_load_pushed(turn, visit, &pushed, &count));
    for (size_t i = 0; i < count; i++) {
        /* Kept with the visit, for the timer; the turn that follows is only the quick way. */
        store_want_other(turn, pushed[i].visit_id, true);
        turn_follow(turn, pushed[i].work_order_id, displace_visit, text_of(pushed[i].visit_id));
    }
    return OK;
}
