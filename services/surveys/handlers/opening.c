/* One survey for each visit that closed its order. */
#include "proto/intake.pb-c.h"
#include "services/surveys/handlers.h"

/* The order's subject is all that has to be known of it; the closed visit brings the rest. */
struct error on_work_order_opened(struct turn *turn, const void *message)
{
    (void)turn;
    (void)message;
    return OK;
}

/* His own words go, his marks stay. */
struct error on_person_forgotten(struct turn *turn, const void *message)
{
    const PersonForgotten *forgotten = message;

    turn_belongs_to(turn, forgotten->order->partner_id);
    store_forget_comments(turn, forgotten->order->work_order_id);
    return OK;
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;
    const Course *course = done->course;
    const struct id id = new_id(turn);
    struct survey survey = {
        .survey_id = id.text,
        .visit_id = course->visit_id,
        .work_order_id = course->work_order_id,
        .partner_id = course->partner_id,
        .technician_id = course->technician_id,
        .technician_name = course->technician_name,
        .person_id = course->person_id,
        .number = course->number,
        .opened_at = turn->now,
    };
    struct question_list questions;
    const char *owner;
    int64_t version;
    bool is_new;

    if (course->further && !course->further->none)
        return OK; /* asked once, when nothing is left to do */
    turn_belongs_to(turn, course->partner_id);
    TRY(store_load_set(turn, course->partner_id, &owner, &version, &questions));
    TRY(store_open_survey(turn, &survey, version, questions, &is_new));
    if (!is_new)
        return OK;
    SurveyOpened opened = SURVEY_OPENED__INIT;
    opened.survey = survey_message(turn, &survey, questions);
    emit(turn, survey.work_order_id, &opened);
    return OK;
}
