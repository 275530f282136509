/* The only file of surveys that knows SQL: one reader a query. */
#include "services/surveys/store.h"
#include "services/surveys/queries.h"

/* ---- question sets ---- */

struct error store_load_set(struct turn *turn, const char *partner_id, const char **ret_owner,
                            int64_t *ret_version, struct question_list *ret_questions)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_set, STR(partner_id)));
    if (rows.count == 0)
        return fatal("question set *: the migration made one, and it is gone");
    struct row row = row_at(&rows, 0);
    *ret_owner = next_text(&row);
    *ret_version = next_int(&row);
    TRY(db_read(turn, &rows, load_set_questions, STR(*ret_owner)));
    *ret_questions = (struct question_list){ .at = ARENA_ARRAY(turn->arena, struct question,
                                                               (size_t)rows.count) };
    for (int i = 0; i < rows.count; i++) {
        struct question *question = &ret_questions->at[ret_questions->count++];
        row = row_at(&rows, i);
        question->key = next_text(&row);
        question->text = next_text(&row);
        question->scale = next_text(&row);
    }
    return OK;
}

struct error store_save_set(struct turn *turn, const char *partner_id,
                            const QuestionSetRequest *request, int64_t *ret_version)
{
    struct rows rows;

    TRY(db_read(turn, &rows, save_set, STR(partner_id), INT(turn->now)));
    struct row row = row_at(&rows, 0);
    *ret_version = next_int(&row);
    db_write(turn, forget_set_questions, STR(partner_id));
    for (size_t i = 0; i < request->n_questions; i++)
        db_write(turn, save_set_question, STR(partner_id), INT(i), STR(request->questions[i]->key),
                 STR(request->questions[i]->text), STR(request->questions[i]->scale));
    return OK;
}

/* ---- surveys ---- */

struct error store_open_survey(struct turn *turn, const struct survey *survey, int64_t set_version,
                               struct question_list questions, bool *ret_is_new)
{
    struct rows rows;

    TRY(db_read(turn, &rows, open_survey, STR(survey->survey_id), STR(survey->visit_id),
                STR(survey->work_order_id), STR(survey->partner_id), STR(survey->technician_id),
                STR(survey->technician_name), STR(survey->person_id), STR(survey->number),
                INT(set_version), INT(survey->opened_at)));
    *ret_is_new = rows.count > 0;
    for (size_t i = 0; *ret_is_new && i < questions.count; i++)
        db_write(turn, save_survey_question, STR(survey->survey_id), INT(i),
                 STR(survey->partner_id), STR(questions.at[i].key), STR(questions.at[i].text),
                 STR(questions.at[i].scale));
    return OK;
}

static struct survey read_survey(struct row row)
{
    struct survey survey = { .survey_id = next_text(&row) };

    survey.visit_id = next_text(&row);
    survey.work_order_id = next_text(&row);
    survey.partner_id = next_text(&row);
    survey.technician_id = next_text(&row);
    survey.technician_name = next_text(&row);
    survey.person_id = next_text(&row);
    survey.number = next_text(&row);
    survey.opened_at = next_int(&row);
    survey.first_answered_at = next_int(&row);
    survey.answered_at = next_int(&row);
    survey.answers = next_int(&row);
    survey.sum = next_int(&row);
    return survey;
}

struct error store_load_survey(struct turn *turn, const char *work_order_id, bool *ret_found,
                               struct survey *ret_survey)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_survey, STR(work_order_id)));
    *ret_found = rows.count > 0;
    if (*ret_found)
        *ret_survey = read_survey(row_at(&rows, 0));
    return OK;
}

struct error store_load_questions(struct turn *turn, const char *survey_id,
                                  struct question_list *ret_questions)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_survey_questions, STR(survey_id)));
    *ret_questions = (struct question_list){ .at = ARENA_ARRAY(turn->arena, struct question,
                                                               (size_t)rows.count) };
    for (int i = 0; i < rows.count; i++) {
        struct question *question = &ret_questions->at[ret_questions->count++];
        struct row row = row_at(&rows, i);
        question->key = next_text(&row);
        question->text = next_text(&row);
        question->scale = next_text(&row);
        question->is_answered = !next_is_null(&row);
        question->value = (int32_t)next_int(&row);
    }
    return OK;
}

void store_save_answers(struct turn *turn, const struct survey *survey,
                        const struct survey_answer answers[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        db_write(turn, save_answer, STR(survey->survey_id), STR(answers[i].key),
                 INT(answers[i].value));
    db_write(turn, save_answered, STR(survey->survey_id), INT(survey->first_answered_at),
             INT(survey->answered_at), INT(survey->answers), INT(survey->sum));
}

void store_save_comment(struct turn *turn, const struct survey *survey, const char *body)
{
    db_write(turn, save_comment, STR(survey->survey_id), STR(survey->partner_id), STR(body),
             INT(turn->now));
}

void store_forget_comments(struct turn *turn, const char *work_order_id)
{
    db_write(turn, forget_comments, STR(work_order_id));
}

struct error store_load_comment(struct turn *turn, const char *survey_id, const char **ret_body,
                                timestamp *ret_at)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_comment, STR(survey_id)));
    *ret_body = "";
    *ret_at = 0;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_body = next_text(&row);
        *ret_at = next_int(&row);
    }
    return OK;
}

/* ---- scores ---- */

struct error store_add_score(struct turn *turn, const struct survey *survey,
                             const struct score *change, struct score *ret_technician)
{
    struct rows rows;

    db_write(turn, add_score, STR(survey->technician_id), STR(survey->partner_id),
             INT(change->surveys), INT(change->answers), INT(change->sum));
    TRY(db_read(turn, &rows, add_technician_score, STR(survey->technician_id), INT(change->surveys),
                INT(change->answers), INT(change->sum)));
    struct row row = row_at(&rows, 0);
    ret_technician->surveys = next_int(&row);
    ret_technician->answers = next_int(&row);
    ret_technician->sum = next_int(&row);
    return OK;
}

static size_t read_scores(struct turn *turn, const struct rows *rows, ScoreRow ***ret_scores,
                          struct score *ret_all)
{
    ScoreRow **scores = ARENA_ARRAY(turn->arena, ScoreRow *, (size_t)rows->count + 1);

    *ret_all = (struct score){ 0 };
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        ScoreRow *score = scores[i] = ARENA_NEW(turn->arena, ScoreRow);
        score_row__init(score);
        score->technician_id = next_text(&row);
        score->partner_id = next_text(&row);
        score->surveys = next_int(&row);
        score->answers = next_int(&row);
        int64_t sum = next_int(&row);
        score->mean = survey_mean(sum, score->answers);
        ret_all->surveys += score->surveys;
        ret_all->answers += score->answers;
        ret_all->sum += sum;
    }
    *ret_scores = scores;
    return (size_t)rows->count;
}

struct error store_load_scores(struct turn *turn, ScoreReply *reply)
{
    struct rows rows;
    struct score all;

    TRY(db_read(turn, &rows, load_scores));
    reply->n_technicians = read_scores(turn, &rows, &reply->technicians, &all);
    TRY(db_read(turn, &rows, load_partner_scores));
    reply->n_partners = read_scores(turn, &rows, &reply->partners, &all);
    reply->mean = survey_mean(all.sum, all.answers);
    reply->surveys = all.surveys;
    return OK;
}
