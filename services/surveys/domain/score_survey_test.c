#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/surveys/domain/score_survey.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct survey_question standard[] = {
    { "card_offered", "yes_no" },
    { "left_clean", "yes_no" },
    { "recommend", "1_6" },
    { "satisfaction", "1_6" },
};

static const struct {
    const char *name;
    struct survey_answer answers[5];
    size_t count;
    int verdict;
    size_t at;
    int64_t sum, counted;
} scores[] = {
    { "all answered: the mean is of the 1 to 6 alone",
      { { "card_offered", 1 }, { "left_clean", 0 }, { "recommend", 6 }, { "satisfaction", 5 } },
      4,
      SURVEY_SCORED,
      0,
      11,
      2 },
    { "in any order",
      { { "satisfaction", 5 }, { "left_clean", 0 }, { "recommend", 6 }, { "card_offered", 1 } },
      4,
      SURVEY_SCORED,
      0,
      11,
      2 },
    { "nothing answered: the first question is missing", { { 0 } }, 0, SURVEY_UNANSWERED, 0, 0, 0 },
    { "one missing",
      { { "card_offered", 1 }, { "left_clean", 0 }, { "satisfaction", 5 } },
      3,
      SURVEY_UNANSWERED,
      2,
      0,
      0 },
    { "a key of another set",
      { { "card_offered", 1 }, { "colour", 1 } },
      2,
      SURVEY_UNKNOWN_KEY,
      1,
      0,
      0 },
    { "the same key twice", { { "recommend", 6 }, { "recommend", 6 } }, 2, SURVEY_TWICE, 1, 0, 0 },
    { "yes and no are 1 and 0", { { "card_offered", 2 } }, 1, SURVEY_OUT_OF_SCALE, 0, 0, 0 },
    { "there is no minus yes", { { "card_offered", -1 } }, 1, SURVEY_OUT_OF_SCALE, 0, 0, 0 },
    { "marks begin at 1", { { "recommend", 0 } }, 1, SURVEY_OUT_OF_SCALE, 0, 0, 0 },
    { "marks end at 6", { { "recommend", 7 } }, 1, SURVEY_OUT_OF_SCALE, 0, 0, 0 },
    { "the lowest mark is one",
      { { "card_offered", 0 }, { "left_clean", 0 }, { "recommend", 1 }, { "satisfaction", 1 } },
      4,
      SURVEY_SCORED,
      0,
      2,
      2 },
};

Test(score_survey, table)
{
    EACH (row, scores) {
        struct survey_score score =
            score_survey(standard, COUNT(standard), row->answers, row->count);
        cr_expect_eq((int)score.verdict, row->verdict, "%s: %d", row->name, (int)score.verdict);
        cr_expect_eq(score.at, row->at, "%s: at %zu", row->name, score.at);
        cr_expect_eq(score.sum, row->sum, "%s", row->name);
        cr_expect_eq(score.count, row->counted, "%s", row->name);
    }
    cr_expect_eq(survey_mean(11, 2), 5.5);
    cr_expect_eq(survey_mean(0, 0), 0, "nothing counted has no mean");
}

Test(score_survey, scales)
{
    cr_expect_null(survey_scale_of("0_10"));
    cr_expect_null(survey_scale_of(""));
    cr_expect_not(survey_scale_of("yes_no")->counts);
    cr_expect(survey_scale_of("1_6")->counts);
}

/* An oracle of another shape: counts by key in a table instead of searching. */
static bool oracle(const struct survey_question questions[], size_t question_count,
                   const struct survey_answer answers[], size_t answer_count, double *ret_mean)
{
    int seen[8] = { 0 }, marks = 0;
    double total = 0;

    for (size_t i = 0; i < answer_count; i++) {
        int index = -1;
        for (size_t k = 0; k < question_count; k++)
            if (strcmp(questions[k].key, answers[i].key) == 0)
                index = (int)k;
        if (index < 0 || seen[index]++)
            return false;
        bool is_mark = strcmp(questions[index].scale, "1_6") == 0;
        if (is_mark ? (answers[i].value < 1 || answers[i].value > 6)
                    : (answers[i].value != 0 && answers[i].value != 1))
            return false;
        total += is_mark ? answers[i].value : 0;
        marks += is_mark;
    }
    *ret_mean = marks ? total / marks : 0;
    return answer_count == question_count;
}

struct sample {
    struct survey_question questions[5];
    size_t question_count;
    struct survey_answer answers[6];
    size_t answer_count;
};

/* Three of four are answered as they should be; the rest has any keys and values. */
static void make_sample(struct random *random, struct sample *sample)
{
    static const char *const keys[] = { "a", "b", "c", "d", "e", "f" };
    bool is_wild = random_below(random, 4) == 0;

    sample->question_count = (size_t)random_between(random, 1, 5);
    sample->answer_count = is_wild ? (size_t)random_between(random, 0, 6) : sample->question_count;
    for (size_t i = 0; i < sample->question_count; i++)
        sample->questions[i] =
            (struct survey_question){ keys[i], random_below(random, 2) ? "1_6" : "yes_no" };
    for (size_t i = 0; i < sample->answer_count; i++) {
        size_t key = is_wild ? (size_t)random_below(random, 6) : i;
        bool is_mark = key < sample->question_count && sample->questions[key].scale[0] == '1';
        int64_t value = is_wild   ? random_between(random, -1, 7)
                        : is_mark ? random_between(random, 1, 6)
                                  : random_below(random, 2);
        sample->answers[i] = (struct survey_answer){ keys[key], (int32_t)value };
    }
}

Test(score_survey, agrees_with_brute_force_and_19500_surveys_have_an_exact_mean)
{
    const uint64_t seed = 20261122;
    struct random random = { seed };
    int64_t sum = 0, count = 0;
    long double true_sum = 0;

    for (int surveys = 0, round = 0; surveys < 19500; round++) {
        struct sample sample;
        double mean = 0;
        make_sample(&random, &sample);
        bool is_good = oracle(sample.questions, sample.question_count, sample.answers,
                              sample.answer_count, &mean);
        struct survey_score score = score_survey(sample.questions, sample.question_count,
                                                 sample.answers, sample.answer_count);
        cr_assert_eq(score.verdict == SURVEY_SCORED, is_good, "seed %lu round %d", seed, round);
        if (!is_good)
            continue;
        cr_assert_float_eq(survey_mean(score.sum, score.count), mean, 1e-12, "seed %lu round %d",
                           seed, round);
        surveys++;
        sum += score.sum;
        count += score.count;
        true_sum += (long double)mean * score.count;
    }
    cr_expect_float_eq(survey_mean(sum, count), (double)(true_sum / count), 0.0001);
}
