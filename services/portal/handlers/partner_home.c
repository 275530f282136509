/* The partner's dashboard: four tiles that keep themselves fresh, all from behind the partner's
 * wall. */
#include "lib/domain/calendar.h"
#include "services/portal/domain/event_says.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/place_link.h"
#include "services/portal/handlers/partner.h"

enum { NEXT_VISITS = 6, NEWEST_EVENTS = 8 };

/* ---- coming visits ---- */

static const char *day_name(struct turn *turn, int32_t date, int in_days)
{
    static const char *const days[] = { "", "pn", "wt", "śr", "cz", "pt", "so", "nd" };

    if (in_days < 2)
        return in_days ? "jutro" : "dziś";
    return arena_format(turn->arena, "%s %d", days[date_weekday(date)], date_civil(date).day);
}

static struct error add_days(struct turn *turn, const char *partner_id, struct view *view)
{
    int32_t today = date_from_timestamp(turn->now);
    int64_t starts[FREE_DAYS + 1], counts[FREE_DAYS];

    for (int i = 0; i <= FREE_DAYS; i++)
        starts[i] = date_start(today + i);
    TRY(store_count_visits(turn, partner_id, starts, FREE_DAYS, counts));
    for (int i = 0; i < FREE_DAYS; i++) {
        struct view *item = view_item(view, "visit_days");
        view_text(item, "date", date_text(turn->arena, today + i));
        view_text(item, "day_name", day_name(turn, today + i, i));
        view_text(item, "count", arena_format(turn->arena, "%lld", (long long)counts[i]));
    }
    view_text(view, "visits_today", arena_format(turn->arena, "%lld", (long long)counts[0]));
    return OK;
}

static struct error add_next_visits(struct turn *turn, const char *partner_id, struct view *view)
{
    int32_t today = date_from_timestamp(turn->now);
    struct order_list list;

    TRY(store_load_visiting_orders(
        turn, partner_id, (struct window){ date_start(today), date_end(today + FREE_DAYS - 1) },
        NEXT_VISITS, &list));
    view_list(view, "next_visits");
    for (int i = 0; i < list.count; i++) {
        struct view *item = view_item(view, "next_visits");
        add_order_head(turn, item, &list.at[i]);
        view_text(item, "visit_at", short_moment(turn, list.at[i].visit.start_at));
        view_text(item, "technician_name", list.at[i].visit.technician_name);
        view_text(item, "visit_state", visit_label(list.at[i].visit.shown)->key);
        view_text(item, "visit_label", course_label(list.at[i].visit.shown));
    }
    return OK;
}

/* ---- events and places ---- */

static struct error add_newest(struct turn *turn, const char *partner_id, struct view *view)
{
    struct event_row *events;
    int count;

    TRY(store_load_partner_events(turn, partner_id, &events, &count));
    view_list(view, "newest");
    for (int i = 0, shown = 0; i < count && shown < NEWEST_EVENTS; i++) {
        const struct event event = { .type = events[i].type,
                                     .number = events[i].number,
                                     .word = events[i].word,
                                     .hour_at = events[i].hour_at };
        /* It comes with another that says more. */
        if (string_is(events[i].type, "CostLineAccepted"))
            continue;
        struct view *item = view_item(view, "newest");
        view_text(item, "clock", clock_text(turn->arena, events[i].at));
        view_text(item, "event", event_says(turn->arena, &event));
        shown++;
    }
    return OK;
}

static struct error add_places(struct turn *turn, const char *partner_id, struct view *view)
{
    struct place_row *places;
    int count;

    TRY(store_load_places(turn, partner_id, PARTNER_SINCE(turn), &places, &count));
    view_list(view, "places");
    for (int i = 0; i < count; i++) {
        struct view *item = view_item(view, "places");
        bool has_district = places[i].district[0] && !string_is(places[i].district, places[i].town);
        view_text(item, "place",
                  has_district
                      ? arena_format(turn->arena, "%s, %s", places[i].town, places[i].district)
                      : places[i].town);
        view_text(item, "town_link", url_encoded(turn->arena, places[i].town));
        view_text(item, "open", arena_format(turn->arena, "%lld", (long long)places[i].open));
        view_text(item, "count", arena_format(turn->arena, "%lld", (long long)places[i].orders));
    }
    return OK;
}

/* ---- the page ---- */

static struct error add_tiles(struct turn *turn, const struct staff *staff, struct view *view,
                              const struct overview *overview)
{
    const char *partner_id = staff->account.partner;

    turn_belongs_to(turn, partner_id);
    TRY(add_days(turn, partner_id, view));
    TRY(add_next_visits(turn, partner_id, view));
    TRY(add_newest(turn, partner_id, view));
    TRY(add_places(turn, partner_id, view));
    add_sums(turn, view, overview->sums);
    TRY(add_free_hours(turn, view, partner_id, overview->hours));
    view_text(view, "clock_now", clock_text(turn->arena, turn->now));
    return OK;
}

static struct error reply_home(struct turn *turn, const struct staff *staff,
                               const struct overview *overview, struct reply *reply)
{
    struct view *view = page_view(turn, "Pulpit");
    const char *name;

    page_signed_in(view, ACTOR_PARTNER);
    page_script(turn, view, "fresh.js");
    view_flag(view, "is_wide", true);
    view_text(view, "refresh", "10");
    TRY(add_tiles(turn, staff, view, overview));
    TRY(store_load_partner_name(turn, staff->account.partner, &name));
    view_text(view, "partner_name", name);
    view_text(view, "day_long", date_text_long(turn->arena, date_from_timestamp(turn->now)));
    return page_reply_around(turn, reply, "p_home", "p_tiles", "p_end", view);
}

static struct error reply_tiles(struct turn *turn, const struct staff *staff,
                                const struct overview *overview, struct reply *reply)
{
    struct view *view = page_view(turn, "Pulpit");

    TRY(add_tiles(turn, staff, view, overview));
    return page_part(turn, reply, "p_tiles", view);
}

static struct error show(struct turn *turn, handle_overview on_overview, struct reply *reply)
{
    struct staff staff;
    bool is_open;

    TRY(open_staff(turn, ACTOR_PARTNER, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    turn_belongs_to(turn, staff.account.partner);
    return ask_overview(turn, &staff, on_overview, reply);
}

struct error show_partner_home(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return show(turn, reply_home, reply);
}

struct error show_partner_tiles(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return show(turn, reply_tiles, reply);
}
