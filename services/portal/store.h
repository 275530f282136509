/* What portal keeps. Facts' handlers save their own partner's rows; pages read what the walls of
 * their turn let through. Strings that are loaded live until the turn ends. */
#pragma once
#include "lib/domain/window.h"
#include "lib/service/db.h"
#include "lib/service/turn.h"
#include "services/portal/domain/customer_page.h"

/* ---- accounts ---- */
struct account {
    enum actor_kind kind;
    const char *id, *partner;
    timestamp expires_at; /* machine time */
};
struct error store_save_token(struct turn *turn, const char *sha256, const struct account *account);
struct error store_revoke_tokens(struct turn *turn, const struct account *account,
                                 int *ret_revoked);
/* kind is ACTOR_NOBODY when the token is unknown, revoked or too old. */
struct error store_load_token(struct turn *turn, const char *sha256, struct account *ret_account);

/* ---- links ---- */
struct link {
    const char *sha256, *work_order_id, *partner_id, *person_id;
    const char *purpose; /* "visit", "survey" */
};
void store_save_link(struct turn *turn, const struct link *link, timestamp expires_at);
/* `ret_is_known` is false, and `ret_link` untouched, when there is none or it has expired. */
void store_forget_links(struct turn *turn, const char *work_order_id);
struct error store_load_link(struct turn *turn, const char *sha256, struct link *ret_link,
                             bool *ret_is_known);

/* ---- copies ---- */
void store_save_partner(struct turn *turn, const char *partner_id, const char *name);
void store_save_service(struct turn *turn, const char *partner_id, const char *service_id,
                        const char *name);

struct order_row {
    const char *work_order_id, *partner_id, *number, *service_id, *town, *district;
    const char *partner_reference, *contract_id, *person_id, *skill;
    enum order_state state;
    timestamp opened_at;
    double lat, lon;
    int64_t visit_length_ms;
};
/* ORDER_STATES when the order is not here yet. */
struct error store_load_order_state(struct turn *turn, const char *work_order_id,
                                    enum order_state *ret_state);
void store_save_order(struct turn *turn, const struct order_row *order);

struct visit_row {
    const char *visit_id, *work_order_id, *partner_id, *technician_name;
    timestamp start_at;
    int64_t tolerance_ms;
    int booked, course; /* the two services' own numbers */
    int64_t told;
    timestamp eta_at;
    enum visit_shown shown;
};
/* Fills booked, told, course, eta_at; all 0 and `ret_is_known` false when it is not here yet. */
struct error store_load_visit_states(struct turn *turn, const char *visit_id,
                                     struct visit_row *ret_visit, bool *ret_is_known);
void store_save_booking(struct turn *turn, const struct visit_row *visit);
void store_save_course(struct turn *turn, const struct visit_row *visit);
/* The order's other visits were told before this one, which is told at `sequence`. */
void store_age_visits(struct turn *turn, const struct visit_row *visit, int64_t sequence);

/* ---- copies dropped (store_drops.c); subjects are a text[] ---- */
/* What the dropped rows were: `ret_states` as they stood in them. */
struct error store_drop_orders(struct turn *turn, struct value work_order_ids, int **ret_states,
                               int *ret_count);
struct error store_drop_visits(struct turn *turn, struct value work_order_ids, int **ret_shown,
                               int *ret_count);
void store_drop_partners(struct turn *turn, struct value partner_ids);
void store_drop_parts(struct turn *turn, struct value work_order_ids);
void store_drop_links(struct turn *turn, struct value work_order_ids);

struct part_row {
    const char *purchase_order_id, *work_order_id, *partner_id, *name, *sku;
    int state;
    timestamp promised_by;
};
void store_save_part(struct turn *turn, const struct part_row *part);
void store_drop_part(struct turn *turn, const char *purchase_order_id);

struct offer_row {
    const char *contract_id, *service_id, *partner_id, *partner_name, *contract_name, *service_name;
};
/* What a contract offered before is forgotten first. */
void store_forget_contract(struct turn *turn, const char *contract_id);
void store_save_offer(struct turn *turn, const struct offer_row *offer);

struct cost_row {
    const char *line_id, *work_order_id, *partner_id, *item;
    const char *name, *unit; /* loaded only, from the price list */
    int64_t quantity;        /* thousandths */
    int64_t total_grosz, covered_grosz;
    bool is_accepted;
    timestamp at;
};
void store_save_cost(struct turn *turn, const struct cost_row *cost);

struct price_row {
    const char *item, *name, *unit;
    int64_t price_grosz;
    timestamp valid_from;
};
void store_save_price(struct turn *turn, const struct price_row *price);

/* ---- the day ---- */
struct event_row {
    const char *partner_id, *work_order_id; /* "" when it is about none */
    const char *type, *word;
    timestamp hour_at, at;
    bool is_story;      /* false: shown on the order's trace alone */
    const char *number; /* loaded only */
};
/* With where the turn's fact came from, and counts its type; the same fact again changes nothing.
 */
void store_save_event(struct turn *turn, const struct event_row *event);
/* Counts `state` of `kind` up or down, without touching a row that others count on. */
void store_add_tally(struct turn *turn, const char *kind, const char *state, int delta);
void store_fold_tally(struct turn *turn);
/* Links that ended before one, events of before the other. */
void store_sweep(struct turn *turn, timestamp links_before, timestamp events_before);

/* ---- what pages show ---- */
struct customer_order {
    const char *number, *town, *partner_name, *service_name;
    enum order_state state;
    bool has_visit;
    struct visit_row visit;  /* the newest; without its ids and the two services' own states */
    int64_t visit_length_ms; /* 0: of before this was kept */
};
struct error store_load_customer_order(struct turn *turn, const char *work_order_id,
                                       struct customer_order *ret_order, bool *ret_is_known);
struct error store_load_parts(struct turn *turn, const char *work_order_id,
                              struct part_row **ret_parts, int *ret_count);
struct error store_position_is_heard(struct turn *turn, struct text service, struct text subject,
                                     int64_t sequence, bool *ret_is_heard);

struct count_row {
    const char *kind, *state;
    int64_t count;
};
struct error store_load_counts(struct turn *turn, struct count_row **ret_counts, int *ret_count);
struct next_visit {
    timestamp start_at;
    const char *technician_name, *town, *district, *number;
    enum visit_shown shown;
};
struct error store_load_next_visits(struct turn *turn, timestamp from, timestamp until,
                                    struct next_visit **ret_visits, int *ret_count);
struct error store_load_newest_events(struct turn *turn, struct event_row **ret_events,
                                      int *ret_count);

/* ---- pages behind a token (store_pages.c); all lists are behind the turn's wall ---- */
struct order_head {
    const char *work_order_id, *number, *partner_reference, *service_name, *partner_name;
    const char *town, *district, *contract_id, *person_id, *partner_id;
    enum order_state state;
    timestamp opened_at;
    struct visit_row visit; /* the newest; start_at is 0 when there is none */
};
struct order_list {
    struct order_head *at;
    int count;
};
/* The service's and the partner's names; ids when names are not known, "" when the order is not. */
struct error store_load_order_names(struct turn *turn, const char *work_order_id,
                                    const char **ret_service, const char **ret_partner);
struct error store_load_prices(struct turn *turn, struct price_row **ret_prices, int *ret_count);
struct error store_load_offers(struct turn *turn, struct offer_row **ret_offers, int *ret_count);
struct error store_load_order_head(struct turn *turn, const char *work_order_id,
                                   struct order_head *ret_head, bool *ret_is_known);
/* By number or by the partner's reference, as written. */
struct error store_find_orders(struct turn *turn, const char *words, struct order_list *ret_list);
struct error store_load_newest_orders(struct turn *turn, int most, struct order_list *ret_list);
/* A partner's newest; of one town or one contract when these are not "". */
struct error store_load_partner_orders(struct turn *turn, const char *partner_id, int most,
                                       const char *town, const char *contract_id,
                                       struct order_list *ret_list);
/* A partner's with a visit that starts in `starts` and is not over, by hour. */
struct error store_load_visiting_orders(struct turn *turn, const char *partner_id,
                                        struct window starts, int most,
                                        struct order_list *ret_list);
/* Done visits of an order, by their hour: start_at and technician_name. */
struct error store_load_done_visits(struct turn *turn, const char *work_order_id,
                                    struct visit_row **ret_visits, int *ret_count);
struct error store_load_story(struct turn *turn, const char *work_order_id,
                              struct event_row **ret_events, int *ret_count);
struct error store_load_costs(struct turn *turn, const char *work_order_id,
                              struct cost_row **ret_costs, int *ret_count);

/* A fact about an order, by who told it and as which of his. What was noted before portal kept that
 * has "" and 0 there. */
struct traced_fact {
    const char *id, *type, *word, *source, *trace;
    const char *cause; /* id of the fact that its teller had heard; "" for none */
    const char *held;  /* of those that wait: "early" or the kind of a parked one */
    timestamp at, hour_at;
    int64_t sequence;
};
struct traced_facts {
    struct traced_fact *at;
    int count;
};
/* The first `most`, by when they were told. */
struct error store_load_trace(struct turn *turn, const char *work_order_id, int most,
                              struct traced_facts *ret_facts);
/* Facts about it that portal has put aside: they wait for an earlier one, or are parked. */
struct error store_load_waiting_facts(struct turn *turn, const char *work_order_id,
                                      struct traced_facts *ret_facts);

/* Live visits by local day: ret_counts[i] of the day that begins at `starts[i]`, for `days` days;
 * starts[days] is the end. */
struct error store_count_visits(struct turn *turn, const char *partner_id, const int64_t starts[],
                                int days, int64_t ret_counts[]);
struct place_row {
    const char *town, *district;
    int64_t orders, open;
    double lat, lon;
};
/* The newest 30. */
struct error store_load_partner_events(struct turn *turn, const char *partner_id,
                                       struct event_row **ret_events, int *ret_count);
struct error store_load_places(struct turn *turn, const char *partner_id, timestamp since,
                               struct place_row **ret_places, int *ret_count);
/* Towns with a point, those with most orders first; at most 5. */
struct error store_load_towns(struct turn *turn, const char *partner_id, timestamp since,
                              struct place_row **ret_towns, int *ret_count);
/* The service that is ordered most; skill is "" when there is none. */
struct usual_service {
    const char *skill, *name;
    int64_t visit_length_ms;
};
struct error store_load_usual_service(struct turn *turn, const char *partner_id, timestamp since,
                                      struct usual_service *ret_service);
/* The id when there is no name. */
struct error store_load_partner_name(struct turn *turn, const char *partner_id,
                                     const char **ret_name);
