/* What portal keeps. Facts' handlers save their own partner's rows; pages read what the walls of
 * their turn let through. Strings that are loaded live until the turn ends. */
#pragma once
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
    enum order_state state;
};
/* ORDER_STATES when the order is not here yet. */
struct error store_load_order_state(struct turn *turn, const char *work_order_id,
                                    enum order_state *ret_state);
void store_save_order(struct turn *turn, const struct order_row *order);

struct visit_row {
    const char *visit_id, *work_order_id, *partner_id, *number, *technician_name;
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

struct part_row {
    const char *purchase_order_id, *work_order_id, *partner_id, *name;
    int state;
    timestamp promised_by;
};
void store_save_part(struct turn *turn, const struct part_row *part);

/* ---- the day ---- */
struct event_row {
    const char *partner_id, *work_order_id; /* "" when it is about none */
    const char *type, *word;
    timestamp hour_at, at;
    const char *number; /* loaded only */
};
void store_save_event(struct turn *turn, const struct event_row *event);
/* Counts `state` of `kind` up or down, without touching a row that others count on. */
void store_add_tally(struct turn *turn, const char *kind, const char *state, int delta);
void store_fold_tally(struct turn *turn);
void store_sweep(struct turn *turn, timestamp links_before);

/* ---- what pages show ---- */
struct customer_order {
    const char *number, *town, *partner_name, *service_name;
    enum order_state state;
    bool has_visit;
    struct visit_row visit; /* the newest; start_at, tolerance_ms, shown, eta_at, technician_name */
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
