/* May this answer be taken? One answer a visit: a later one replaces it for a while, then the first
 * ones stand. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

struct answer_rules {
    int64_t open_for_ms;       /* from the opening on a survey waits so long for its answer */
    int64_t replace_within_ms; /* from the first answer on it may be replaced so long */
};
struct answer_situation {
    timestamp opened_at;
    timestamp first_answered_at; /* 0: not answered yet */
    bool is_same;                /* equal to the one that stands */
};
enum answer_verdict {
    ANSWER_FIRST,
    ANSWER_REPLACES,
    ANSWER_SAME,     /* nothing to do: whoever sends it twice has answered once */
    ANSWER_TOO_LATE, /* the survey has expired without an answer */
    ANSWER_FINAL,    /* the one that stands cannot be replaced any more */
};
enum answer_verdict judge_answer(const struct answer_rules *rules,
                                 const struct answer_situation *situation, timestamp now);
bool survey_is_expired(const struct answer_rules *rules, const struct answer_situation *situation,
                       timestamp now);
