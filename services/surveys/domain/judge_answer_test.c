#include "lib/base/array.h"
#include "services/surveys/domain/judge_answer.h"
#include <criterion/criterion.h>

Test(judge_answer, table)
{
    const struct answer_rules rules = { .open_for_ms = DAYS(30), .replace_within_ms = DAYS(7) };
    const timestamp opened_at = DAYS(20000);
    const struct {
        const char *name;
        int64_t first_after_ms; /* after the opening; -1: not answered */
        bool is_same;
        int64_t now_after_ms;
        enum answer_verdict verdict;
        bool expired;
    } rows[] = {
        { "the first", -1, false, HOURS(1), ANSWER_FIRST, false },
        { "the first on the thirtieth day", -1, false, DAYS(30), ANSWER_FIRST, false },
        { "after thirty days nobody waits", -1, false, DAYS(30) + 1, ANSWER_TOO_LATE, true },
        { "another one an hour later replaces it", HOURS(1), false, HOURS(2), ANSWER_REPLACES,
          false },
        { "seven days later, still", HOURS(1), false, HOURS(1) + DAYS(7), ANSWER_REPLACES, false },
        { "after seven days it stands", HOURS(1), false, HOURS(1) + DAYS(7) + 1, ANSWER_FINAL,
          false },
        { "the same again is no other answer", HOURS(1), true, HOURS(1), ANSWER_SAME, false },
        { "the same again is welcome at any time", HOURS(1), true, DAYS(60), ANSWER_SAME, false },
        { "an answered survey does not expire", DAYS(29), false, DAYS(31), ANSWER_REPLACES, false },
    };

    EACH (row, rows) {
        struct answer_situation situation = {
            .opened_at = opened_at,
            .first_answered_at = row->first_after_ms < 0 ? 0 : opened_at + row->first_after_ms,
            .is_same = row->is_same,
        };
        timestamp now = opened_at + row->now_after_ms;
        cr_expect_eq(judge_answer(&rules, &situation, now), row->verdict, "%s", row->name);
        cr_expect_eq(survey_is_expired(&rules, &situation, now), row->expired, "%s", row->name);
    }
}
