/* Everything that portal does, by topic; main.c's tables name them. */
#pragma once
#include "lib/service/service.h"
#include "services/portal/config.h"
#include "services/portal/page.h"
#include "services/portal/store.h"

/* handlers/accounts.c: who is signed in. */
struct error authenticate(struct turn *turn, const void *message, struct reply *reply);
struct error show_sign_in(struct turn *turn, const void *message, struct reply *reply);
struct error sign_in(struct turn *turn, const void *message, struct reply *reply);
struct error sign_out(struct turn *turn, const void *message, struct reply *reply);
struct error issue_token(struct turn *turn, int count, char **words);
struct error revoke_tokens(struct turn *turn, int count, char **words);
/* Whose token the request carries, as cookie or bearer; kind is ACTOR_NOBODY without a good one. */
struct error load_caller(struct turn *turn, struct account *ret_account);
/* Whose wrong guesses are counted: the address that nginx saw. */
struct text caller_address(struct turn *turn);

/* handlers/customer.c: whoever opened a link. */
struct customer {
    struct link link;
    struct customer_order order;
    struct customer_choice choice;
    const char *home; /* "/s/<token>" */
};
/* Finds the link in the path and loads what its page shows. `purpose` is what the link must be for,
 * NULL for anything. When `ret_is_open` is false the reply is already filled. */
struct error open_customer(struct turn *turn, const char *purpose, struct reply *reply,
                           struct customer *ret_customer, bool *ret_is_open);
/* The same for a form: refuses one that another site posted. */
struct error open_customer_form(struct turn *turn, const char *purpose, struct reply *reply,
                                struct customer *ret_customer, bool *ret_is_open);
/* After a redirect: waits until portal has heard what the form's answer told. True when the reply
 * is filled with a page that says so. */
struct error wait_for_form(struct turn *turn, const struct customer *customer, struct reply *reply,
                           bool *ret_is_waiting);
/* Sends the browser on to `to`, with one sentence to be shown there (a key of flash_of). */
void redirect_with_flash(struct turn *turn, struct reply *reply, const char *to, const char *flash);
/* Puts the sentence that a redirect brought along into the view, once. */
void show_flash(struct turn *turn, struct reply *reply, struct view *view);
/* Nobody knows whether it took effect: no answer in time, or one that makes no sense. */
struct error reply_without_answer(struct turn *turn, const struct customer *customer,
                                  struct reply *reply);

/* handlers/ask_owner.c: the only calls that one service makes to another. */
struct question {
    const char *urls; /* addresses of the owner's processes */
    const char *method, *path;
    const void *body;        /* message, written as JSON; NULL for none */
    const char *key;         /* Idempotency-Key; NULL for none */
    handle_answer on_answer; /* its turn fills the reply; status 0: none of them answered in 5 s */
};
/* Asks as the customer of the link; the reply is pending from here on, unless nobody can be asked.
 */
struct error ask_owner(struct turn *turn, const struct customer *customer,
                       const struct question *question, struct reply *reply);

/* handlers/visit_page.c and handlers/visit_forms.c: the link for a visit. */
struct error show_link(struct turn *turn, const void *message, struct reply *reply);
struct error show_hours(struct turn *turn, const void *message, struct reply *reply);
struct error choose_hour(struct turn *turn, const void *message, struct reply *reply);
struct error move_visit(struct turn *turn, const void *message, struct reply *reply);
struct error cancel_order(struct turn *turn, const void *message, struct reply *reply);
/* What happened to a form, as the owner told it: redirects, or says that nobody knows. */
struct form_outcome {
    const char *done;     /* flash when it took effect */
    const char *again;    /* where another choice can be made */
    const char *unusable; /* flash when the owner finds the form's content unusable */
};
struct error reply_to_form(struct turn *turn, const struct customer *customer,
                           const struct answer *answer, const struct form_outcome *outcome,
                           struct reply *reply);

/* handlers/survey_page.c */
struct error show_survey(struct turn *turn, const struct customer *customer, struct reply *reply);
struct error answer_survey(struct turn *turn, const void *message, struct reply *reply);

/* handlers/day.c: the running day, for our people. */
struct error show_day(struct turn *turn, const void *message, struct reply *reply);
struct error show_day_numbers(struct turn *turn, const void *message, struct reply *reply);
struct error fold_tally(struct turn *turn, const char *nothing);
struct error sweep(struct turn *turn, const char *nothing);

/* handlers/files.c */
struct error show_front(struct turn *turn, const void *message, struct reply *reply);
struct error show_nothing(struct turn *turn, const void *message, struct reply *reply);
struct error serve_static(struct turn *turn, const void *message, struct reply *reply);

/* handlers/order_facts.c, visit_facts.c, other_facts.c: copies of what others told. */
/* Notes a fact in the log of events and counts it. `word` and `hour_at` as in struct event. */
void note_fact(struct turn *turn, const char *partner_id, const char *work_order_id,
               const char *word, timestamp hour_at);
/* Copies are written behind the wall of the fact's own partner. */
void stay_behind_wall(struct turn *turn, const char *partner_id);

struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_address_located(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_person_forgotten(struct turn *turn, const void *message);
struct error on_work_order_progressed(struct turn *turn, const void *message);
struct error on_report_refused(struct turn *turn, const void *message);
struct error on_report_quarantined(struct turn *turn, const void *message);
struct error on_call_task_opened(struct turn *turn, const void *message);
struct error on_call_task_closed(struct turn *turn, const void *message);
struct error on_cost_line_accepted(struct turn *turn, const void *message);
struct error on_cost_line_refused(struct turn *turn, const void *message);
struct error on_partner_changed(struct turn *turn, const void *message);

struct error on_visit_booked(struct turn *turn, const void *message);
struct error on_visit_moved(struct turn *turn, const void *message);
struct error on_visit_reassigned(struct turn *turn, const void *message);
struct error on_visit_cancelled(struct turn *turn, const void *message);
struct error on_visit_rebooked(struct turn *turn, const void *message);
struct error on_visit_move_refused(struct turn *turn, const void *message);
struct error on_visit_finished(struct turn *turn, const void *message);
struct error on_work_order_unstaffed(struct turn *turn, const void *message);
struct error on_technician_on_the_way(struct turn *turn, const void *message);
struct error on_technician_there(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);

struct error on_part_ordered(struct turn *turn, const void *message);
struct error on_part_confirmed(struct turn *turn, const void *message);
struct error on_part_shipped(struct turn *turn, const void *message);
struct error on_part_delivered(struct turn *turn, const void *message);
struct error on_part_late(struct turn *turn, const void *message);
struct error on_part_cancelled(struct turn *turn, const void *message);
struct error on_message_sent(struct turn *turn, const void *message);
struct error on_message_failed(struct turn *turn, const void *message);
struct error on_message_dropped(struct turn *turn, const void *message);
struct error on_link_issued(struct turn *turn, const void *message);
struct error on_visit_move_asked(struct turn *turn, const void *message);
struct error on_survey_opened(struct turn *turn, const void *message);
struct error on_survey_answered(struct turn *turn, const void *message);
struct error on_cost_line_booked(struct turn *turn, const void *message);
