/* Surveys: how good was it. Wiring only. */
#include "lib/service/service.h"
#include "proto/intake.pb-c.h"
#include "services/surveys/handlers.h"
#include "services/surveys/queries.h"

struct answer_rules answer_rules;

static const struct setting own_settings[] = {
    { "SURVEYS_OPEN_FOR_MS", &answer_rules.open_for_ms, DAYS(30), HOURS(1), DAYS(365),
      "a survey waits so long for its answer" },
    { "SURVEYS_REPLACE_WITHIN_MS", &answer_rules.replace_within_ms, DAYS(7), 0, DAYS(365),
      "an answer may be replaced so long after the first one" },
    { 0 },
};

static const struct subscription listens[] = {
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &person_forgotten__descriptor, on_person_forgotten, .fills = true },
    { &visit_done__descriptor, on_visit_done },
    { 0 },
};

static const event_type emits[] = {
    &survey_opened__descriptor,
    &survey_answered__descriptor,
    &technician_scored__descriptor,
    NULL,
};

static const struct route routes[] = {
    { GET, "/v1/surveys/scores", NULL, &score_reply__descriptor, get_scores,
      ACTOR_CONSULTANT | ACTOR_OPERATOR | ACTOR_PARTNER,
      .says = "mean and count by technician and by partner; a partner sees its own" },
    { GET, "/v1/surveys/question-sets/{partner_id}", NULL, &question_set_reply__descriptor,
      get_question_set, ACTOR_CONSULTANT | ACTOR_OPERATOR | ACTOR_PARTNER,
      .says = "the questions that this partner's customers are asked" },
    { PUT, "/v1/surveys/question-sets/{partner_id}", &question_set_request__descriptor,
      &question_set_reply__descriptor, put_question_set, ACTOR_CONSULTANT | ACTOR_OPERATOR,
      "partner_id", .says = "gives a partner its own questions (* for everybody's)" },
    { GET, "/v1/surveys/{work_order_id}", NULL, &survey__descriptor, get_survey,
      ACTOR_CUSTOMER | ACTOR_CONSULTANT, .says = "state, questions and answers" },
    { GET, "/v1/surveys/{work_order_id}/comment", NULL, &survey_comment__descriptor, get_comment,
      ACTOR_CONSULTANT | ACTOR_PARTNER, .says = "the customer's own words about the visit" },
    { POST, "/v1/surveys/{work_order_id}/answers", &survey_answers_request__descriptor,
      &survey__descriptor, post_answers, ACTOR_CUSTOMER | ACTOR_CONSULTANT, "work_order_id",
      .must_exist = true, .says = "all answers at once; replaces earlier ones for seven days" },
    { 0 },
};

static const struct rule answers_rules[] = {
    { "answers", RULE_REQUIRED, .max = 20, .says = "Odpowiedz na pytania ankiety" },
    { "answers[].key", RULE_REQUIRED, .max = 40, .says = "Podaj klucz pytania" },
    { "answers[].value", RULE_REQUIRED, .min = 0, .max = 10,
      .says = "Podaj odpowiedź na to pytanie" },
    { "comment", .max = 2000, .says = "Komentarz: najwyżej 2000 znaków" },
    { 0 },
};
static const struct rule set_rules[] = {
    { "questions", RULE_REQUIRED, .min = 1, .max = 20, .says = "Podaj od 1 do 20 pytań" },
    { "questions[].key", RULE_REQUIRED, .max = 40, .pattern = "[a-z][a-z0-9_]*",
      .says = "Klucz pytania: małe litery, cyfry i podkreślenia" },
    { "questions[].text", RULE_REQUIRED, .max = 200, .says = "Treść pytania: od 1 do 200 znaków" },
    { "questions[].scale", RULE_REQUIRED, .pattern = "yes_no|1_6",
      .says = "Skala: yes_no albo 1_6" },
    { 0 },
};
static const struct message_rules rules[] = {
    { &survey_answers_request__descriptor, answers_rules },
    { &question_set_request__descriptor, set_rules },
    { 0 },
};

int main(int argc, char **argv)
{
    const struct service surveys = {
        .name = "surveys",
        .settings = own_settings,
        .listens = listens,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .queries = surveys_queries,
        .migrations = surveys_migrations,
    };

    return service_run(&surveys, argc, argv);
}
