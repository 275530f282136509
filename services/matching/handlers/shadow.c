/* What is learned from orders as they are opened: demand, and for partners who try us in the shadow
 * the hour that we would have promised. Nothing of it is held, promised or told. */
#include "services/matching/handlers.h"
#include "services/matching/store_nightly.h"
#include "services/matching/store_shadow.h"

enum { REPORT_DAYS = 90 };

/* As the engine would: the best start there is. An order that no search can be made for is one that
 * nobody can take. */
static struct error log_shadow(struct turn *turn, const char *work_order_id)
{
    struct slot_search found = { 0 };
    struct order_copy order;
    struct visit_job job;

    TRY(store_load_order(turn, work_order_id, &order));
    struct error asked = job_of(turn, &order, 0, 0, &job);
    if (asked.kind == ERROR_NONE) {
        struct search search = search_of(turn, &job);
        search.most = 1;
        search_slots(turn->arena, &search, &found);
    }
    store_save_shadow(turn, &order, found.count ? &found.slots[0] : NULL);
    return OK;
}

struct error learn_from_opening(struct turn *turn, const WorkOrder *order)
{
    store_save_demand(turn, order);
    if (turn->fact.is_retold || !string_is(order->adoption, "shadow"))
        return OK;
    return log_shadow(turn, order->work_order_id);
}

static int64_t permille(int64_t part, int64_t all)
{
    return all ? part * 1000 / all : 0;
}

struct error report_shadow(struct turn *turn, const void *message, struct reply *reply)
{
    const char *partner_id = path_parameter(turn, "partner_id");
    ShadowReport *report = ARENA_NEW(turn->arena, ShadowReport);

    (void)message;
    if (turn->actor.kind == ACTOR_PARTNER && !string_is(turn->actor.partner, partner_id))
        return rejected(PROBLEM_NOT_FOUND, "partner_id", "no partner \"%.40s\" behind this wall",
                        partner_id);
    shadow_report__init(report);
    report->partner_id = partner_id;
    TRY(store_load_shadow(turn, partner_id, turn->now - DAYS(REPORT_DAYS), report));
    report->nobody_permille = permille(report->nobody, report->orders);
    report->same_day_permille = permille(report->same_day, report->compared);
    report->within_hour_permille = permille(report->within_hour, report->compared);
    report->later_permille = permille(report->later, report->compared);
    report->sooner_permille = permille(report->sooner, report->compared);
    reply->message = report;
    return OK;
}
