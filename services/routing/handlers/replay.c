/* routing --replay: proposals computed again from what was kept of them. */
#include "lib/domain/calendar.h"
#include "services/routing/handlers.h"
#include "services/routing/improve_region.h"
#include "services/routing/store_plans.h"
#include <stdio.h>
#include <string.h>

struct replaying {
    int64_t plans, same, of_another_rule;
};

static struct error replay_one(struct turn *turn, const char *plan_id, struct replaying *replaying)
{
    struct region_improvement now = { 0 };
    struct kept_plan plan;

    TRY(store_load_plan(turn, plan_id, &plan));
    replaying->plans++;
    if (plan.rule_version != SWAP_RULE_VERSION || !plan.answer.length) {
        printf("%s was made by rule %lld: a program of that time makes it again\n", plan_id,
               (long long)plan.rule_version);
        replaying->of_another_rule++;
        return OK;
    }
    improve_region(plan.input.at, plan.input.length, &now, sizeof now);
    struct text made = { (const char *)&now, sizeof now };
    bool is_same =
        plan.answer.length == made.length && memcmp(made.at, plan.answer.at, made.length) == 0;
    replaying->same += is_same;
    if (!is_same)
        printf("%s differs\n", plan_id);
    return OK;
}

struct error replay(struct turn *turn, int count, char **words)
{
    struct replaying replaying = { 0 };
    const char *only[1] = { count ? words[0] : "" };
    const char **plan_ids = only;
    size_t plan_count = 1;
    int32_t date;

    if (count != 1)
        return rejected(PROBLEM_INVALID, "ID|DATE", "which plan, or which day?");
    if (date_parse(text_of(words[0]), &date))
        TRY(store_load_plans_of(turn, date_start(date), date_end(date), &plan_ids, &plan_count));
    for (size_t i = 0; i < plan_count; i++)
        TRY(replay_one(turn, plan_ids[i], &replaying));
    printf("plans %lld, byte for byte the same %lld, of another rule %lld\n",
           (long long)replaying.plans, (long long)replaying.same,
           (long long)replaying.of_another_rule);
    if (replaying.same + replaying.of_another_rule < replaying.plans)
        return rejected(PROBLEM_CONFLICT, NULL, "%lld plans came out otherwise",
                        (long long)(replaying.plans - replaying.same - replaying.of_another_rule));
    return OK;
}
