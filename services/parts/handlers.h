/* What parts does when it hears, is asked, and when a date passes. */
#pragma once
#include "lib/service/http.h"
#include "services/parts/store.h"

/* ---- handlers/orders.c: facts about work orders and visits ---- */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_address_located(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_visit_booked(struct turn *turn, const void *message);
struct error on_visit_moved(struct turn *turn, const void *message);
struct error on_visit_reassigned(struct turn *turn, const void *message);
struct error on_visit_rebooked(struct turn *turn, const void *message);
struct error on_visit_cancelled(struct turn *turn, const void *message);

/* ---- handlers/courses.c: visits that are over ---- */
struct error on_visit_done(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);

/* ---- handlers/van_stock.c: what lies in vans ---- */
struct error put_van_stock(struct turn *turn, const void *message, struct reply *reply);
struct error show_van_stock(struct turn *turn, const void *message, struct reply *reply);
/* Tells the van as it stands now, one version on; its technician's subject is locked. */
struct error tell_van(struct turn *turn, const char *technician_id);

/* ---- handlers/reservations.c: pieces of vans that are kept for orders ---- */
/* Keeps a piece of the order's part in the van of its visit's technician, and lets go of one in
 * another van; a new piece only when `may_begin`. False: there is none, and none is kept. */
struct error reserve_part(struct turn *turn, const struct work_order *order, bool may_begin,
                          bool *ret_is_reserved);
/* Lets go of what is kept for the order, and tells it; nothing is told of the van. `ret_changed`:
 * the technician whose van has one more free; NULL when nothing was kept. */
struct error let_go(struct turn *turn, const char *work_order_id, const char *reason,
                    const char **ret_changed);
/* The same, and tells the van. */
struct error release_part(struct turn *turn, const char *work_order_id, const char *reason);
/* A van holds less than was kept in it. */
struct error on_reservation_lost(struct turn *turn, const char *work_order_id);
struct error retell_reservation(struct turn *turn, const char *work_order_id);

/* ---- handlers/supply_part.c ---- */
/* The part for the visit that the order has now: out of its technician's van when a piece is free
 * there and no purchase is on its way yet, else ordered. */
struct error supply_part(struct turn *turn, const struct work_order *order);

/* ---- handlers/purchases.c: what suppliers say, what others ask ---- */
struct error list_purchase_orders(struct turn *turn, const void *message, struct reply *reply);
struct error update_purchase_order(struct turn *turn, const void *message, struct reply *reply);
struct error list_parts(struct turn *turn, const void *message, struct reply *reply);
struct error on_promise_passed(struct turn *turn, const char *work_order_id);

/* ---- handlers/retelling.c ---- */
struct error retell_parts(struct turn *turn, const char *subject);
struct error drop_work_orders(struct turn *turn, struct value subjects);

/* ---- handlers/catalogue.c ---- */
struct error post_catalogue(struct turn *turn, const void *message, struct reply *reply);
struct error load_catalogue(struct turn *turn, int count, char **words);
struct error list_questions(struct turn *turn, const void *message, struct reply *reply);
/* The catalogue knows now what a question asked for. */
struct error on_question_answered(struct turn *turn, const char *work_order_id);

/* ---- handlers/order_part.c ---- */
/* Orders the part that the order needs, once; an unknown one becomes a question. Nothing happens
 * when no part is needed, one is on its way already, or the order has ended. */
struct error order_part(struct turn *turn, const struct work_order *order);
/* Calls off the order's purchase, whatever the supplier has done about it; delivered stays
 * delivered: the part is at the customer's. Closes the order's question, too. */
struct error cancel_purchase(struct turn *turn, const char *work_order_id, const char *reason);

/* ---- handlers/tell_purchase.c: the purchase as it stands, told as its state or lateness ---- */
struct PurchaseOrder;
struct PurchaseOrder *purchase_message(struct turn *turn, const struct purchase *purchase);
void tell_state(struct turn *turn, const struct purchase *purchase);
/* The fact that says the state it is in; cancelled without its reason. */
const void *state_message(struct turn *turn, const struct purchase *purchase);
void tell_cancelled(struct turn *turn, const struct purchase *purchase, const char *reason);
void tell_late(struct turn *turn, const struct purchase *purchase);
/* Tells it when the part is promised for after the visit, once a pair of dates. */
void tell_if_too_late(struct turn *turn, struct purchase *purchase);
