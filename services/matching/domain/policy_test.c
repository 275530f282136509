/* The parts of a score by example, and what may be relied on. */
#include "lib/base/array.h"
#include "services/matching/domain/random_roster.h"
#include <criterion/criterion.h>
#include <string.h>

Test(policy, fields_are_found_read_and_set)
{
    struct policy policy = usual_policy;
    size_t count = 0;

    for (const struct policy_field *field; (field = policy_field_at(count)); count++) {
        cr_expect_eq(policy_field(field->name), field);
        cr_expect_leq(field->least, policy_get(&usual_policy, field), "%s", field->name);
        cr_expect_geq(field->most, policy_get(&usual_policy, field), "%s", field->name);
        policy_set(&policy, field, field->most);
        cr_expect_eq(policy_get(&policy, field), field->most, "%s", field->name);
    }
    cr_expect_eq(policy.again_ms, policy_field("again_ms")->most);
    cr_expect_gt(count, 10);
    cr_expect_null(policy_field("version"), "a version is counted, not set");
}

Test(policy, parts_by_example)
{
    const struct policy *policy = &usual_policy;
    const struct standing newcomer = { 2, 2, 0, HOURS(80) }, five = { 40, 200, 0, HOURS(80) },
                          six = { 40, 240, 0, HOURS(80) }, two = { 40, 80, 0, HOURS(80) },
                          half = { 40, 240, HOURS(40), HOURS(80) }, idle = { 40, 240, 0, 0 };
    const struct {
        const char *name;
        const struct standing *standing;
        bool is_again, lacks_part;
        int64_t quality_ms, load_ms, again_ms, part_ms;
    } rows[] = {
        { "six of six", &six, false, false, 0, 0, 0, 0 },
        { "a point below costs ten minutes", &five, false, false, MINUTES(10), 0, 0, 0 },
        { "and no more than that", &two, false, false, MINUTES(10), 0, 0, 0 },
        { "a newcomer counts as the usual one, whatever his two answers", &newcomer, false, false,
          MINUTES(1), 0, 0, 0 },
        { "half of his hours promised", &half, false, false, 0, HOURS(1), 0, 0 },
        { "no hours at all", &idle, false, false, 0, 0, 0, 0 },
        { "was here before", &six, true, false, 0, 0, -HOURS(1), 0 },
        { "the part is not in his van", &six, false, true, 0, 0, 0, MINUTES(30) },
    };

    EACH (row, rows) {
        struct score score =
            score_technician(policy, row->standing, row->is_again, row->lacks_part);
        cr_expect_eq(score.parts_ms[SCORE_QUALITY], row->quality_ms, "%s", row->name);
        cr_expect_eq(score.parts_ms[SCORE_LOAD], row->load_ms, "%s", row->name);
        cr_expect_eq(score.parts_ms[SCORE_AGAIN], row->again_ms, "%s", row->name);
        cr_expect_eq(score.parts_ms[SCORE_PART], row->part_ms, "%s", row->name);
        cr_expect_eq(score.total_ms, row->quality_ms + row->load_ms + row->again_ms + row->part_ms,
                     "%s", row->name);
    }
    struct day_start tight = { .added_travel_ms = MINUTES(12),
                               .spare_before_ms = MINUTES(5),
                               .spare_after_ms = HOURS(1) };
    struct score base = score_technician(policy, &six, false, false),
                 score = score_start(policy, &base, &tight, HOURS(2), 200);
    cr_expect_eq(score.parts_ms[SCORE_TRAVEL], MINUTES(12));
    cr_expect_eq(score.parts_ms[SCORE_WAITING], MINUTES(24), "two hours at a fifth");
    cr_expect_eq(score.parts_ms[SCORE_RISK], MINUTES(15) * 3 / 10, "fifteen minutes are missing");
    cr_expect_eq(score.total_ms, MINUTES(36) + MINUTES(15) * 3 / 10);
    cr_expect_str_eq(score_part_text(SCORE_RISK), "risk");
}

Test(policy, what_lies_in_a_van)
{
    uint64_t parts[] = { 9, 5, 7 };
    const struct {
        const char *name;
        size_t count;
        uint64_t part, own_part;
        bool lacks;
    } rows[] = {
        { "none is needed", 3, 0, 0, false },
        { "none is needed, whatever is kept", 3, 0, 6, false },
        { "a free one", 3, 7, 0, false },
        { "another", 3, 6, 0, true },
        { "the piece that is kept for this order", 3, 6, 9, false },
        { "a piece that is kept elsewhere", 3, 6, 8, true },
        { "an empty van", 0, 7, 9, true },
    };

    van_parts_sort(parts, COUNT(parts));
    EACH (row, rows) {
        const struct member member = { .van = { parts, row->count } };
        const struct visit_job job = { .part = row->part, .own_part = row->own_part };
        cr_expect_eq(lacks_part(&member, &job), row->lacks, "%s", row->name);
    }
}

Test(policy, no_start_scores_below_its_bound)
{
    struct random random = { .state = 5 };

    for (int run = 0; run < 20000; run++) {
        struct policy policy = random_policy(&random);
        struct standing standing = { 10, random_between(&random, 10, 60), HOURS(10),
                                     HOURS(random_below(&random, 40)) };
        struct score base =
            score_technician(&policy, &standing, chance(&random, 2), chance(&random, 2));
        int64_t least_ms = random_between(&random, -MINUTES(30), MINUTES(60));
        int64_t waited_ms = random_below(&random, DAYS(2)), permille = random_below(&random, 2000);
        struct day_start start = { .added_travel_ms = least_ms + random_below(&random, MINUTES(30)),
                                   .spare_before_ms = random_below(&random, HOURS(1)),
                                   .spare_after_ms = random_below(&random, HOURS(1)) };
        int64_t later_ms = waited_ms + random_below(&random, HOURS(5));
        cr_assert_geq(score_start(&policy, &base, &start, later_ms, permille).total_ms,
                      score_least_ms(&policy, &base, least_ms, waited_ms, permille), "run %d", run);
    }
}
