/* The day of the visit: on the way, there, done, nobody came; and the survey that follows. */
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"
#include "proto/surveys.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/notifications/handlers.h"
#include <string.h>

static struct error tell(struct turn *turn, const struct order *order, enum order_event_kind kind,
                         const Course *course, const char *reason)
{
    const struct word words[] = {
        { "moment", moment_text_long(turn->arena, course->start_at) },
        { "name", course->technician_name },
        { "is", agreed(course->technician_name, "jest", "są") },
        { "will_be", agreed(course->technician_name, "będzie", "będą") },
        { "eta", course->eta_at ? clock_text(turn->arena, course->eta_at) : "" },
        { "reason", reason },
        { 0 },
    };
    OrderEventVisit told = ORDER_EVENT_VISIT__INIT;
    OrderEvent event = ORDER_EVENT__INIT;

    told.visit_id = course->visit_id;
    told.start_at = course->start_at;
    told.from = course->start_at - course->tolerance_ms;
    told.until = course->start_at + course->tolerance_ms;
    told.technician_name = course->technician_name;
    told.reason = reason;
    event.visit = &told;
    return partner_event_tell(turn, order, kind, &event, words);
}

/* Tells the partner and notes where the visit stands, if it is the one that does. */
static struct error take_course(struct turn *turn, const Course *course, enum order_event_kind kind,
                                enum visit_course to, const char *reason, struct order *ret_order)
{
    TRY(order_of_fact(turn, course->work_order_id, course->partner_id, ret_order));
    if (!turn->fact.is_retold)
        TRY(tell(turn, ret_order, kind, course, reason));
    if (!string_is(ret_order->visit.visit_id, course->visit_id) ||
        ret_order->visit.course == VISIT_CALLED_OFF)
        return OK;
    ret_order->visit.course = to;
    ret_order->visit.reminders = (struct reminders){ 0 };
    store_save_visit(turn, ret_order);
    return turn->fact.is_retold ? OK : messages_drop_stale(turn, ret_order);
}

struct error on_technician_on_the_way(struct turn *turn, const void *message)
{
    const TechnicianOnTheWay *on_the_way = message;
    const Course *course = on_the_way->course;
    struct order order;

    TRY(take_course(turn, course, TECHNICIAN_ON_THE_WAY, VISIT_UNDER_WAY, "", &order));
    if (turn->fact.is_retold || !string_is(order.visit.visit_id, course->visit_id) ||
        order.visit.course != VISIT_UNDER_WAY)
        return OK;
    struct cue cue = { .template = ON_THE_WAY,
                       .occurrence = visit_occurrence(turn, &order.visit),
                       .eta_at = course->eta_at ? course->eta_at : course->start_at };
    return message_cue(turn, &order, &cue);
}

struct error on_technician_there(struct turn *turn, const void *message)
{
    const TechnicianThere *there = message;
    struct order order;

    return take_course(turn, there->course, TECHNICIAN_THERE, VISIT_UNDER_WAY, "", &order);
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;
    const FurtherWork *further = done->course->further;
    const char *reason = further ? further_words(further->reason) : "";
    struct order order;

    return take_course(turn, done->course,
                       further && !further->none ? VISIT_IS_UNFINISHED : VISIT_IS_DONE, VISIT_OVER,
                       reason, &order);
}

struct error on_visit_missed(struct turn *turn, const void *message)
{
    const VisitMissed *missed = message;
    const char *reason = missed->course->missed_by == MISSED_BY__CUSTOMER
                             ? "nikogo nie było na miejscu"
                             : "technik nie dotarł";
    struct order order;

    return take_course(turn, missed->course, VISIT_WAS_MISSED, VISIT_OVER, reason, &order);
}

/* ---- the survey ---- */

struct error on_survey_opened(struct turn *turn, const void *message)
{
    const SurveyOpened *opened = message;
    struct order order;

    TRY(order_of_fact(turn, opened->survey->work_order_id, opened->survey->partner_id, &order));
    struct cue cue = { .template = SURVEY_INVITATION, .occurrence = opened->survey->survey_id };
    return message_cue(turn, &order, &cue);
}

struct error on_survey_answered(struct turn *turn, const void *message)
{
    const SurveyAnswered *answered = message;
    const Survey *survey = answered->survey;
    char *mean = arena_format(turn->arena, "%.1f", survey->mean);
    OrderEventSurvey told = ORDER_EVENT_SURVEY__INIT;
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    char *point = strchr(mean, '.');
    if (point)
        *point = ',';
    const struct word words[] = { { "mean", mean }, { 0 } };
    TRY(order_of_fact(turn, survey->work_order_id, survey->partner_id, &order));
    told.mean = survey->mean;
    told.answers = (int32_t)survey->n_answers;
    event.survey = &told;
    return partner_event_tell(turn, &order, SURVEY_WAS_ANSWERED, &event, words);
}
