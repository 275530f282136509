/* An answer is taken whole or not at all. Sums move by the difference to the answer that stood
 * before, so that any number of submissions counts as one survey. */
#include "services/surveys/handlers.h"

static struct error refuse_answer(struct turn *turn, const struct survey_score *score,
                                  struct question_list questions)
{
    const char *key = arena_format(turn->arena, "/answers/%zu/key", score->at);
    const char *value = arena_format(turn->arena, "/answers/%zu/value", score->at);

    switch (score->verdict) {
    case SURVEY_UNKNOWN_KEY:
        return refuse_field(turn, key, "unknown", "Tego pytania nie ma w tej ankiecie");
    case SURVEY_TWICE:
        return refuse_field(turn, key, "duplicate", "Na to pytanie jest już odpowiedź");
    case SURVEY_OUT_OF_SCALE:
        return refuse_field(turn, value, "range", "Odpowiedź jest spoza skali tego pytania");
    case SURVEY_UNANSWERED:
        return refuse_field(turn, "/answers", "required",
                            arena_format(turn->arena, "Brakuje odpowiedzi na pytanie: %s",
                                         questions.at[score->at].text));
    case SURVEY_SCORED:
        break;
    }
    return OK;
}

static struct error score_request(struct turn *turn, const SurveyAnswersRequest *request,
                                  struct question_list questions, struct survey_answer *answers,
                                  struct survey_score *ret_score)
{
    struct survey_question *asked =
        ARENA_ARRAY(turn->arena, struct survey_question, questions.count);

    for (size_t i = 0; i < questions.count; i++)
        asked[i] = (struct survey_question){ questions.at[i].key, questions.at[i].scale };
    for (size_t i = 0; i < request->n_answers; i++)
        answers[i] = (struct survey_answer){ request->answers[i]->key, request->answers[i]->value };
    *ret_score = score_survey(asked, questions.count, answers, request->n_answers);
    return refuse_answer(turn, ret_score, questions);
}

/* Puts the answers into the questions; true when nothing differs from what stood there. */
static bool fill_in(struct question_list questions, const struct survey_answer answers[],
                    size_t count)
{
    bool is_same = true;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < questions.count; k++) {
            struct question *question = &questions.at[k];
            if (!string_is(question->key, answers[i].key))
                continue;
            is_same = is_same && question->is_answered && question->value == answers[i].value;
            question->is_answered = true;
            question->value = answers[i].value;
        }
    }
    return is_same;
}

static struct error keep_comment(struct turn *turn, const struct survey *survey, const char *body,
                                 enum answer_verdict verdict)
{
    const char *stands;
    timestamp at;

    if (string_empty(body))
        return OK;
    TRY(store_load_comment(turn, survey->survey_id, &stands, &at));
    /* Words sent again with the same marks do not open a survey that is final. */
    bool may_write = verdict != ANSWER_SAME ||
                     turn->now - survey->first_answered_at <= answer_rules.replace_within_ms;
    if (may_write && !string_is(stands, body))
        store_save_comment(turn, survey, body);
    return OK;
}

static struct error refuse_time(struct turn *turn, enum answer_verdict verdict)
{
    bool is_gone = verdict == ANSWER_TOO_LATE;

    violations_add(request_violations(turn),
                   (struct violation){ "", is_gone ? "expired" : "final",
                                       is_gone ? "Ta ankieta już wygasła"
                                               : "Odpowiedzi nie można już zmienić" });
    return rejected(is_gone ? PROBLEM_GONE : PROBLEM_STATE, NULL, "the survey is %s",
                    is_gone ? "expired" : "final");
}

/* The technician's total belongs to no partner, and so does the fact. */
static struct error tell_answered(struct turn *turn, const struct survey *survey, Survey *message,
                                  const struct score *change)
{
    SurveyAnswered answered = SURVEY_ANSWERED__INIT;
    TechnicianScored scored = TECHNICIAN_SCORED__INIT;
    struct score total;

    answered.survey = message;
    emit(turn, survey->work_order_id, &answered);
    TRY(subject_lock(turn, survey->technician_id, NULL));
    TRY(store_add_score(turn, survey, change, &total));
    turn_belongs_to(turn, "");
    scored.technician_id = survey->technician_id;
    scored.answers = total.answers;
    scored.sum = total.sum;
    scored.surveys = total.surveys;
    emit(turn, survey->technician_id, &scored);
    return OK;
}

struct error post_answers(struct turn *turn, const void *message, struct reply *reply)
{
    const SurveyAnswersRequest *request = message;
    struct survey_answer *answers =
        ARENA_ARRAY(turn->arena, struct survey_answer, request->n_answers + 1);
    struct question_list questions;
    struct survey_score score;
    struct survey survey;

    TRY(load_visible_survey(turn, &survey));
    turn_belongs_to(turn, survey.partner_id);
    TRY(store_load_questions(turn, survey.survey_id, &questions));
    TRY(score_request(turn, request, questions, answers, &score));
    struct answer_situation situation = {
        .opened_at = survey.opened_at,
        .first_answered_at = survey.first_answered_at,
        .is_same = fill_in(questions, answers, request->n_answers),
    };
    enum answer_verdict verdict = judge_answer(&answer_rules, &situation, turn->now);
    if (verdict == ANSWER_TOO_LATE || verdict == ANSWER_FINAL)
        return refuse_time(turn, verdict);
    TRY(keep_comment(turn, &survey, request->comment, verdict));
    if (verdict == ANSWER_SAME) {
        reply->message = survey_message(turn, &survey, questions);
        return OK;
    }
    struct score change = { .surveys = verdict == ANSWER_FIRST,
                            .answers = score.count - survey.answers,
                            .sum = score.sum - survey.sum };
    survey.answers = score.count;
    survey.sum = score.sum;
    survey.answered_at = turn->now;
    if (verdict == ANSWER_FIRST)
        survey.first_answered_at = turn->now;
    store_save_answers(turn, &survey, answers, request->n_answers);
    Survey *told = survey_message(turn, &survey, questions);
    reply->message = told;
    return tell_answered(turn, &survey, told, &change);
}
