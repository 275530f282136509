/* SQL of the pages behind a token; store.c has the rest. */
#include "lib/service/db.h"
#include "services/portal/queries.h"
#include "services/portal/store.h"
#include <assert.h>

struct error store_load_order_names(struct turn *turn, const char *work_order_id,
                                    const char **ret_service, const char **ret_partner)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_order_names, STR(work_order_id)));
    *ret_service = *ret_partner = "";
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_service = next_text(&row);
        *ret_partner = next_text(&row);
    }
    return OK;
}

struct error store_load_prices(struct turn *turn, struct price_row **ret_prices, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_prices));
    struct price_row *prices = ARENA_ARRAY(turn->arena, struct price_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        prices[i].item = next_text(&row);
        prices[i].name = next_text(&row);
        prices[i].unit = next_text(&row);
        prices[i].price_grosz = next_int(&row);
    }
    *ret_prices = prices;
    *ret_count = rows.count;
    return OK;
}

struct error store_load_offers(struct turn *turn, struct offer_row **ret_offers, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_offers));
    struct offer_row *offers = ARENA_ARRAY(turn->arena, struct offer_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        offers[i].contract_id = next_text(&row);
        offers[i].service_id = next_text(&row);
        offers[i].partner_name = next_text(&row);
        offers[i].contract_name = next_text(&row);
        offers[i].service_name = next_text(&row);
    }
    *ret_offers = offers;
    *ret_count = rows.count;
    return OK;
}

/* ---- orders ---- */

static struct order_head read_head(struct row row)
{
    struct order_head head = { .work_order_id = next_text(&row) };

    head.number = next_text(&row);
    head.state = (enum order_state)next_int(&row);
    head.partner_reference = next_text(&row);
    head.service_name = next_text(&row);
    head.partner_name = next_text(&row);
    head.town = next_text(&row);
    head.district = next_text(&row);
    head.opened_at = next_int(&row);
    head.contract_id = next_text(&row);
    head.person_id = next_text(&row);
    head.partner_id = next_text(&row);
    head.visit.technician_name = next_text(&row);
    head.visit.start_at = next_int(&row);
    head.visit.tolerance_ms = next_int(&row);
    head.visit.shown = (enum visit_shown)next_int(&row);
    head.visit.eta_at = next_int(&row);
    return head;
}

static struct order_list read_heads(struct turn *turn, const struct rows *rows)
{
    struct order_list list = { ARENA_ARRAY(turn->arena, struct order_head, (size_t)rows->count + 1),
                               rows->count };

    for (int i = 0; i < rows->count; i++)
        list.at[i] = read_head(row_at(rows, i));
    return list;
}

struct error store_load_order_head(struct turn *turn, const char *work_order_id,
                                   struct order_head *ret_head, bool *ret_is_known)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_order_head, STR(work_order_id)));
    *ret_is_known = rows.count == 1;
    if (rows.count)
        *ret_head = read_head(row_at(&rows, 0));
    return OK;
}

struct error store_find_orders(struct turn *turn, const char *words, struct order_list *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, find_orders, STR(words)));
    *ret_list = read_heads(turn, &rows);
    return OK;
}

struct error store_load_newest_orders(struct turn *turn, int most, struct order_list *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_newest_orders, INT(most)));
    *ret_list = read_heads(turn, &rows);
    return OK;
}

struct error store_load_partner_orders(struct turn *turn, const char *partner_id, int most,
                                       const char *town, const char *contract_id,
                                       struct order_list *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_partner_orders, STR(partner_id), INT(most), STR(town),
                STR(contract_id)));
    *ret_list = read_heads(turn, &rows);
    return OK;
}

struct error store_load_visiting_orders(struct turn *turn, const char *partner_id,
                                        struct window starts, int most, struct order_list *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_visiting_orders, STR(partner_id), INT(starts.from),
                INT(starts.until), INT(most)));
    *ret_list = read_heads(turn, &rows);
    return OK;
}

struct error store_load_story(struct turn *turn, const char *work_order_id,
                              struct event_row **ret_events, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_story, STR(work_order_id)));
    struct event_row *events = ARENA_ARRAY(turn->arena, struct event_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        events[i].at = next_int(&row);
        events[i].type = next_text(&row);
        events[i].word = next_text(&row);
        events[i].hour_at = next_int(&row);
    }
    *ret_events = events;
    *ret_count = rows.count;
    return OK;
}

struct error store_load_done_visits(struct turn *turn, const char *work_order_id,
                                    struct visit_row **ret_visits, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_done_visits, STR(work_order_id)));
    struct visit_row *visits = ARENA_ARRAY(turn->arena, struct visit_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        visits[i] = (struct visit_row){ .shown = VISIT_OVER, .start_at = next_int(&row) };
        visits[i].technician_name = next_text(&row);
    }
    *ret_visits = visits;
    *ret_count = rows.count;
    return OK;
}

static struct traced_facts new_facts(struct turn *turn, const struct rows *rows)
{
    return (struct traced_facts){
        ARENA_ARRAY(turn->arena, struct traced_fact, (size_t)rows->count + 1), rows->count
    };
}

struct error store_load_trace(struct turn *turn, const char *work_order_id, int most,
                              struct traced_facts *ret_facts)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_trace, STR(work_order_id), INT(most)));
    *ret_facts = new_facts(turn, &rows);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        struct traced_fact fact = { .at = next_int(&row), .held = "" };
        fact.type = next_text(&row);
        fact.word = next_text(&row);
        fact.hour_at = next_int(&row);
        fact.id = next_text(&row);
        fact.source = next_text(&row);
        fact.sequence = next_int(&row);
        fact.trace = next_text(&row);
        fact.cause = next_text(&row);
        ret_facts->at[i] = fact;
    }
    return OK;
}

struct error store_load_waiting_facts(struct turn *turn, const char *work_order_id,
                                      struct traced_facts *ret_facts)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_waiting_facts, STR(work_order_id)));
    *ret_facts = new_facts(turn, &rows);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        struct traced_fact fact = { .at = next_int(&row) };
        fact.type = next_text(&row);
        fact.source = next_text(&row);
        fact.sequence = next_int(&row);
        fact.held = next_text(&row);
        ret_facts->at[i] = fact;
    }
    return OK;
}

struct error store_load_costs(struct turn *turn, const char *work_order_id,
                              struct cost_row **ret_costs, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_costs, STR(work_order_id)));
    struct cost_row *costs = ARENA_ARRAY(turn->arena, struct cost_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        costs[i].item = next_text(&row);
        costs[i].name = next_text(&row);
        costs[i].unit = next_text(&row);
        costs[i].quantity = next_int(&row);
        costs[i].total_grosz = next_int(&row);
        costs[i].covered_grosz = next_int(&row);
        costs[i].is_accepted = next_bool(&row);
    }
    *ret_costs = costs;
    *ret_count = rows.count;
    return OK;
}

/* ---- a partner's dashboard ---- */

static struct event_row *read_events(struct turn *turn, const struct rows *rows)
{
    struct event_row *events = ARENA_ARRAY(turn->arena, struct event_row, (size_t)rows->count + 1);

    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        events[i].at = next_int(&row);
        events[i].type = next_text(&row);
        events[i].number = next_text(&row);
        events[i].word = next_text(&row);
        events[i].hour_at = next_int(&row);
        events[i].work_order_id = next_text(&row);
    }
    return events;
}

struct error store_load_newest_events(struct turn *turn, struct event_row **ret_events,
                                      int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_newest_events));
    *ret_events = read_events(turn, &rows);
    *ret_count = rows.count;
    return OK;
}

struct error store_count_visits(struct turn *turn, const char *partner_id, const int64_t starts[],
                                int days, int64_t ret_counts[])
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_visits_by_day, int_array(turn->arena, starts, (size_t)days),
                INT(starts[0]), INT(starts[days]), STR(partner_id)));
    for (int i = 0; i < days; i++)
        ret_counts[i] = 0;
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        int64_t bucket = next_int(&row);
        assert(bucket >= 1 && bucket <= days);
        ret_counts[bucket - 1] = next_int(&row);
    }
    return OK;
}

struct error store_load_partner_events(struct turn *turn, const char *partner_id,
                                       struct event_row **ret_events, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_partner_events, STR(partner_id)));
    *ret_events = read_events(turn, &rows);
    *ret_count = rows.count;
    return OK;
}

struct error store_load_places(struct turn *turn, const char *partner_id, timestamp since,
                               struct place_row **ret_places, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_places, STR(partner_id), INT(since)));
    struct place_row *places = ARENA_ARRAY(turn->arena, struct place_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        places[i].town = next_text(&row);
        places[i].district = next_text(&row);
        places[i].orders = next_int(&row);
        places[i].open = next_int(&row);
    }
    *ret_places = places;
    *ret_count = rows.count;
    return OK;
}

struct error store_load_towns(struct turn *turn, const char *partner_id, timestamp since,
                              struct place_row **ret_towns, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_towns, STR(partner_id), INT(since)));
    struct place_row *towns = ARENA_ARRAY(turn->arena, struct place_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        towns[i].town = next_text(&row);
        towns[i].lat = next_real(&row);
        towns[i].lon = next_real(&row);
    }
    *ret_towns = towns;
    *ret_count = rows.count;
    return OK;
}

struct error store_load_usual_service(struct turn *turn, const char *partner_id, timestamp since,
                                      struct usual_service *ret_service)
{
    struct rows rows;
    struct usual_service service = { "", "", 0 };

    TRY(db_read(turn, &rows, load_usual_service, STR(partner_id), INT(since)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        service.skill = next_text(&row);
        service.visit_length_ms = next_int(&row);
        service.name = next_text(&row);
    }
    *ret_service = service;
    return OK;
}

struct error store_load_partner_name(struct turn *turn, const char *partner_id,
                                     const char **ret_name)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_partner_name, STR(partner_id)));
    *ret_name = partner_id;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_name = next_text(&row);
    }
    return OK;
}
