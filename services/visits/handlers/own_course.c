/* What every request of a technician begins with, and how a course is told. */
#include "services/visits/handlers.h"

_Static_assert((int)COURSE_PLANNED == (int)COURSE_STATE__PLANNED, "one numbering");
_Static_assert((int)COURSE_ON_THE_WAY == (int)COURSE_STATE__ON_THE_WAY, "one numbering");
_Static_assert((int)COURSE_THERE == (int)COURSE_STATE__THERE, "one numbering");
_Static_assert((int)COURSE_DONE == (int)COURSE_STATE__DONE, "one numbering");
_Static_assert((int)COURSE_MISSED == (int)COURSE_STATE__MISSED, "one numbering");
_Static_assert((int)COURSE_CANCELLED == (int)COURSE_STATE__CANCELLED, "one numbering");

struct error no_such_visit(const struct turn *turn)
{
    return rejected(PROBLEM_NOT_FOUND, "work_order_id", "no visit of %.40s behind this wall",
                    path_parameter(turn, "work_order_id"));
}

struct error load_own_courses(struct turn *turn, struct course_list *ret_courses)
{
    const char *work_order_id = path_parameter(turn, "work_order_id");
    struct course_list own;

    if (!id_valid(work_order_id))
        return no_such_visit(turn);
    /* Before the turn belongs to a partner, the wall shows a technician his own visits alone. */
    TRY(store_load_courses(turn, work_order_id, &own));
    if (own.count == 0)
        return no_such_visit(turn);
    turn_belongs_to(turn, own.at[0].partner_id);
    return store_load_courses(turn, work_order_id, ret_courses);
}

static struct error refuse_state(struct turn *turn, enum course_state was)
{
    static const char *const sentences[] = {
        [COURSE_PLANNED] = "Wizyta jest zaplanowana: najpierw zgłoś przyjazd",
        [COURSE_ON_THE_WAY] = "Technik jest w drodze: najpierw zgłoś przyjazd",
        [COURSE_THERE] = "Technik jest już na miejscu",
        [COURSE_DONE] = "Wizyta jest już zakończona",
        [COURSE_MISSED] = "Wizyta została uznana za nieodbytą",
        [COURSE_CANCELLED] = "Wizyta została odwołana",
        [COURSE_ABSENT] = "Zapisano już, że klienta nie było",
    };

    violations_add(request_violations(turn), (struct violation){ "", "state", sentences[was] });
    return rejected(PROBLEM_STATE, NULL, "the visit's state is %d", (int)was);
}

struct error take_news(struct turn *turn, struct course_list courses, enum course_event event,
                       timestamp said_at, struct news *ret_news)
{
    const struct course_news news = { .technician_id = turn->actor.id,
                                      .event = event,
                                      .at = said_at ? said_at : turn->now,
                                      .now = turn->now };
    struct course_choice choice = choose_course(courses.at, courses.count, &news);

    switch (choice.verdict) {
    case COURSE_NOT_HIS:
        return no_such_visit(turn);
    case COURSE_NOT_ALLOWED:
        return refuse_state(turn, choice.was);
    case COURSE_NOT_THEN:
        return refuse_field(turn, "/at", "range",
                            "Czas zdarzenia: najwcześniej 12 godzin przed umówioną godziną i nie "
                            "później niż 5 minut od teraz");
    case COURSE_CHOSEN:
        break;
    }
    ret_news->course = &courses.at[choice.at];
    ret_news->at = news.at;
    bool moves = course_move(ret_news->course->state, event, &ret_news->becomes);
    assert(moves); /* or it would not have been chosen */
    return OK;
}

static CourseState told_state(enum course_state state)
{
    return state == COURSE_ABSENT ? COURSE_STATE__MISSED : (CourseState)state;
}

static MissedBy told_missed_by(enum course_state state)
{
    return state == COURSE_ABSENT   ? MISSED_BY__CUSTOMER
           : state == COURSE_MISSED ? MISSED_BY__TECHNICIAN
                                    : MISSED_BY__MISSED_BY_UNSPECIFIED;
}

/* NULL when nothing is left to do. */
static FurtherWork *further_message(struct turn *turn, const struct course *course)
{
    if (string_empty(course->further))
        return NULL;
    FurtherWork *message = ARENA_NEW(turn->arena, FurtherWork);
    further_work__init(message);
    message->reason = course->further_reason;
    message->length_ms = course->further_length_ms;
    message->earliest_at = course->further_earliest_at;
    message->none = string_is(course->further, "none");
    return message;
}

struct error course_message(struct turn *turn, const struct course *course, Course **ret_message)
{
    Course *message = ARENA_NEW(turn->arena, Course);
    bool is_missed = course->state == COURSE_MISSED || course->state == COURSE_ABSENT;

    course__init(message);
    message->visit_id = course->visit_id;
    message->work_order_id = course->work_order_id;
    message->partner_id = course->partner_id;
    message->technician_id = course->technician_id;
    message->technician_name = course->technician_name;
    message->person_id = course->person_id;
    message->service_id = course->service_id;
    message->number = course->number;
    message->state = told_state(course->state);
    message->missed_by = told_missed_by(course->state);
    message->start_at = course->start_at;
    message->tolerance_ms = course->tolerance_ms;
    message->on_the_way_at = course->on_the_way_at;
    message->eta_at = course->eta_at;
    message->there_at = course->there_at;
    message->done_at = course->state == COURSE_DONE ? course->ended_at : 0;
    message->missed_at = is_missed ? course->ended_at : 0;
    message->protocol_key = course->protocol_key;
    message->solved = course->solved;
    message->further = further_message(turn, course);
    TRY(store_load_proof(turn, course->visit_id, &message->n_files, &message->files));
    TRY(store_load_lines(turn, course->visit_id, &message->n_lines, &message->lines));
    *ret_message = message;
    return OK;
}

struct error reply_course(struct turn *turn, const struct course *course, struct reply *reply)
{
    Course *message;

    TRY(course_message(turn, course, &message));
    reply->message = message;
    return OK;
}
