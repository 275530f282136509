/* The one table of moves in a work order's life. */
#pragma once
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

enum order_event {
    ORDER_GETS_HOUR,    /* booked, moved, re-booked */
    ORDER_LOSES_HOUR,   /* the visit was cancelled, the order stays */
    ORDER_FINDS_NOBODY, /* no technician can come in time */
    ORDER_IS_WORKED_ON, /* on the way or there */
    ORDER_IS_MISSED,    /* nobody came, or nobody was at home: back to looking for an hour */
    ORDER_IS_DONE,
    ORDER_IS_SETTLED,
    ORDER_IS_CANCELLED,
    ORDER_IS_UNFINISHED, /* its visit is done and has left work: back to looking for an hour */
    ORDER_EVENTS,
};

/* False, and `ret_state` untouched, when the table has no such move. */
bool order_move(enum order_state from, enum order_event event, enum order_state *ret_state);
/* One plain Polish sentence about a state, for people. */
const char *order_says(enum order_state state);
