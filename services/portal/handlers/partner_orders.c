/* The orders behind a dashboard's tiles, and one order's page: all from behind the partner's wall.
 */
#include "lib/domain/calendar.h"
#include "lib/domain/money.h"
#include "lib/domain/names.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/written.h"
#include "services/portal/handlers.h"

enum { SHOWN_MOST = 100 };

static struct error open_partner(struct turn *turn, struct reply *reply,
                                 const char **ret_partner_id, bool *ret_is_open)
{
    struct staff staff;

    TRY(open_staff(turn, ACTOR_PARTNER, reply, &staff, ret_is_open));
    if (!*ret_is_open)
        return OK;
    turn_belongs_to(turn, staff.account.partner);
    *ret_partner_id = staff.account.partner;
    return OK;
}

/* ---- the list ---- */

/* What the address asks for, and how the page calls it. */
static struct error load_list(struct turn *turn, const char *partner_id, const char *words,
                              struct order_list *ret_list, const char **ret_heading)
{
    const char *town = query_parameter(turn, "town"), *contract = query_parameter(turn, "contract");
    int32_t today = date_from_timestamp(turn->now), date;

    *ret_heading = "Zlecenia";
    if (words[0]) {
        *ret_heading = "Znalezione zlecenia";
        return store_find_orders(turn, words, ret_list);
    }
    if (date_parse(text_of(query_parameter(turn, "day")), &date)) {
        *ret_heading = arena_format(turn->arena, "Wizyty: %s", date_text_long(turn->arena, date));
        return store_load_visiting_orders(turn, partner_id, date_window(date), SHOWN_MOST,
                                          ret_list);
    }
    if (query_parameter(turn, "visits")[0]) {
        *ret_heading = "Nadchodzące wizyty";
        return store_load_visiting_orders(
            turn, partner_id, (struct window){ date_start(today), turn->now + DAYS(60) },
            SHOWN_MOST, ret_list);
    }
    if (!utf8_valid(text_of(town)) || !utf8_valid(text_of(contract)))
        town = contract = "";
    if (town[0])
        *ret_heading = arena_format(turn->arena, "Zlecenia: %s", town);
    if (contract[0])
        *ret_heading = "Zlecenia umowy";
    return store_load_partner_orders(turn, partner_id, SHOWN_MOST, town, contract, ret_list);
}

struct error show_partner_orders(struct turn *turn, const void *message, struct reply *reply)
{
    const char *words = arena_text(turn->arena, text_trim(text_of(query_parameter(turn, "q"))));
    const char *partner_id, *heading;
    struct order_list list;
    bool is_open;

    (void)message;
    TRY(open_partner(turn, reply, &partner_id, &is_open));
    if (!is_open)
        return OK;
    if (!utf8_valid(text_of(words)))
        words = "";
    TRY(load_list(turn, partner_id, words, &list, &heading));
    struct view *view = page_view(turn, heading);
    page_signed_in(view, ACTOR_PARTNER);
    view_flag(view, "is_wide", true);
    view_text(view, "heading", heading);
    view_text(view, "q", words);
    view_text(view, "count_says",
              arena_format(turn->arena, list.count == SHOWN_MOST ? "Najnowsze: %d" : "Razem: %d",
                           list.count));
    add_orders(turn, view, &list);
    return page_reply(turn, reply, "p_orders", view);
}

/* ---- one order ---- */

static struct error add_costs(struct turn *turn, struct view *view, const char *work_order_id)
{
    int64_t total = 0, covered = 0;
    struct cost_row *costs;
    int count;

    TRY(store_load_costs(turn, work_order_id, &costs, &count));
    view_flag(view, "has_costs", count > 0);
    view_list(view, "costs");
    for (int i = 0; i < count; i++) {
        const struct cost_row *cost = &costs[i];
        struct view *item = view_item(view, "costs");
        const char *quantity = quantity_text(turn->arena, cost->quantity);
        view_text(item, "cost_name", cost->name);
        view_text(item, "cost_quantity", arena_format(turn->arena, "%s %s", quantity, cost->unit));
        view_text(item, "cost_total", money_text(turn->arena, cost->total_grosz));
        view_text(item, "cost_covered", money_text(turn->arena, cost->covered_grosz));
        view_text(item, "cost_own",
                  money_text(turn->arena, cost->total_grosz - cost->covered_grosz));
        total += cost->total_grosz;
        covered += cost->covered_grosz;
    }
    view_text(view, "all_total", money_text(turn->arena, total));
    view_text(view, "all_covered", money_text(turn->arena, covered));
    view_text(view, "all_own", money_text(turn->arena, total - covered));
    return OK;
}

static void add_visit(struct turn *turn, struct view *view, const struct visit_row *visit)
{
    bool is_shown = visit->start_at && visit->shown != VISIT_CALLED_OFF;

    view_text(view, "visit_day",
              is_shown ? date_text_long(turn->arena, date_from_timestamp(visit->start_at)) : "");
    view_text(view, "visit_hour", clock_text(turn->arena, visit->start_at));
    view_text(
        view, "tolerance",
        arena_format(turn->arena, "± %lld min", (long long)(visit->tolerance_ms / MINUTES(1))));
    view_text(view, "technician_name", visit->technician_name);
    view_text(view, "who", agreed(visit->technician_name, "Technik", "Ekipa"));
    view_text(view, "visit_state", visit_label(visit->shown)->key);
    view_text(view, "visit_label", course_label(visit->shown));
}

struct error show_partner_order(struct turn *turn, const void *message, struct reply *reply)
{
    const char *partner_id, *work_order_id = path_parameter(turn, "work_order_id");
    struct order_head head;
    bool is_open, is_known;

    (void)message;
    TRY(open_partner(turn, reply, &partner_id, &is_open));
    if (!is_open)
        return OK;
    TRY(store_load_order_head(turn, work_order_id, &head, &is_known));
    if (!is_known)
        return page_unknown(turn, reply);
    struct view *view = page_view(turn, head.number);
    page_signed_in(view, ACTOR_PARTNER);
    view_flag(view, "is_wide", true);
    add_order_head(turn, view, &head);
    add_visit(turn, view, &head.visit);
    TRY(add_order_parts(turn, view, work_order_id, &head.visit, "klienta"));
    TRY(add_past_visits(turn, view, work_order_id, head.visit.start_at));
    TRY(add_costs(turn, view, work_order_id));
    TRY(add_story(turn, view, work_order_id));
    return page_reply(turn, reply, "p_order", view);
}
