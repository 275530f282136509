#include "services/visits/domain/course_states.h"
#include <criterion/criterion.h>

enum { STATES = COURSE_ABSENT + 1, EVENTS = EVENT_CALL_OFF + 1, REFUSED = -1 };

/* Every pair. Columns: plan, set out, come, finish, not come, nobody home, call off. */
static const int expected[STATES][EVENTS] = {
    [COURSE_NONE] = { COURSE_PLANNED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED },
    [COURSE_PLANNED] = { COURSE_PLANNED, COURSE_ON_THE_WAY, COURSE_THERE, REFUSED, COURSE_MISSED,
                         COURSE_ABSENT, COURSE_CANCELLED },
    [COURSE_ON_THE_WAY] = { COURSE_PLANNED, COURSE_ON_THE_WAY, COURSE_THERE, REFUSED, COURSE_MISSED,
                            COURSE_ABSENT, COURSE_CANCELLED },
    [COURSE_THERE] = { REFUSED, COURSE_THERE, COURSE_THERE, COURSE_DONE, REFUSED, COURSE_ABSENT,
                       REFUSED },
    [COURSE_DONE] = { REFUSED, COURSE_DONE, COURSE_DONE, COURSE_DONE, REFUSED, REFUSED, REFUSED },
    [COURSE_MISSED] = { REFUSED, COURSE_MISSED, COURSE_THERE, REFUSED, REFUSED, REFUSED, REFUSED },
    [COURSE_CANCELLED] = { REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED },
    [COURSE_ABSENT] = { REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, COURSE_ABSENT, REFUSED },
};

static const char *const state_says[] = {
#define X(name, number, says) [(number)] = (says),
    COURSE_STATES(X)
#undef X
};
static const char *const event_says[] = {
#define X(name, says) [EVENT_##name] = (says),
    COURSE_EVENTS(X)
#undef X
};

Test(course_states, every_pair)
{
    for (int from = 0; from < STATES; from++) {
        for (int event = 0; event < EVENTS; event++) {
            enum course_state to = COURSE_CANCELLED;
            bool moves = course_move((enum course_state)from, (enum course_event)event, &to);
            cr_expect_eq(moves ? (int)to : REFUSED, expected[from][event], "%s; then %s",
                         state_says[from], event_says[event]);
            if (!moves)
                cr_expect_eq(to, COURSE_CANCELLED, "ret is untouched when it cannot happen");
        }
    }
}

Test(course_states, only_a_missed_visit_comes_back_from_its_end)
{
    for (int from = 0; from < STATES; from++) {
        for (int event = 0; event < EVENTS; event++) {
            enum course_state to;
            bool moves = course_move((enum course_state)from, (enum course_event)event, &to);
            if (moves && course_is_ended((enum course_state)from) && from != COURSE_MISSED)
                cr_expect_eq((int)to, from, "%s; then %s", state_says[from], event_says[event]);
        }
    }
}

Test(course_states, events_have_names)
{
    for (int event = 0; event < EVENTS; event++)
        cr_expect_gt(strlen(course_event_name((enum course_event)event)), 3, "event %d", event);
}
