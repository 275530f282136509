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
struct error wait_for_form(struct turn *turn, const char *home, struct reply *reply,
                           bool *ret_is_waiting);
/* open_customer, and after a form wait_for_form. */
struct error open_settled_customer(struct turn *turn, const char *purpose, struct reply *reply,
                                   struct customer *ret_customer, bool *ret_is_open);
/* Lets the browser bring along what a form's answer told, to pages below `path`. */
void keep_position(struct turn *turn, struct reply *reply, const struct answer *answer,
                   const char *path);
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
    const void *body;         /* message, written as JSON; NULL for none … */
    struct text bytes;        /* … or ready bytes … */
    const char *content_type; /* … of this type; lives as long as the process */
    const char *key;          /* Idempotency-Key; NULL for none */
    handle_answer on_answer;  /* its turn fills the reply; status 0: none of them answered in 5 s */
    struct text note;         /* comes back with the answer */
};
/* Asks in the actor's name; the reply is pending from here on. When nobody can be asked, on_answer
 * is called at once. An on_answer may ask again. */
struct error ask_owner(struct turn *turn, const struct actor *actor,
                       const struct question *question, struct reply *reply);
struct error ask_as_customer(struct turn *turn, const struct customer *customer,
                             const struct question *question, struct reply *reply);
struct actor actor_of_customer(const struct customer *customer);
struct actor actor_of_account(const struct account *account);
/* Gives the page's forms their hidden key: it comes back as Idempotency-Key, so that a double tap
 * takes effect once. */
void add_form_key(struct turn *turn, struct view *view);
/* The key that the page made; another one when somebody took it out. */
const char *form_key(struct turn *turn, const char *key);

/* handlers/staff.c: pages behind a token. */
struct staff {
    struct account account;
    struct actor actor;
};
/* Whoever has a token of one of these kinds; a work order in the path has the shape of an id. When
 * `ret_is_open` is false the reply is already filled: the way to sign in, that this page is not
 * his, or that there is none. */
struct error open_staff(struct turn *turn, unsigned kinds, struct reply *reply,
                        struct staff *ret_staff, bool *ret_is_open);
/* The same for a form: refuses one that another site posted. */
struct error open_staff_form(struct turn *turn, unsigned kinds, struct reply *reply,
                             struct staff *ret_staff, bool *ret_is_open);
/* No answer in time, or one that makes no sense. */
struct error reply_staff_without_answer(struct turn *turn, const char *back, struct reply *reply);
/* What an owner found wrong, in Polish; empty when his answer is no problem document. */
struct finding {
    const char *pointer; /* "/customer/phone", or "" */
    const char *detail;
};
struct findings {
    const struct finding *at;
    size_t count;
    const char *slug; /* of the problem's type */
};
struct findings read_findings(struct turn *turn, struct text body);
/* Shows them above a form: the list `findings` of `finding`. */
void add_findings(struct view *view, const struct findings *findings);

/* handlers/visit_page.c and handlers/visit_forms.c: the link for a visit. */
struct error show_link(struct turn *turn, const void *message, struct reply *reply);
struct error show_hours(struct turn *turn, const void *message, struct reply *reply);
struct error choose_hour(struct turn *turn, const void *message, struct reply *reply);
struct error move_visit(struct turn *turn, const void *message, struct reply *reply);
struct error cancel_order(struct turn *turn, const void *message, struct reply *reply);
/* handlers/calendar_link.c */
struct error show_calendar(struct turn *turn, const void *message, struct reply *reply);
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

/* handlers/technician_day.c, technician_visit.c, technician_forms.c: the technician's own pages. */
struct error show_technician_day(struct turn *turn, const void *message, struct reply *reply);
struct error show_technician_visit(struct turn *turn, const void *message, struct reply *reply);
struct error say_on_the_way(struct turn *turn, const void *message, struct reply *reply);
struct error say_there(struct turn *turn, const void *message, struct reply *reply);
struct error say_absent(struct turn *turn, const void *message, struct reply *reply);
struct error say_done(struct turn *turn, const void *message, struct reply *reply);
struct error send_photo(struct turn *turn, const void *message, struct reply *reply);
struct error send_signature(struct turn *turn, const void *message, struct reply *reply);

/* handlers/technician_calendar.c: his hours and his time off. */
struct error show_technician_calendar(struct turn *turn, const void *message, struct reply *reply);
struct error enter_absence(struct turn *turn, const void *message, struct reply *reply);
struct error take_absence_back(struct turn *turn, const void *message, struct reply *reply);

/* handlers/consultant_home.c, consultant_report.c, consultant_order.c: the caller is on the line.
 */
struct error show_consultant_home(struct turn *turn, const void *message, struct reply *reply);
struct error close_call(struct turn *turn, const void *message, struct reply *reply);
struct error show_report_form(struct turn *turn, const void *message, struct reply *reply);
struct error take_report(struct turn *turn, const void *message, struct reply *reply);
struct error show_consultant_order(struct turn *turn, const void *message, struct reply *reply);
struct error show_consultant_hours(struct turn *turn, const void *message, struct reply *reply);
struct error book_for_caller(struct turn *turn, const void *message, struct reply *reply);
struct error move_for_caller(struct turn *turn, const void *message, struct reply *reply);
struct error cancel_for_caller(struct turn *turn, const void *message, struct reply *reply);

/* handlers/order_trace.c: what all services told of one order, for those who look why. */
struct error show_order_trace(struct turn *turn, const void *message, struct reply *reply);

/* handlers/partner_home.c, partner_orders.c: a partner's own orders and nobody else's. */
struct error show_partner_home(struct turn *turn, const void *message, struct reply *reply);
struct error show_partner_tiles(struct turn *turn, const void *message, struct reply *reply);
struct error show_partner_orders(struct turn *turn, const void *message, struct reply *reply);
struct error show_partner_order(struct turn *turn, const void *message, struct reply *reply);

/* handlers/order_view.c: orders as our people's and partners' pages show them. */
/* Number, state, service, partner, town, reference, visit and when it was taken. */
void add_order_head(struct turn *turn, struct view *view, const struct order_head *head);
/* The list `orders`. */
void add_orders(struct turn *turn, struct view *view, const struct order_list *list);
/* The list `story`: what happened to an order, oldest first. */
struct error add_story(struct turn *turn, struct view *view, const char *work_order_id);
/* The order's visits that are done, but for the one at `shown_at`, which the page shows already. */
struct error add_past_visits(struct turn *turn, struct view *view, const char *work_order_id,
                             timestamp shown_at);
/* "22.11, 10:15". */
const char *short_moment(struct turn *turn, timestamp at);
/* "Dojazd" of "dojazd"; the item itself when no list has it. */
const char *price_name(const struct price_row prices[], int count, const char *item);
/* A part, its state and when it will be there; `visit` is the order's newest, `whose` as in
 * part_says. */
void add_order_part(struct turn *turn, struct view *item, const struct part_row *part,
                    const struct visit_row *visit, const char *whose);
/* The list `parts` of an order. */
struct error add_order_parts(struct turn *turn, struct view *view, const char *work_order_id,
                             const struct visit_row *visit, const char *whose);
/* The list `reasons` of a cancellation. */
void add_reasons(struct view *view);

/* handlers/day.c: the running day, for our people. */
struct error show_day(struct turn *turn, const void *message, struct reply *reply);
struct error show_day_numbers(struct turn *turn, const void *message, struct reply *reply);
struct error fold_tally(struct turn *turn, const char *nothing);
struct error sweep(struct turn *turn, const char *nothing);

/* handlers/files.c */
struct error show_front(struct turn *turn, const void *message, struct reply *reply);
struct error show_nothing(struct turn *turn, const void *message, struct reply *reply);
struct error serve_static(struct turn *turn, const void *message, struct reply *reply);

/* handlers/drops.c: copies that nobody owns any more. */
struct error drop_orders(struct turn *turn, struct value subjects);
struct error drop_visits(struct turn *turn, struct value subjects);
struct error drop_parts(struct turn *turn, struct value subjects);
struct error drop_links(struct turn *turn, struct value subjects);

/* handlers/order_facts.c, visit_facts.c, other_facts.c: copies of what others told. */
/* Notes a fact in the log of events and counts it. `word` and `hour_at` as in struct event. */
void note_fact(struct turn *turn, const char *partner_id, const char *work_order_id,
               const char *word, timestamp hour_at);
/* The same for what an order's trace shows and its story does not. */
void note_behind_the_story(struct turn *turn, const char *partner_id, const char *work_order_id,
                           const char *word);
/* Copies are written behind the wall of the fact's own partner. */
void stay_behind_wall(struct turn *turn, const char *partner_id);

struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_address_located(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_person_forgotten(struct turn *turn, const void *message);
struct error on_work_order_progressed(struct turn *turn, const void *message);
struct error on_report_refused(struct turn *turn, const void *message);
struct error on_report_quarantined(struct turn *turn, const void *message);
struct error on_reservation_changed(struct turn *turn, const void *message);
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
struct error on_cost_line_asked(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);

struct error on_part_ordered(struct turn *turn, const void *message);
struct error on_part_confirmed(struct turn *turn, const void *message);
struct error on_part_shipped(struct turn *turn, const void *message);
struct error on_part_delivered(struct turn *turn, const void *message);
struct error on_part_late(struct turn *turn, const void *message);
struct error on_part_cancelled(struct turn *turn, const void *message);
struct error on_part_reserved(struct turn *turn, const void *message);
struct error on_part_released(struct turn *turn, const void *message);
struct error on_message_sent(struct turn *turn, const void *message);
struct error on_message_failed(struct turn *turn, const void *message);
struct error on_message_dropped(struct turn *turn, const void *message);
struct error on_link_issued(struct turn *turn, const void *message);
struct error on_visit_move_asked(struct turn *turn, const void *message);
struct error on_survey_opened(struct turn *turn, const void *message);
struct error on_survey_answered(struct turn *turn, const void *message);
struct error on_cost_line_booked(struct turn *turn, const void *message);
struct error on_price_list_published(struct turn *turn, const void *message);
