/* Sums are whole numbers, so that a mean over any number of surveys is exact. */
#include "services/surveys/domain/score_survey.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include <assert.h>

const struct survey_scale *survey_scale_of(const char *word)
{
    static const struct survey_scale scales[] = {
#define X(word, least, most, counts) { word, least, most, counts },
        SURVEY_SCALES(X)
#undef X
    };

    EACH (scale, scales)
        if (string_is(scale->word, word))
            return scale;
    return NULL;
}

static const struct survey_question *question_of(const struct survey_question questions[],
                                                 size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(questions[i].key, key))
            return &questions[i];
    return NULL;
}

static bool has_answer(const struct survey_answer answers[], size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(answers[i].key, key))
            return true;
    return false;
}

struct survey_score score_survey(const struct survey_question questions[], size_t question_count,
                                 const struct survey_answer answers[], size_t answer_count)
{
    struct survey_score score = { .verdict = SURVEY_SCORED };

    for (size_t i = 0; i < answer_count; i++) {
        const struct survey_answer *answer = &answers[i];
        const struct survey_question *question =
            question_of(questions, question_count, answer->key);
        if (!question)
            return (struct survey_score){ .verdict = SURVEY_UNKNOWN_KEY, .at = i };
        if (has_answer(answers, i, answer->key))
            return (struct survey_score){ .verdict = SURVEY_TWICE, .at = i };
        const struct survey_scale *scale = survey_scale_of(question->scale);
        assert(scale); /* checked when the set was made */
        if (answer->value < scale->least || answer->value > scale->most)
            return (struct survey_score){ .verdict = SURVEY_OUT_OF_SCALE, .at = i };
        if (scale->counts) {
            score.sum += answer->value;
            score.count++;
        }
    }
    for (size_t i = 0; i < question_count; i++)
        if (!has_answer(answers, answer_count, questions[i].key))
            return (struct survey_score){ .verdict = SURVEY_UNANSWERED, .at = i };
    return score;
}

double survey_mean(int64_t sum, int64_t count)
{
    return count ? (double)sum / (double)count : 0;
}
