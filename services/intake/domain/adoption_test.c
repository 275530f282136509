/* Steps by example; and a trial's share, which is what it says and never changes its mind. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/intake/domain/adoption.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static const char order[] = "0197db8a-95be-7dd6-862c-4c5778173e44";
static const char *const leaks[] = { "plumbing.leak", "plumbing.drain" };
static const char *const towns[] = { "warszawa", "lodz" };

#define SERVICES .services = leaks, .service_count = COUNT(leaks)
#define TOWNS .towns = towns, .town_count = COUNT(towns)

Test(adoption, table)
{
    const struct {
        const char *name;
        struct adoption adoption;
        const char *service, *town;
        enum adoption_step path;
    } rows[] = {
        { "mail", { .step = ADOPTION_MAIL }, "plumbing.leak", "warszawa", ADOPTION_MAIL },
        { "shadow", { .step = ADOPTION_SHADOW }, "plumbing.leak", "warszawa", ADOPTION_SHADOW },
        { "live", { .step = ADOPTION_LIVE }, "plumbing.leak", "warszawa", ADOPTION_LIVE },
        { "what a trial would let through says nothing before it",
          { .step = ADOPTION_SHADOW, .trial_permille = 1000, SERVICES },
          "plumbing.leak",
          "warszawa",
          ADOPTION_SHADOW },
        { "and nothing after it",
          { .step = ADOPTION_LIVE, .trial_permille = 1, SERVICES },
          "gas.smell",
          "warszawa",
          ADOPTION_LIVE },
        { "a trial of all", { ADOPTION_TRIAL, 1000 }, "gas.smell", "gdansk", ADOPTION_LIVE },
        { "of a service", { ADOPTION_TRIAL, SERVICES }, "plumbing.drain", "gdansk", ADOPTION_LIVE },
        { "not of another", { ADOPTION_TRIAL, SERVICES }, "gas.smell", "gdansk", ADOPTION_SHADOW },
        { "of a town", { ADOPTION_TRIAL, TOWNS }, "gas.smell", "lodz", ADOPTION_LIVE },
        { "not of another", { ADOPTION_TRIAL, TOWNS }, "gas.smell", "gdansk", ADOPTION_SHADOW },
        { "both", { ADOPTION_TRIAL, SERVICES, TOWNS }, "plumbing.leak", "lodz", ADOPTION_LIVE },
        { "one of both is not enough",
          { ADOPTION_TRIAL, SERVICES, TOWNS },
          "plumbing.leak",
          "gdansk",
          ADOPTION_SHADOW },
        { "nor the share alone",
          { ADOPTION_TRIAL, 1000, SERVICES },
          "gas.smell",
          "lodz",
          ADOPTION_SHADOW },
    };

    EACH (row, rows)
        cr_expect_eq(decide_adoption(&row->adoption, order, row->service, row->town), row->path,
                     "%s", row->name);
}

Test(adoption, names)
{
    enum adoption_step step = ADOPTION_TRIAL;

    cr_expect(adoption_parse(text_of("mail"), &step));
    cr_expect_eq(step, ADOPTION_MAIL);
    cr_expect_not(adoption_parse(text_of("fax"), &step));
    cr_expect_not(adoption_parse(text_of(""), &step));
    cr_expect_eq(step, ADOPTION_MAIL, "untouched");
    for (int i = ADOPTION_MAIL; i <= ADOPTION_LIVE; i++)
        cr_expect(adoption_parse(text_of(adoption_name((enum adoption_step)i)), &step) &&
                  (int)step == i);
}

Test(adoption, a_trial_without_limits_is_none)
{
    cr_expect_not(trial_is_limited(&(struct adoption){ ADOPTION_TRIAL }));
    cr_expect(trial_is_limited(&(struct adoption){ ADOPTION_TRIAL, 1 }));
    cr_expect(trial_is_limited(&(struct adoption){ ADOPTION_TRIAL, SERVICES }));
    cr_expect(trial_is_limited(&(struct adoption){ ADOPTION_TRIAL, TOWNS }));
}

/* As id_new makes them: all of one minute, so that most of their first half is the same. */
static void make_id(struct random *random, char id[37])
{
    snprintf(id, 37, "0197db8a-%04x-7%03x-8%03x-%012llx",
             (unsigned)random_below(random, 60000) & 0xffff, (unsigned)random_below(random, 4096),
             (unsigned)random_below(random, 4096),
             (unsigned long long)random_below(random, INT64_C(1) << 48));
}

/* Of n orders the share deviates by sqrt(p (1 - p) / n); five of these are one in 1.7 million. */
Test(adoption, the_share_is_kept_and_a_larger_one_has_all_of_a_smaller)
{
    enum { ORDERS = 20000 };
    static const int64_t shares[] = { 1, 20, 100, 333, 500, 900, 999, 1000 };
    struct random random = { 20261122 };
    int64_t live[COUNT(shares)] = { 0 };
    char id[37];

    for (int i = 0; i < ORDERS; i++) {
        bool was_live = false;
        make_id(&random, id);
        for (size_t k = 0; k < COUNT(shares); k++) {
            struct adoption adoption = { ADOPTION_TRIAL, shares[k] };
            enum adoption_step path = decide_adoption(&adoption, id, "s", "t");
            cr_assert_eq(path, decide_adoption(&adoption, id, "s", "t"), "%s: the same twice", id);
            cr_assert(path == ADOPTION_LIVE || path == ADOPTION_SHADOW);
            cr_assert(!was_live || path == ADOPTION_LIVE, "%s falls out at %lld", id,
                      (long long)shares[k]);
            was_live = path == ADOPTION_LIVE;
            live[k] += was_live;
        }
    }
    for (size_t k = 0; k < COUNT(shares); k++) {
        double p = (double)shares[k] / 1000, share = (double)live[k] / ORDERS;
        cr_expect_leq(fabs(share - p), 5 * sqrt(p * (1 - p) / ORDERS), "%lld permille: %f",
                      (long long)shares[k], share);
    }
}
