/* Everything that intake does, by topic; main.c's tables name them. */
#pragma once
#include "lib/service/service.h"
#include "proto/intake.pb-c.h"
#include "services/intake/store.h"

struct intake_config {
    const char *gazetteer; /* file of Polish places */
    const char *imap_url, *imap_user, *imap_password;
    int64_t call_within_ms; /* a call task is due so long after it was opened */
};
extern struct intake_config intake_config;

/* handlers/open_order.c: one way in for every channel. */
struct refusal {
    enum problem problem;
    const char *rule;    /* "not_covered", "phone", … */
    const char *pointer; /* JSON pointer of the field */
    const char *says;    /* Polish, for people */
    bool is_for_person;  /* could not be read for sure: a mail goes to quarantine, an API call is
                            told */
};
struct opening {
    struct refusal refusal; /* rule is NULL when an order was opened or joined */
    bool is_joined;
    struct order_record record;
    const char *following[FOLLOWING_MOST]; /* orders opened with it, in their order */
    size_t following_count;
    const char *not_followed; /* why the next of them was not; NULL when all were */
};
/* Decides, reserves, opens and tells, inside this turn; ends the report. Only trouble that is
 * nobody's fault comes back as an error. */
struct error open_order(struct turn *turn, const struct report *report,
                        const WorkOrderRequest *request, struct opening *ret_opening);
struct error load_gazetteer(struct turn *turn);

/* handlers/following.c: orders whose work waits for another's. */
/* Whether `request` may follow the order that it names; `ret_before` is that order, of length 0
 * when it names none. */
struct error check_after(struct turn *turn, const WorkOrderRequest *request, const char *partner_id,
                         struct before *ret_before, struct refusal *ret_refusal);
/* Says on the order what it comes after, and moves its bounds to where that leaves it. */
void put_after(WorkOrder *order, const char *work_order_id, const struct before *before,
               int64_t gap_ms, int64_t answer_within_ms);
/* The order has its hour, or needs none: whoever comes after it may have his, from now on. */
struct error let_next_choose(struct turn *turn, const WorkOrder *order);
/* That the customer may be asked for the hour of `order`, which waits for nobody. */
void tell_may_choose(struct turn *turn, WorkOrder *order);
/* A contract's services follow each other to an end. */
struct error check_services(const Contract *contract);

/* handlers/orders.c */
void ask_order_terms(struct turn *turn); /* receive_order's `ahead` */
struct error receive_order(struct turn *turn, const void *message, struct reply *reply);
struct error show_order(struct turn *turn, const void *message, struct reply *reply);
struct error list_orders(struct turn *turn, const void *message, struct reply *reply);
struct error cancel_order(struct turn *turn, const void *message, struct reply *reply);
Actor *actor_message(struct turn *turn); /* who does this turn */
WorkOrderReply *order_reply(struct turn *turn, const struct order_record *record);

/* handlers/progress.c: facts of others move the order on. */
struct error on_visit_booked(struct turn *turn, const void *message);
struct error on_visit_moved(struct turn *turn, const void *message);
struct error on_visit_reassigned(struct turn *turn, const void *message);
struct error on_visit_cancelled(struct turn *turn, const void *message);
struct error on_visit_rebooked(struct turn *turn, const void *message);
struct error on_work_order_unstaffed(struct turn *turn, const void *message);
struct error on_technician_on_the_way(struct turn *turn, const void *message);
struct error on_technician_there(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);
struct error progress_order(struct turn *turn, struct order_record *record, int event);

/* handlers/forgetting.c */
struct error forget_customer(struct turn *turn, const void *message, struct reply *reply);
struct error forget_ownerless(struct turn *turn, const char *nothing);

/* handlers/reservations.c */
struct error release_unbooked(struct turn *turn, const char *work_order_id);
/* For an order that gets an hour after its reservation was given back; the caller saves it. */
struct error reserve_again(struct turn *turn, struct order_record *record);

/* handlers/cost_lines.c */
struct error on_price_list_published(struct turn *turn, const void *message);
struct error on_cost_line_asked(struct turn *turn, const void *message);
struct error on_cost_line_booked(struct turn *turn, const void *message);
/* CostLineAccepted or CostLineRefused. */
const void *line_message(struct turn *turn, WorkOrder *order, const struct answered_line *line);
/* Gives back what the order reserved and will not use, once its last line is answered. */
struct error close_money(struct turn *turn, struct order_record *record);

/* handlers/call_tasks.c */
struct error open_due_call_task(struct turn *turn, const char *work_order_id);
struct error list_call_tasks(struct turn *turn, const void *message, struct reply *reply);
struct error close_call_task(struct turn *turn, const void *message, struct reply *reply);
/* Ends the order's open task, if any: an hour was agreed, or the order ended. */
/* No hour yet, and none lost for good. */
bool order_wants_hour(const WorkOrder *order);
struct error end_call_task(struct turn *turn, const WorkOrder *order, const char *outcome);

/* handlers/mails.c */
struct error poll_mail(struct turn *turn, const char *nothing);
struct error read_report(struct turn *turn, const char *report_id);
struct error list_quarantine(struct turn *turn, const void *message, struct reply *reply);
struct error show_conservation(struct turn *turn, const void *message, struct reply *reply);

/* handlers/retelling.c */
struct error retell_intake(struct turn *turn, const char *subject);

/* handlers/adoption.c */
/* Decides the order's path and says it on the order; of mail and shadow, who picks the hour. */
void adopt(struct turn *turn, const Adoption *told, WorkOrder *order);
struct error change_adoption(struct turn *turn, const void *message, struct reply *reply);
struct error show_adoption(struct turn *turn, const void *message, struct reply *reply);

/* handlers/partners.c */
struct error save_partner(struct turn *turn, const void *message, struct reply *reply);
struct error list_guarantees(struct turn *turn, const void *message, struct reply *reply);
struct error authenticate(struct turn *turn, const void *message, struct reply *reply);
