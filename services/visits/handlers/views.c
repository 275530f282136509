/* What may be seen: the technician's own day with whom he visits, the course of an order, and its
 * protocol. */
#include "lib/domain/calendar.h"
#include "lib/service/person/person.h"
#include "services/visits/domain/need_to_know.h"
#include "services/visits/handlers.h"

/* The customer may have been forgotten meanwhile; the visit stays. */
static struct error load_customer(struct turn *turn, const struct course *course,
                                  CourseReply *reply)
{
    struct person person;
    struct error error = person_customer(turn, course->person_id, &person);

    if (error.kind == ERROR_REJECTED)
        return OK;
    TRY(error);
    reply->first_name = person.first_name;
    reply->phone = person.phone;
    reply->street = person.street;
    reply->house = person.house;
    reply->flat = person.flat;
    reply->town = person.town;
    return person_words(turn, course->description_key, &reply->description);
}

static struct error read_day(const struct turn *turn, int32_t *ret_date)
{
    const char *day = query_parameter(turn, "day");

    if (string_empty(day))
        *ret_date = date_from_timestamp(turn->now);
    else if (!date_parse(text_of(day), ret_date))
        return rejected(PROBLEM_INVALID, "day", "day \"%.20s\" is no date", day);
    return OK;
}

static struct error say_together(struct turn *turn, const struct course *course, CourseReply *reply)
{
    int64_t mates;

    TRY(store_count_mates(turn, course->visit_id, &mates));
    reply->together = mates ? arena_string(turn->arena, course->technician_name) : "";
    reply->along = !string_is(course->technician_id, turn->actor.id);
    return OK;
}

struct error get_mine(struct turn *turn, const void *message, struct reply *reply)
{
    CourseList *list = ARENA_NEW(turn->arena, CourseList);
    struct course_list courses = { 0 };
    int32_t date;

    (void)message;
    TRY(read_day(turn, &date));
    if (id_valid(turn->actor.id))
        TRY(store_load_day(turn, turn->actor.id, date_start(date), date_end(date), &courses));
    course_list__init(list);
    list->visits = ARENA_ARRAY(turn->arena, CourseReply *, courses.count + 1);
    for (size_t i = 0; i < courses.count; i++) {
        const struct course *course = &courses.at[i];
        CourseReply *visit = ARENA_NEW(turn->arena, CourseReply);
        if (!window_contains(need_to_know(course), turn->now))
            continue;
        course_reply__init(visit);
        turn_belongs_to(turn, course->partner_id);
        TRY(course_message(turn, course, &visit->course));
        TRY(load_customer(turn, course, visit));
        TRY(say_together(turn, course, visit));
        list->visits[list->n_visits++] = visit;
    }
    reply->message = list;
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}

static struct error load_visible(struct turn *turn, struct course_list *ret_courses)
{
    const char *work_order_id = path_parameter(turn, "work_order_id");

    if (!id_valid(work_order_id))
        return no_such_visit(turn);
    TRY(store_load_courses(turn, work_order_id, ret_courses));
    if (ret_courses->count == 0)
        return no_such_visit(turn);
    turn_belongs_to(turn, ret_courses->at[0].partner_id);
    return OK;
}

struct error get_course(struct turn *turn, const void *message, struct reply *reply)
{
    struct course_list courses = { 0 };

    (void)message;
    TRY(load_visible(turn, &courses));
    return reply_course(turn, &courses.at[live_course(courses.at, courses.count)], reply);
}

struct error get_protocol(struct turn *turn, const void *message, struct reply *reply)
{
    ProtocolReply *protocol = ARENA_NEW(turn->arena, ProtocolReply);
    const char *visit_id = query_parameter(turn, "visit_id");
    const struct course *course = NULL;
    struct course_list courses = { 0 };

    (void)message;
    TRY(load_visible(turn, &courses));
    for (size_t i = 0; i < courses.count; i++)
        if (!string_empty(courses.at[i].protocol_key) &&
            (string_empty(visit_id) || string_is(courses.at[i].visit_id, visit_id)))
            course = &courses.at[i];
    if (!course)
        return rejected(PROBLEM_NOT_FOUND, "protocol", "no visit of it has a protocol yet");
    if (turn->actor.kind == ACTOR_TECHNICIAN && !window_contains(need_to_know(course), turn->now))
        return no_such_visit(turn);
    protocol_reply__init(protocol);
    TRY(course_message(turn, course, &protocol->course));
    TRY(store_load_protocol(turn, course->visit_id, protocol));
    reply->message = protocol;
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}
