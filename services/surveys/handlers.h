/* What surveys does: one function per fact and request, in the order read, decide, write, tell. */
#pragma once
#include "lib/service/http.h"
#include "lib/service/turn.h"
#include "services/surveys/domain/judge_answer.h"
#include "services/surveys/store.h"

/* SURVEYS_OPEN_FOR_MS and SURVEYS_REPLACE_WITHIN_MS */
extern struct answer_rules answer_rules;

/* handlers/opening.c */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_person_forgotten(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);

/* handlers/answers.c */
struct error post_answers(struct turn *turn, const void *message, struct reply *reply);

/* handlers/views.c */
struct error get_survey(struct turn *turn, const void *message, struct reply *reply);
struct error get_comment(struct turn *turn, const void *message, struct reply *reply);
struct error get_scores(struct turn *turn, const void *message, struct reply *reply);
struct error get_question_set(struct turn *turn, const void *message, struct reply *reply);
struct error put_question_set(struct turn *turn, const void *message, struct reply *reply);

/* ---- between them ---- */

/* The newest survey of the order in the path, when the actor may see it; a customer only that of
 * his own link. NOT_FOUND otherwise. */
struct error load_visible_survey(struct turn *turn, struct survey *ret_survey);
/* The survey as its facts and replies carry it. */
Survey *survey_message(struct turn *turn, const struct survey *survey,
                       struct question_list questions);
