/* What comes before and after leaves, by example; and any edits of any chain that the rules let
 * through keep its order. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/matching/domain/chain.h"
#include <criterion/criterion.h>

#define FOLLOWS .has_before = true, .is_before_known = true
#define PROMISED FOLLOWS, .is_before_open = true, .is_before_promised = true

Test(check_chain, table)
{
    const struct {
        const char *name;
        struct chain chain;
        timestamp start_at;
        enum chain_rule rule;
    } rows[] = {
        { "alone", { 0 }, HOURS(1), CHAIN_FITS },
        { "not heard of the one before", { .has_before = true }, HOURS(50), CHAIN_WAITS },
        { "the one before has no hour",
          { FOLLOWS, .is_before_open = true },
          HOURS(9),
          CHAIN_WAITS },
        { "nor another, though one visit is done",
          { FOLLOWS, .is_before_open = true, .before_ends_at = HOURS(5) },
          HOURS(9),
          CHAIN_WAITS },
        { "the one before was called off", { FOLLOWS }, HOURS(1), CHAIN_FITS },
        { "before it ends",
          { PROMISED, .before_ends_at = HOURS(9) },
          HOURS(9) - 1,
          CHAIN_PREDECESSOR },
        { "when it ends", { PROMISED, .before_ends_at = HOURS(9) }, HOURS(9), CHAIN_FITS },
        { "it dries",
          { PROMISED, .before_ends_at = HOURS(9), .gap_ms = HOURS(48) },
          HOURS(57) - 1,
          CHAIN_PREDECESSOR },
        { "it is dry",
          { PROMISED, .before_ends_at = HOURS(9), .gap_ms = HOURS(48) },
          HOURS(57),
          CHAIN_FITS },
        { "it is done, and dries all the same",
          { FOLLOWS, .before_ends_at = HOURS(9), .gap_ms = HOURS(48) },
          HOURS(10),
          CHAIN_PREDECESSOR },
        { "up to the next", { .has_next = true, .next_at = HOURS(10) }, HOURS(9), CHAIN_FITS },
        { "into the next",
          { .has_next = true, .next_at = HOURS(10) },
          HOURS(9) + 1,
          CHAIN_SUCCESSOR },
        { "the next has no hour", { .has_next = true }, HOURS(90), CHAIN_FITS },
    };

    EACH (row, rows)
        cr_expect_eq(check_chain(&row->chain, row->start_at, HOURS(1)), row->rule, "%s", row->name);
    cr_expect_str_eq(chain_rule_text(CHAIN_WAITS), "waits_for_other");
}

Test(chain_narrow, leaves_what_the_check_allows)
{
    struct random random = { 18 };

    for (int round = 0; round < 20000; round++) {
        struct chain chain = { .has_before = random_below(&random, 2),
                               .is_before_known = random_below(&random, 4) > 0,
                               .is_before_open = random_below(&random, 2),
                               .is_before_promised = random_below(&random, 4) > 0,
                               .before_ends_at = random_below(&random, 20),
                               .gap_ms = random_below(&random, 5),
                               .next_at = random_below(&random, 40) };
        struct window starts = { random_below(&random, 20), 0 };
        int64_t length_ms = random_between(&random, 1, 6);
        starts.until = starts.from + random_below(&random, 30);
        struct window left = chain_narrow(&chain, starts, length_ms);
        cr_assert_geq(left.until, left.from);
        for (timestamp at = starts.from; at < starts.until; at++)
            cr_assert_eq(window_contains(left, at),
                         check_chain(&chain, at, length_ms) == CHAIN_FITS, "round %d at %lld",
                         round, (long long)at);
    }
}

/* ---- any edits of any chain ---- */

enum { ORDERS = 6, LENGTH = 3 };

struct model {
    int before[ORDERS]; /* an earlier one, or -1 */
    int64_t gap_ms[ORDERS];
    timestamp start_at[ORDERS]; /* 0: no hour */
    bool is_open[ORDERS];
};

static struct chain chain_of(const struct model *model, int order)
{
    int before = model->before[order];
    struct chain chain = { .has_before = before >= 0, .gap_ms = model->gap_ms[order] };

    if (before >= 0) {
        chain.is_before_known = true;
        chain.is_before_open = model->is_open[before];
        chain.is_before_promised = model->is_open[before] && model->start_at[before];
        chain.before_ends_at = model->start_at[before] ? model->start_at[before] + LENGTH : 0;
    }
    for (int next = 0; next < ORDERS; next++) {
        timestamp at = model->start_at[next] - model->gap_ms[next];
        if (model->before[next] != order || !model->is_open[next])
            continue;
        chain.has_next = true;
        if (model->start_at[next] && (!chain.next_at || at < chain.next_at))
            chain.next_at = at;
    }
    return chain;
}

static void check_order(const struct model *model, int round)
{
    for (int order = 0; order < ORDERS; order++) {
        int before = model->before[order];
        if (before < 0 || !model->start_at[order] || !model->start_at[before])
            continue;
        cr_assert_geq(model->start_at[order],
                      model->start_at[before] + LENGTH + model->gap_ms[order],
                      "round %d: order %d after %d", round, order, before);
    }
}

/* Who lost his hour and finds none before the next moves the next: that loses its hour, and so on.
 */
static void push(struct model *model, int order)
{
    for (int next = 0; next < ORDERS; next++) {
        if (model->before[next] != order || !model->start_at[next] ||
            model->start_at[next] >= model->start_at[order] + LENGTH + model->gap_ms[next])
            continue;
        model->start_at[next] =
            chain_begins_at(&(struct chain){ .has_before = true,
                                             .before_ends_at = model->start_at[order] + LENGTH,
                                             .gap_ms = model->gap_ms[next] });
        push(model, next);
    }
}

static void edit(struct model *model, struct random *random)
{
    int order = (int)random_below(random, ORDERS);
    timestamp at = random_between(random, 100, 160);
    struct chain chain = chain_of(model, order);

    if (!model->is_open[order])
        return;
    switch (random_below(random, 5)) {
    case 0:
        model->is_open[order] = false; /* called off */
        model->start_at[order] = 0;
        break;
    case 1:
        if (model->before[order] < 0 || !model->is_open[model->before[order]])
            model->is_open[order] = !model->start_at[order]; /* done, as what comes before it */
        break;
    case 2: { /* missed: before the next, else the next moves */
        struct window left = chain_narrow(&chain, (struct window){ at, at + 20 }, LENGTH);
        if (!model->start_at[order])
            break;
        model->start_at[order] = 0;
        if (check_chain(&chain, at + 20, LENGTH) == CHAIN_WAITS)
            break;
        model->start_at[order] = left.from < left.until         ? left.from
                                 : at > chain_begins_at(&chain) ? at
                                                                : chain_begins_at(&chain);
        push(model, order);
        break;
    }
    default: /* booked or moved */
        if (check_chain(&chain, at, LENGTH) == CHAIN_FITS)
            model->start_at[order] = at;
    }
}

Test(check_chain, any_edits_of_any_chain_keep_its_order)
{
    struct random random = { 42 };
    int promised = 0;

    for (int round = 0; round < 3000; round++) {
        struct model model;
        for (int order = 0; order < ORDERS; order++) {
            model.before[order] = (int)random_below(&random, order + 1) - 1;
            model.gap_ms[order] = random_below(&random, 8);
            model.start_at[order] = 0;
            model.is_open[order] = true;
        }
        for (int edits = 0; edits < 60; edits++) {
            edit(&model, &random);
            check_order(&model, round);
        }
        for (int order = 0; order < ORDERS; order++)
            promised += model.before[order] >= 0 && model.start_at[order];
    }
    cr_assert_gt(promised, 1000, "or nothing ever followed anything");
}
