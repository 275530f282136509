/* The one table of moves between a course's states. */
#include "services/visits/domain/course_states.h"
#include "lib/base/array.h"

static const struct {
    enum course_state from;
    enum course_event event;
    enum course_state to;
} moves[] = {
    { COURSE_NONE, EVENT_PLAN, COURSE_PLANNED },
    { COURSE_PLANNED, EVENT_PLAN, COURSE_PLANNED },
    /* Moved or given to somebody else while one was driving: nobody has set out for it now. */
    { COURSE_ON_THE_WAY, EVENT_PLAN, COURSE_PLANNED },
    { COURSE_PLANNED, EVENT_SET_OUT, COURSE_ON_THE_WAY },
    { COURSE_PLANNED, EVENT_COME, COURSE_THERE },
    { COURSE_ON_THE_WAY, EVENT_COME, COURSE_THERE },
    { COURSE_THERE, EVENT_FINISH, COURSE_DONE },
    { COURSE_PLANNED, EVENT_NOT_COME, COURSE_MISSED },
    { COURSE_ON_THE_WAY, EVENT_NOT_COME, COURSE_MISSED },
    /* A late "there" is kept and restores the visit. */
    { COURSE_MISSED, EVENT_COME, COURSE_THERE },
    { COURSE_PLANNED, EVENT_NOBODY_HOME, COURSE_ABSENT },
    { COURSE_ON_THE_WAY, EVENT_NOBODY_HOME, COURSE_ABSENT },
    { COURSE_THERE, EVENT_NOBODY_HOME, COURSE_ABSENT },
    /* Who is at the door finishes, whatever was called off meanwhile. */
    { COURSE_PLANNED, EVENT_CALL_OFF, COURSE_CANCELLED },
    { COURSE_ON_THE_WAY, EVENT_CALL_OFF, COURSE_CANCELLED },
    /* A phone without network says things twice and late. */
    { COURSE_ON_THE_WAY, EVENT_SET_OUT, COURSE_ON_THE_WAY },
    { COURSE_THERE, EVENT_SET_OUT, COURSE_THERE },
    { COURSE_DONE, EVENT_SET_OUT, COURSE_DONE },
    { COURSE_MISSED, EVENT_SET_OUT, COURSE_MISSED },
    { COURSE_THERE, EVENT_COME, COURSE_THERE },
    { COURSE_DONE, EVENT_COME, COURSE_DONE },
    { COURSE_DONE, EVENT_FINISH, COURSE_DONE },
    { COURSE_ABSENT, EVENT_NOBODY_HOME, COURSE_ABSENT },
};

bool course_move(enum course_state from, enum course_event event, enum course_state *ret_to)
{
    EACH (move, moves) {
        if (move->from == from && move->event == event) {
            *ret_to = move->to;
            return true;
        }
    }
    return false;
}

bool course_is_ended(enum course_state state)
{
    return state == COURSE_DONE || state == COURSE_MISSED || state == COURSE_CANCELLED ||
           state == COURSE_ABSENT;
}

const char *course_event_name(enum course_event event)
{
    static const char *const names[] = {
        [EVENT_PLAN] = "plan",         [EVENT_SET_OUT] = "set_out",
        [EVENT_COME] = "come",         [EVENT_FINISH] = "finish",
        [EVENT_NOT_COME] = "not_come", [EVENT_NOBODY_HOME] = "nobody_home",
        [EVENT_CALL_OFF] = "call_off",
    };

    return names[event];
}
