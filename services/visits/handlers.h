/* What visits does: one function per fact, request and due time, in the order read, decide, write,
 * tell. */
#pragma once
#include "lib/service/db.h"
#include "lib/service/http.h"
#include "lib/service/turn.h"
#include "proto/matching.pb-c.h"
#include "services/visits/domain/choose_course.h"
#include "services/visits/store.h"

/* VISITS_MISSED_AFTER_MS: the grace behind the promise's last moment. */
extern int64_t missed_after_ms;

/* handlers/copies.c: what intake says */
struct error on_partner_changed(struct turn *turn, const void *message);
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_person_forgotten(struct turn *turn, const void *message);
struct error on_cost_line_accepted(struct turn *turn, const void *message);
struct error on_cost_line_refused(struct turn *turn, const void *message);

/* handlers/plans.c: what matching promises */
struct error on_visit_booked(struct turn *turn, const void *message);
struct error on_visit_moved(struct turn *turn, const void *message);
struct error on_visit_reassigned(struct turn *turn, const void *message);
struct error on_visit_rebooked(struct turn *turn, const void *message);
struct error on_visit_cancelled(struct turn *turn, const void *message);
/* Ends a visit that nobody is at; leaves others as they are. */
void call_off(struct turn *turn, struct course *course);

/* handlers/steps.c: what the technician says, and what time says */
struct error post_on_the_way(struct turn *turn, const void *message, struct reply *reply);
struct error post_there(struct turn *turn, const void *message, struct reply *reply);
struct error post_customer_absent(struct turn *turn, const void *message, struct reply *reply);
struct error on_missed_due(struct turn *turn, const char *work_order_id);

/* handlers/done.c */
struct error post_done(struct turn *turn, const void *message, struct reply *reply);

/* handlers/proof.c */
struct error post_photo(struct turn *turn, const void *message, struct reply *reply);
struct error post_signature(struct turn *turn, const void *message, struct reply *reply);
struct error get_file(struct turn *turn, const void *message, struct reply *reply);

/* handlers/retelling.c */
struct error retell_courses(struct turn *turn, const char *subject);
struct error drop_orders_and_rules(struct turn *turn, struct value subjects);

/* handlers/views.c */
struct error get_mine(struct turn *turn, const void *message, struct reply *reply);
struct error get_course(struct turn *turn, const void *message, struct reply *reply);
struct error get_protocol(struct turn *turn, const void *message, struct reply *reply);

/* ---- between them: handlers/own_course.c ---- */

/* All visits of the order in the path, when one of them is the acting technician's; the turn then
 * belongs to their partner. NOT_FOUND otherwise. */
struct error load_own_courses(struct turn *turn, struct course_list *ret_courses);
/* A technician's news about one of those visits: which, and when. `said_at` 0 means now. NOT_FOUND,
 * STATE, or INVALID with "/at". */
struct news {
    struct course *course;
    enum course_state becomes;
    timestamp at;
};
struct error take_news(struct turn *turn, struct course_list courses, enum course_event event,
                       timestamp said_at, struct news *ret_news);
/* A finding that ends the request with 422. */
struct error no_such_visit(const struct turn *turn);

/* The course as its facts carry it, with files and lines. */
struct error course_message(struct turn *turn, const struct course *course, Course **ret_message);
struct error reply_course(struct turn *turn, const struct course *course, struct reply *reply);
