/* The technician's pages among themselves. */
#pragma once
#include "proto/visits.pb-c.h"
#include "services/portal/handlers.h"

/* The day that the address names ("day=2026-11-24"), today without one. */
int32_t technician_date(const struct turn *turn);
/* Asks visits for the technician's own visits of that day. */
struct error ask_mine(struct turn *turn, const struct staff *staff, handle_answer on_answer,
                      struct text note, struct reply *reply);
/* The list in visits' answer; false when it is none. */
bool read_mine(struct turn *turn, const struct answer *answer, const CourseList **ret_list);
/* The head of a turn with visits' answer: the technician and his list. When `ret_is_open` is false
 * the reply is already filled. */
struct error open_mine(struct turn *turn, const struct answer *answer, struct staff *ret_staff,
                       const CourseList **ret_list, bool *ret_is_open);
/* Fills what every view of a visit shows: when, what, where, who. */
struct error add_stop(struct turn *turn, struct view *view, const CourseReply *visit);
enum visit_shown shown_course(const Course *course);
/* "Prosta 5/12, Warszawa" and links to it. */
void add_contact(struct turn *turn, struct view *view, const CourseReply *visit);

/* handlers/technician_visit.c: the page of one visit, with what an owner or portal itself found
 * wrong in its form; `note` is a problem document, empty for none. */
struct error show_visit_again(struct turn *turn, const struct staff *staff, struct text note,
                              struct reply *reply);
