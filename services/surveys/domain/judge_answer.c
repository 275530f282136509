/* The rule of one answer a visit. */
#include "services/surveys/domain/judge_answer.h"

bool survey_is_expired(const struct answer_rules *rules, const struct answer_situation *situation,
                       timestamp now)
{
    return situation->first_answered_at == 0 && now - situation->opened_at > rules->open_for_ms;
}

enum answer_verdict judge_answer(const struct answer_rules *rules,
                                 const struct answer_situation *situation, timestamp now)
{
    if (survey_is_expired(rules, situation, now))
        return ANSWER_TOO_LATE;
    if (situation->first_answered_at == 0)
        return ANSWER_FIRST;
    if (situation->is_same)
        return ANSWER_SAME;
    return now - situation->first_answered_at > rules->replace_within_ms ? ANSWER_FINAL
                                                                         : ANSWER_REPLACES;
}
