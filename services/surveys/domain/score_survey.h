/* What an answered survey is worth: every question of its set answered once, inside its scale; the
 * score is the mean of the answers that count. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A scale is data: its word, least and most value, and whether it counts in the mean. */
#define SURVEY_SCALES(SCALE)                                                                       \
    SCALE("yes_no", 0, 1, false) /* no 0, yes 1 */                                                 \
    SCALE("1_6", 1, 6, true)

struct survey_scale {
    const char *word;
    int32_t least, most;
    bool counts;
};
const struct survey_scale *survey_scale_of(const char *word); /* NULL: no such scale */

struct survey_question {
    const char *key, *scale;
};
struct survey_answer {
    const char *key;
    int32_t value;
};

struct survey_score {
    enum {
        SURVEY_SCORED,
        SURVEY_UNKNOWN_KEY,  /* answers[at] belongs to no question */
        SURVEY_TWICE,        /* answers[at] is the second one of its question */
        SURVEY_OUT_OF_SCALE, /* answers[at] has a value that its scale lacks */
        SURVEY_UNANSWERED,   /* questions[at] has no answer */
    } verdict;
    size_t at;
    int64_t sum, count; /* SURVEY_SCORED: of the answers that count */
};

/* The first finding in the order of answers, then of questions. The order of answers does not
 * change a score. A scale must be known (survey_scale_of). */
struct survey_score score_survey(const struct survey_question questions[], size_t question_count,
                                 const struct survey_answer answers[], size_t answer_count);
double survey_mean(int64_t sum, int64_t count); /* 0 when nothing counts */
