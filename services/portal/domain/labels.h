/* Polish words for states, messages, refusals: what a page says of them. */
#pragma once
#include "services/portal/domain/customer_page.h"

struct label {
    const char *key;    /* "scheduled": in counters and JSON */
    const char *polish; /* "umówione": for people */
};
const struct label *order_label(enum order_state order);
const struct label *visit_label(enum visit_shown visit);
/* Of a counter's kind ("order", "visit", "message", "event") and key; the key itself when there is
 * no word for it. */
const char *label_of(const char *kind, const char *key);
/* Where the key stands in its kind's table, in the order of an order's life; unknown ones last. */
int label_rank(const char *kind, const char *key);
/* "potwierdzenie wizyty" of "booking_confirmation"; the key itself when it is not known. */
const char *message_label(const char *template_key);
/* "SMS", "e-mail"; the key itself when it is not known. */
const char *channel_label(const char *channel_key);
/* "Umawianie" of "matching", and why portal has put a fact aside; the key when it is not known. */
const char *service_label(const char *service);
const char *held_label(const char *kind);
/* "doręczona" of notifications.v1.MessageState. */
const char *delivery_label(int message_state);
/* Of one visit, as its technician sees it: "zaplanowana". */
const char *course_label(enum visit_shown visit);
/* "zamówiona" of a part's parts.v1.PurchaseState. */
const char *part_label(int purchase_state);

/* What a customer may give as his reason; the key goes to intake, so that no word of his own gets
 * into facts. */
struct label_list {
    const struct label *at;
    int count;
};
struct label_list cancel_reasons(void);
/* Why a visit has left work: first those after which somebody comes again, then those that end it.
 */
struct label_list further_reasons(bool ends);
const char *further_label(const char *reason); /* the key itself when it is not known */
/* How a call ended: key for intake, words for people. */
struct label_list call_outcomes(void);
/* Why somebody has to call, or why a report could not be read; the key itself when not known. */
const char *call_label(const char *reason);
const char *rule_label(const char *rule);
/* "e-mail" of intake.v1.Channel; "" when it is not known. */
const char *channel_name(int channel);
const struct label *cancel_reason(const char *key); /* NULL when there is none */

/* One sentence about what just happened, kept over a redirect by its key; NULL for an unknown key.
 */
struct flash {
    const char *key, *polish;
    bool is_good;
};
const struct flash *flash_of(const char *key);
