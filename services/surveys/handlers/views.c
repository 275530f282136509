/* What may be seen: one survey, its words, everybody's scores, the questions. */
#include "services/surveys/handlers.h"
#include <string.h>

struct error load_visible_survey(struct turn *turn, struct survey *ret_survey)
{
    const char *work_order_id = path_parameter(turn, "work_order_id");
    bool is_others =
        turn->actor.kind == ACTOR_CUSTOMER && !string_is(turn->actor.scope, work_order_id);
    bool is_found = false;

    if (id_valid(work_order_id) && !is_others)
        TRY(store_load_survey(turn, work_order_id, &is_found, ret_survey));
    return is_found ? OK
                    : rejected(PROBLEM_NOT_FOUND, "work_order_id",
                               "no survey of %.40s behind this wall", work_order_id);
}

static SurveyState state_of(const struct survey *survey, timestamp now)
{
    struct answer_situation situation = { .opened_at = survey->opened_at,
                                          .first_answered_at = survey->first_answered_at };

    if (survey->first_answered_at)
        return SURVEY_STATE__ANSWERED;
    return survey_is_expired(&answer_rules, &situation, now) ? SURVEY_STATE__EXPIRED
                                                             : SURVEY_STATE__OPEN;
}

static SurveyQuestion **question_messages(struct turn *turn, struct question_list questions)
{
    SurveyQuestion **messages = ARENA_ARRAY(turn->arena, SurveyQuestion *, questions.count + 1);

    for (size_t i = 0; i < questions.count; i++) {
        messages[i] = ARENA_NEW(turn->arena, SurveyQuestion);
        survey_question__init(messages[i]);
        messages[i]->key = questions.at[i].key;
        messages[i]->text = questions.at[i].text;
        messages[i]->scale = questions.at[i].scale;
    }
    return messages;
}

Survey *survey_message(struct turn *turn, const struct survey *survey,
                       struct question_list questions)
{
    Survey *message = ARENA_NEW(turn->arena, Survey);

    survey__init(message);
    message->survey_id = arena_string(turn->arena, survey->survey_id);
    message->visit_id = survey->visit_id;
    message->work_order_id = survey->work_order_id;
    message->partner_id = survey->partner_id;
    message->technician_id = survey->technician_id;
    message->technician_name = survey->technician_name;
    message->person_id = survey->person_id;
    message->number = survey->number;
    message->state = state_of(survey, turn->now);
    message->opened_at = survey->opened_at;
    message->answered_at = survey->answered_at;
    message->mean = survey_mean(survey->sum, survey->answers);
    message->n_questions = questions.count;
    message->questions = question_messages(turn, questions);
    message->answers = ARENA_ARRAY(turn->arena, SurveyAnswer *, questions.count + 1);
    for (size_t i = 0; i < questions.count; i++) {
        if (!questions.at[i].is_answered)
            continue;
        SurveyAnswer *answer = ARENA_NEW(turn->arena, SurveyAnswer);
        survey_answer__init(answer);
        answer->key = questions.at[i].key;
        answer->value = questions.at[i].value;
        message->answers[message->n_answers++] = answer;
    }
    return message;
}

struct error get_survey(struct turn *turn, const void *message, struct reply *reply)
{
    struct question_list questions;
    struct survey survey;

    (void)message;
    TRY(load_visible_survey(turn, &survey));
    TRY(store_load_questions(turn, survey.survey_id, &questions));
    reply->message = survey_message(turn, &survey, questions);
    return OK;
}

struct error get_comment(struct turn *turn, const void *message, struct reply *reply)
{
    SurveyComment *comment = ARENA_NEW(turn->arena, SurveyComment);
    struct survey survey;

    (void)message;
    TRY(load_visible_survey(turn, &survey));
    survey_comment__init(comment);
    TRY(store_load_comment(turn, survey.survey_id, &comment->comment, &comment->at));
    reply->message = comment;
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}

struct error get_scores(struct turn *turn, const void *message, struct reply *reply)
{
    ScoreReply *scores = ARENA_NEW(turn->arena, ScoreReply);

    (void)message;
    score_reply__init(scores);
    TRY(store_load_scores(turn, scores));
    reply->message = scores;
    return OK;
}

/* ---- question sets ---- */

static struct error reply_set(struct turn *turn, const char *partner_id, struct reply *reply)
{
    QuestionSetReply *set = ARENA_NEW(turn->arena, QuestionSetReply);
    struct question_list questions;

    question_set_reply__init(set);
    TRY(store_load_set(turn, partner_id, &set->partner_id, &set->version, &questions));
    set->n_questions = questions.count;
    set->questions = question_messages(turn, questions);
    reply->message = set;
    return OK;
}

struct error get_question_set(struct turn *turn, const void *message, struct reply *reply)
{
    const char *partner_id = path_parameter(turn, "partner_id");

    (void)message;
    if (turn->actor.kind == ACTOR_PARTNER && !string_is(turn->actor.partner, partner_id))
        return rejected(PROBLEM_NOT_FOUND, "partner_id", "no partner %.40s behind this wall",
                        partner_id);
    return reply_set(turn, partner_id, reply);
}

static struct error check_keys(struct turn *turn, const QuestionSetRequest *request)
{
    for (size_t i = 0; i < request->n_questions; i++)
        for (size_t k = 0; k < i; k++)
            if (string_is(request->questions[i]->key, request->questions[k]->key))
                return refuse_field(turn, arena_format(turn->arena, "/questions/%zu/key", i),
                                    "duplicate", "Klucz pytania może wystąpić tylko raz");
    return OK;
}

struct error put_question_set(struct turn *turn, const void *message, struct reply *reply)
{
    const QuestionSetRequest *request = message;
    const char *partner_id = path_parameter(turn, "partner_id");
    int64_t version;

    if (strlen(partner_id) > 32)
        return rejected(PROBLEM_INVALID, "partner_id", "a partner's id has at most 32 signs");
    TRY(check_keys(turn, request));
    TRY(store_save_set(turn, partner_id, request, &version));
    return reply_set(turn, partner_id, reply);
}
