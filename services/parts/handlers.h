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
struct error on_visit_rebooked(struct turn *turn, const void *message);
struct error on_visit_cancelled(struct turn *turn, const void *message);

/* ---- handlers/purchases.c: what suppliers say, what others ask ---- */
struct error list_purchase_orders(struct turn *turn, const void *message, struct reply *reply);
struct error update_purchase_order(struct turn *turn, const void *message, struct reply *reply);
struct error list_parts(struct turn *turn, const void *message, struct reply *reply);
struct error on_promise_passed(struct turn *turn, const char *work_order_id);

/* ---- handlers/retelling.c ---- */
struct error retell_purchases(struct turn *turn, const char *subject);
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
