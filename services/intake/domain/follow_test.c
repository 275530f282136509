/* What may follow what, by example and for every small contract; and when. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/intake/domain/follow.h"
#include <criterion/criterion.h>
#include <string.h>

Test(check_following, table)
{
    static const struct followed long_one[] = {
        { "0", "1" }, { "1", "2" }, { "2", "3" }, { "3", "4" }, { "4", "5" }, { "5", "6" },
        { "6", "7" }, { "7", "8" }, { "8", "9" }, { "9", "x" }, { "x", "" },
    };
    static const struct followed few[] = {
        { "leak", "painting" }, { "painting", "" }, { "roof", "itself" },  { "itself", "itself" },
        { "a", "b" },           { "b", "a" },       { "lost", "nothing" },
    };
    const struct {
        const char *name;
        const struct followed *services;
        size_t count, at;
        enum follow is;
    } rows[] = {
        { "nothing follows", few, COUNT(few), 1, FOLLOW_FITS },
        { "one follows", few, COUNT(few), 0, FOLLOW_FITS },
        { "what follows is in no contract", few, COUNT(few), 6, FOLLOW_UNKNOWN },
        { "itself", few, COUNT(few), 3, FOLLOW_IN_CIRCLES },
        { "two follow each other", few, COUNT(few), 4, FOLLOW_IN_CIRCLES },
        { "a circle further on", few, COUNT(few), 2, FOLLOW_IN_CIRCLES },
        { "ten in a row", long_one, COUNT(long_one), 1, FOLLOW_FITS },
        { "eleven are too many", long_one, COUNT(long_one), 0, FOLLOW_TOO_LONG },
    };

    EACH (row, rows)
        cr_expect_eq(check_following(row->services, row->count, row->at), row->is, "%s", row->name);
}

/* Against a plain walk that goes on for longer than any chain may be. */
static enum follow walk(const struct followed services[], size_t count, size_t at)
{
    char gone[32] = "";
    size_t length = 1;

    for (;; length++) {
        if (strchr(gone, services[at].service_id[0]))
            return FOLLOW_IN_CIRCLES;
        strncat(gone, services[at].service_id, 1);
        if (!services[at].followed_by[0])
            return length > FOLLOWING_MOST ? FOLLOW_TOO_LONG : FOLLOW_FITS;
        size_t next = 0;
        while (next < count && strcmp(services[next].service_id, services[at].followed_by) != 0)
            next++;
        if (next == count)
            return FOLLOW_UNKNOWN;
        at = next;
    }
}

Test(check_following, any_small_contract)
{
    struct random random = { 20261122 };

    for (int round = 0; round < 20000; round++) {
        static const char names[9][2] = { "a", "b", "c", "d", "e", "f", "g", "h", "?" };
        struct followed services[8];
        size_t count = 1 + (size_t)random_below(&random, 8);
        for (size_t i = 0; i < count; i++) {
            int64_t next = random_below(&random, 12);
            services[i] = (struct followed){ names[i], next < 9 ? names[next] : "" };
        }
        for (size_t i = 0; i < count; i++)
            cr_expect_eq(check_following(services, count, i), walk(services, count, i),
                         "round %d, service %zu of %zu", round, i, count);
    }
}

Test(bounds_after, table)
{
    const struct bounds before = { HOURS(10), HOURS(20) };
    const struct {
        const char *name;
        int64_t work_ms, gap_ms;
        timestamp wanted_at;
        struct bounds own;
    } rows[] = {
        { "from the end of the work", HOURS(1), 0, 0, { HOURS(11), HOURS(45) } },
        { "and the gap", HOURS(1), HOURS(48), 0, { HOURS(59), HOURS(93) } },
        { "later, if so wished", HOURS(1), 0, HOURS(15), { HOURS(15), HOURS(45) } },
        { "much later: the answer counts from there", 0, 0, HOURS(90), { HOURS(90), HOURS(114) } },
    };

    EACH (row, rows) {
        struct bounds own =
            bounds_after(before, row->work_ms, row->gap_ms, row->wanted_at, HOURS(24));
        cr_expect_eq(own.earliest_at, row->own.earliest_at, "%s", row->name);
        cr_expect_eq(own.latest_by, row->own.latest_by, "%s", row->name);
    }
}
