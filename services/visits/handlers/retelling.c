/* The courses of an order's visits, told again as far as they were told; and copies dropped. */
#include "lib/base/array.h"
#include "services/visits/handlers.h"

static struct error retell_course(struct turn *turn, const struct course *course)
{
    TechnicianOnTheWay on_the_way = TECHNICIAN_ON_THE_WAY__INIT;
    TechnicianThere there = TECHNICIAN_THERE__INIT;
    VisitDone done = VISIT_DONE__INIT;
    VisitMissed missed = VISIT_MISSED__INIT;
    const void *told[] = {
        [COURSE_ON_THE_WAY] = &on_the_way, [COURSE_THERE] = &there,   [COURSE_DONE] = &done,
        [COURSE_MISSED] = &missed,         [COURSE_ABSENT] = &missed,
    };
    const timestamp at[] = {
        [COURSE_ON_THE_WAY] = course->on_the_way_at, [COURSE_THERE] = course->there_at
    };
    size_t state = (size_t)course->state;
    Course *message;

    if (state >= COUNT(told) || !told[state])
        return OK; /* planned, or called off: that is matching's to tell */
    TRY(course_message(turn, course, &message));
    on_the_way.course = there.course = done.course = missed.course = message;
    turn_belongs_to(turn, course->partner_id);
    retell(turn, course->work_order_id, told[state],
           state < COUNT(at) && at[state] ? at[state] : course->ended_at);
    return OK;
}

struct error retell_courses(struct turn *turn, const char *subject)
{
    struct course_list courses = { 0 };

    if (!id_valid(subject))
        return OK;
    TRY(store_load_courses(turn, subject, &courses));
    for (size_t i = 0; i < courses.count; i++)
        TRY(retell_course(turn, &courses.at[i]));
    return OK;
}

struct error drop_orders_and_rules(struct turn *turn, struct value subjects)
{
    store_drop_work_orders(turn, subjects);
    store_drop_protocol_rules(turn, subjects);
    return OK;
}
