/* The life of one visit's course: what may happen to it in which state. One table decides; whoever
 * changes a course asks it. Numbers are kept in PostgreSQL: never renumber. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define COURSE_STATES(STATE)                                                                       \
    STATE(NONE, 0, "not heard of")                                                                 \
    STATE(PLANNED, 1, "promised, nobody has set out")                                              \
    STATE(ON_THE_WAY, 2, "the technician has set out")                                             \
    STATE(THERE, 3, "the technician is at the customer's")                                         \
    STATE(DONE, 4, "finished, with the proof that the partner's rules ask for")                    \
    STATE(MISSED, 5, "the technician did not come in time")                                        \
    STATE(CANCELLED, 6, "called off, or replaced by another visit")                                \
    STATE(ABSENT, 7, "the technician came and the customer did not open")

#define COURSE_EVENTS(EVENT)                                                                       \
    EVENT(PLAN, "booked, moved or given to another technician")                                    \
    EVENT(SET_OUT, "the technician says: on the way")                                              \
    EVENT(COME, "the technician says: there")                                                      \
    EVENT(FINISH, "the technician says: done, with the protocol")                                  \
    EVENT(NOT_COME, "the hour has passed and nobody was there")                                    \
    EVENT(NOBODY_HOME, "the technician says: the customer does not open")                          \
    EVENT(CALL_OFF, "visit or work order was cancelled")

enum course_state {
#define X(name, number, says) COURSE_##name = number,
    COURSE_STATES(X)
#undef X
};

enum course_event {
#define X(name, says) EVENT_##name,
    COURSE_EVENTS(X)
#undef X
};

/* Where `event` leads from `from`. The same state again means: heard before or overtaken, kept in
 * the log, changes nothing. False (ret untouched): it cannot happen now. */
bool course_move(enum course_state from, enum course_event event, enum course_state *ret_to);
bool course_is_ended(enum course_state state);          /* done, missed, cancelled, absent */
const char *course_event_name(enum course_event event); /* "set_out" */
