/* Lengths by example, against a sorted list, and what they promise: overruns of at most a fifth. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/matching/domain/visit_length.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { MOST = 3000 };

Test(visit_length, table)
{
    const struct {
        const char *name;
        struct length_count counts[4];
        size_t count;
        int64_t length_ms, visits;
    } rows[] = {
        { "nothing known", { { 0 } }, 0, 0, 0 },
        { "nineteen visits are too few", { { HOURS(1), 19 } }, 1, 0, 19 },
        { "twenty will do", { { HOURS(1), 20 } }, 1, HOURS(1), 20 },
        { "exactly four fifths are enough",
          { { HOURS(1), 80 }, { HOURS(3), 20 } },
          2,
          HOURS(1),
          100 },
        { "one less is not", { { HOURS(1), 79 }, { HOURS(3), 21 } }, 2, HOURS(3), 100 },
        { "the order does not matter",
          { { HOURS(3), 20 }, { MINUTES(30), 40 }, { HOURS(1), 40 } },
          3,
          HOURS(1),
          100 },
        { "the same length twice adds up",
          { { HOURS(1), 40 }, { HOURS(3), 20 }, { HOURS(1), 40 } },
          3,
          HOURS(1),
          100 },
        { "rounded up to five minutes", { { MINUTES(61), 20 } }, 1, MINUTES(65), 20 },
        { "a millisecond more is the next step", { { HOURS(1) + 1, 20 } }, 1, MINUTES(65), 20 },
        { "never shorter than a quarter", { { MINUTES(6), 20 } }, 1, MINUTES(15), 20 },
        { "never longer than ten hours", { { HOURS(11), 20 } }, 1, HOURS(10), 20 },
        { "a length without visits is none",
          { { MINUTES(10), 0 }, { HOURS(2), 20 } },
          2,
          HOURS(2),
          20 },
    };

    EACH (row, rows) {
        int64_t visits = -1;
        int64_t length_ms = visit_length_ms(row->counts, row->count, &visits);
        cr_expect_eq(length_ms, row->length_ms, "%s: %lld min", row->name,
                     (long long)(length_ms / MINUTES(1)));
        cr_expect_eq(visits, row->visits, "%s: %lld visits", row->name, (long long)visits);
    }
}

Test(visit_length, sane)
{
    const struct {
        const char *name;
        int64_t length_ms;
        bool is_sane;
    } rows[] = {
        { "just under five minutes", MINUTES(5) - 1, false },
        { "five minutes", MINUTES(5), true },
        { "twelve hours", HOURS(12), true },
        { "just over", HOURS(12) + 1, false },
        { "never there", HOURS(500000), false },
        { "done before he came", -1, false },
    };

    EACH (row, rows)
        cr_expect_eq(length_is_sane(row->length_ms), row->is_sane, "%s", row->name);
}

static timestamp local(int32_t year, int32_t month, int32_t day, int32_t hour)
{
    return timestamp_from_civil(
        (struct civil){ .year = year, .month = month, .day = day, .hour = hour });
}

Test(visit_length, nights)
{
    const struct {
        const char *name;
        timestamp now, night;
    } rows[] = {
        { "in the evening: tomorrow's", local(2026, 11, 22, 20), local(2026, 11, 23, 2) },
        { "after midnight: today's", local(2026, 11, 23, 1), local(2026, 11, 23, 2) },
        { "at two: the next one", local(2026, 11, 23, 2), local(2026, 11, 24, 2) },
        { "the night without two o'clock", local(2026, 3, 28, 20), local(2026, 3, 29, 3) },
        { "after it", local(2026, 3, 29, 3), local(2026, 3, 30, 2) },
        { "the night with two of them: the first", local(2026, 10, 24, 20),
          local(2026, 10, 25, 2) },
        { "between the two: not once more", local(2026, 10, 25, 2) + MINUTES(30),
          local(2026, 10, 26, 2) },
    };

    EACH (row, rows)
        cr_expect_eq(next_night(row->now), row->night, "%s: %lld h off", row->name,
                     (long long)((next_night(row->now) - row->night) / HOURS(1)));
}

static int by_length(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return left < right ? -1 : left > right;
}

Test(visit_length, nearest_rank_in_any_order)
{
    static int64_t sorted[200];
    static struct length_count counts[200];

    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct random random = { seed };
        size_t count = (size_t)random_between(&random, 1, 200);
        for (size_t i = 0; i < count; i++) {
            sorted[i] = MINUTES(random_between(&random, 5, 90));
            counts[i] = (struct length_count){ sorted[i], 1 };
        }
        qsort(sorted, count, sizeof *sorted, by_length);
        int64_t expected = sorted[(count * 80 + 99) / 100 - 1];
        cr_assert_eq(p80_ms(counts, count), expected, "seed %llu", (unsigned long long)seed);
        for (size_t i = count - 1; i > 0; i--) {
            size_t k = (size_t)random_below(&random, (int64_t)i + 1);
            struct length_count swapped = counts[i];
            counts[i] = counts[k];
            counts[k] = swapped;
        }
        cr_assert_eq(p80_ms(counts, count), expected, "seed %llu, shuffled",
                     (unsigned long long)seed);
    }
}

/* Half an hour at least, and a long tail: the exponential's, mean 45 minutes. */
static int64_t skewed(struct random *random)
{
    double unit = ((double)random_below(random, 1 << 30) + 0.5) / (1 << 30);

    return MINUTES(30) + (int64_t)(-log(unit) * (double)MINUTES(45));
}

/* Of `n` past visits the k-th shortest is promised, k = ceil(0.8 n): a new visit exceeds it with a
 * probability whose mean is (n - k + 1) / (n + 1) <= 0.2 + 1/n and whose deviation is below
 * sqrt(0.16 / n) (order statistics: Beta(n - k + 1, k)); of m new ones the share deviates by
 * sqrt(0.16 / m) more. Five deviations of both: one seed in three million. Rounding only helps. */
Test(visit_length, overruns_are_a_fifth_at_most)
{
    static struct length_count counts[MOST];

    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random random = { seed };
        int64_t n = random_between(&random, 500, MOST), m = 10000, overruns = 0, visits;
        for (int64_t i = 0; i < n; i++)
            counts[i] = (struct length_count){ skewed(&random), 1 };
        int64_t promised_ms = visit_length_ms(counts, (size_t)n, &visits);
        for (int64_t i = 0; i < m; i++)
            overruns += skewed(&random) > promised_ms;
        double noise = 5 * sqrt(0.16 / (double)n + 0.16 / (double)m) + 1 / (double)n;
        cr_expect_lt((double)overruns / (double)m, 0.2 + noise, "seed %llu: %lld of %lld",
                     (unsigned long long)seed, (long long)overruns, (long long)m);
        cr_expect_eq(visits, n);
    }
}
