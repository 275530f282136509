/* What surveys keeps in PostgreSQL. Strings that are loaded live with the turn's rows: until the
 * turn ends. Everything stands behind the walls: rows of another partner are as if they were not
 * there. */
#pragma once
#include "lib/service/db.h"
#include "lib/service/turn.h"
#include "proto/surveys.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/surveys/domain/score_survey.h"

struct question {
    const char *key, *text, *scale;
    bool is_answered;
    int32_t value;
};
struct question_list {
    size_t count;
    struct question *at;
};

/* The partner's own set, or the one that all have. `ret_owner` is its partner or "*". */
struct error store_load_set(struct turn *turn, const char *partner_id, const char **ret_owner,
                            int64_t *ret_version, struct question_list *ret_questions);
struct error store_save_set(struct turn *turn, const char *partner_id,
                            const QuestionSetRequest *request, int64_t *ret_version);

struct survey {
    const char *survey_id, *visit_id, *work_order_id, *partner_id;
    const char *technician_id, *technician_name, *person_id, *number;
    timestamp opened_at;
    timestamp first_answered_at, answered_at; /* 0: not answered */
    int64_t answers, sum;                     /* of those that count */
};
/* `ret_is_new` is false when that visit has its survey already; nothing is written then. */
struct error store_open_survey(struct turn *turn, const struct survey *survey, int64_t set_version,
                               struct question_list questions, bool *ret_is_new);
/* The newest survey of the order. False: there is none behind this wall. */
struct error store_load_survey(struct turn *turn, const char *work_order_id, bool *ret_found,
                               struct survey *ret_survey);
struct error store_load_questions(struct turn *turn, const char *survey_id,
                                  struct question_list *ret_questions);
void store_save_answers(struct turn *turn, const struct survey *survey,
                        const struct survey_answer answers[], size_t count);

void store_save_comment(struct turn *turn, const struct survey *survey, const char *body);
void store_forget_comments(struct turn *turn, const char *work_order_id);
struct error store_load_comment(struct turn *turn, const char *survey_id, const char **ret_body,
                                timestamp *ret_at); /* "" and 0: none */

struct score {
    int64_t surveys, answers, sum;
};
/* Adds `change` to what the technician has with this partner, and to all he has. His subject must
 * be locked. */
struct error store_add_score(struct turn *turn, const struct survey *survey,
                             const struct score *change, struct score *ret_technician);
/* By technician and partner (at most 20,000 rows), and by partner. */
struct error store_load_scores(struct turn *turn, ScoreReply *reply);
