/* What the customer of an order sees by the link, and what the page lets him do. The owners of the
 * data decide again when he does it. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

/* The same numbers as intake.v1.WorkOrderState on the wire. */
enum order_state {
    ORDER_NONE = 0,
    ORDER_OPENED = 1,
    ORDER_SCHEDULED = 2,
    ORDER_UNDER_WAY = 3,
    ORDER_DONE = 4,
    ORDER_SETTLED = 5,
    ORDER_CANCELLED = 6,
    ORDER_UNSTAFFED = 7,
    ORDER_WAITING_FOR_PART = 8,
    ORDER_STATES,
};

/* A visit as it is shown: matching's state and visits' course in one. */
enum visit_shown {
    VISIT_NONE,
    VISIT_AGREED,
    VISIT_ON_THE_WAY,
    VISIT_THERE,
    VISIT_OVER, /* done */
    VISIT_NOT_HELD,
    VISIT_CALLED_OFF,
    VISIT_SHOWN_STATES,
};

/* The same numbers as matching.v1.VisitState and visits.v1.CourseState. */
enum { BOOK_BOOKED = 2, BOOK_CANCELLED = 3, BOOK_MISSED = 4, BOOK_DONE = 5 };
enum {
    COURSE_PLANNED = 1,
    COURSE_ON_THE_WAY = 2,
    COURSE_THERE = 3,
    COURSE_DONE = 4,
    COURSE_MISSED = 5,
    COURSE_CANCELLED = 6,
};
/* `booked` and `course` are what the two services told last; 0 when one has told nothing yet. The
 * two are heard in any order: what ends a visit wins, then what is farther on. */
enum visit_shown show_visit(int booked, int course);

struct customer_facts {
    enum order_state order;
    enum visit_shown visit; /* the order's newest */
    timestamp start_at;     /* of it */
    timestamp now;
};

enum customer_page {
    PAGE_CHOOSE, /* hours to choose from */
    PAGE_VISIT,  /* the visit */
    PAGE_ENDED,  /* the order ended without one */
};
enum customer_line {
    LINE_CHOOSE,
    LINE_AGREED,
    LINE_ON_THE_WAY,
    LINE_THERE,
    LINE_OVER,
    LINE_NOT_HELD,   /* and a new hour is being looked for */
    LINE_UNFINISHED, /* and the hour for the rest is being looked for */
    LINE_CALLED_OFF,
    LINE_UNSTAFFED,
    LINE_WAITING_FOR_PART,
};
struct customer_choice {
    enum customer_page page;
    enum customer_line line;
    bool may_move;   /* to another hour */
    bool may_cancel; /* the whole order */
};
struct customer_choice choose_customer_page(const struct customer_facts *facts);
