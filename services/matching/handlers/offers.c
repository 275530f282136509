/* Hours asked for over HTTP: a look into memory, nothing is held. */
#include "services/matching/handlers.h"
#include "services/matching/live.h"
#include <stdlib.h>

enum { OFFERED = 12 };

struct error load_own_order(struct turn *turn, const char *work_order_id,
                            struct order_copy *ret_order)
{
    if (turn->actor.kind == ACTOR_CUSTOMER && !string_is(turn->actor.scope, work_order_id))
        return rejected(PROBLEM_NOT_FOUND, "work_order_id", "the link is another order's");
    TRY(store_load_order(turn, work_order_id, ret_order));
    turn_belongs_to(turn, ret_order->partner_id);
    return OK;
}

static Slot *slot_message(struct turn *turn, const struct order_copy *order,
                          const struct slot *found)
{
    Slot *slot = ARENA_NEW(turn->arena, Slot);
    Window *arrival = ARENA_NEW(turn->arena, Window);
    timestamp start_at = found->start.start_at;
    const char *names[CREW_MOST], *together;
    size_t comers = slot_comers(found);

    for (size_t i = 0; i < comers; i++)
        names[i] = slot_comer(found, i)->day->who->first_name;
    together = names_together(turn->arena, names, comers);

    slot__init(slot);
    window__init(arrival);
    arrival->from = start_at - order->tolerance_ms;
    arrival->until = start_at + order->tolerance_ms;
    slot->slot_id = arena_string(turn->arena, slot_id_of(turn, found));
    slot->start_at = start_at;
    slot->arrival_window = arrival;
    slot->technician_name = arena_string(turn->arena, together);
    slot->says = says_who_comes(turn->arena, start_at, together, comers > 1);
    slot->added_travel_ms = found->start.added_travel_ms;
    slot->added_travel_m = found->start.added_travel_m;
    slot->score_ms = found->score.total_ms;
    slot->because = score_parts(turn->arena, &found->score, &slot->n_because);
    slot->spare_before_ms = found->start.spare_before_ms;
    slot->spare_after_ms = found->start.spare_after_ms;
    return slot;
}

static int by_start(const void *a, const void *b)
{
    const struct slot *left = a, *right = b;

    return left->start.start_at < right->start.start_at
               ? -1
               : left->start.start_at > right->start.start_at;
}

static struct error read_windows(struct turn *turn, const SlotSearch *request,
                                 struct visit_job *job)
{
    timestamp free_from = 0;

    for (size_t i = 0; i < request->n_windows; i++) {
        const Window *window = request->windows[i];
        if (window->from >= window->until || window->from < free_from)
            return refuse_field(
                turn, "/windows", "order",
                "Podaj przedziały po kolei: początek przed końcem, bez nakładania.");
        job->windows[job->window_count++] = (struct window){ window->from, window->until };
        free_from = window->until;
    }
    return OK;
}

/* Whatever is promised after it stays where it is. */
static timestamp last_start(const struct turn *turn, const struct order_copy *order)
{
    timestamp horizon = ways_out_until(turn), next_at = order->chain.next_at;
    bool is_bound = next_at && next_at - order->visit_length_ms + 1 < horizon;

    return is_bound ? next_at - order->visit_length_ms + 1 : horizon;
}

static struct error find_offer(struct turn *turn, const SlotSearch *request,
                               const struct order_copy *order, struct visit_job *job, Offer *offer)
{
    struct search search = search_of(turn, job);
    struct slot_search found;

    search.most = request->most ? (size_t)request->most : OFFERED;
    search.per_day = (size_t)request->per_day;
    search.one_per_start = true;
    search_slots(turn->arena, &search, &found);
    size_t before = found.count;
    live_drop_unreachable(turn, job, &found);
    bool all_too_late = before > 0 && found.count == 0;
    qsort(found.slots, found.count, sizeof found.slots[0], by_start);
    offer->n_slots = found.count;
    offer->slots = ARENA_ARRAY(turn->arena, Slot *, found.count + 1);
    for (size_t i = 0; i < found.count; i++)
        offer->slots[i] = slot_message(turn, order, &found.slots[i]);
    offer->asked = (int32_t)found.asked_count;
    offer->policy_version = search.policy->version;
    if (found.count > 0)
        return OK;
    if (all_too_late) { /* where they are, all who could have come would come late */
        found.technicians[SLOT_NO_ROOM] += found.technicians[SLOT_FITS];
        found.technicians[SLOT_FITS] = 0;
        count_refused(search.roster, search.roads, job, NULL, found.technicians);
    } else {
        offer->relaxation =
            relaxation_of(turn->arena, find_ways_out(turn, &search, last_start(turn, order)));
    }
    offer->refused = rule_counts(turn->arena, found.technicians, &offer->n_refused);
    return OK;
}

struct error search(struct turn *turn, const void *message, struct reply *reply)
{
    const SlotSearch *request = message;
    Offer *offer = ARENA_NEW(turn->arena, Offer);
    struct order_copy order;
    struct visit_job job;

    TRY(load_own_order(turn, request->work_order_id, &order));
    /* Only our own people may look beyond what the contract promises. */
    timestamp until = request->until;
    if (!until || (turn->actor.kind != ACTOR_CONSULTANT && until > order.latest_by))
        until = order.latest_by;
    TRY(job_of(turn, &order, request->from, until, &job));
    TRY(read_windows(turn, request, &job));
    offer__init(offer);
    offer->work_order_id = request->work_order_id;
    if (!chain_leaves_none(turn, &order, &job, offer))
        TRY(find_offer(turn, request, &order, &job, offer));
    reply->message = offer;
    return OK;
}
