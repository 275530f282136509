/* Two clocks. The shared one is PostgreSQL's, carried on by our own monotonic clock: whatever is
 * promised, leased or due is written by one clock and judged by the same one, whichever process
 * does it and however wrong its machine's clock is. The suite's clock stands on it: rows
 * (machine_at, suite_at, rate) written before the start, so that a day can be replayed in minutes;
 * without rows it is real time. */
#include "lib/service/loop.h"
#include "lib/service/queries.h"
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic int64_t ahead_ms; /* of our monotonic clock; 0: never compared */

timestamp shared_clock(void)
{
    int64_t ahead = atomic_load(&ahead_ms);

    return ahead ? monotonic_clock_ms() + ahead : machine_clock();
}

void clock_compare(timestamp said, int64_t asked_ms, int64_t heard_ms)
{
    int64_t ahead = atomic_load(&ahead_ms), least = said - heard_ms, most = said - asked_ms;

    atomic_store(&ahead_ms, ahead < least ? least : ahead > most ? most : ahead);
}

struct clock_row {
    timestamp machine_at, suite_at;
    double rate;
};

static struct clock_row clock_rows[64];
static size_t clock_count;

void clock_take(struct rows *rows, int64_t asked_ms)
{
    struct row row = row_at(rows, 0);

    clock_compare(next_int(&row), asked_ms, monotonic_clock_ms());
}

struct error clock_load(void)
{
    struct rows rows;
    int64_t asked_ms = monotonic_clock_ms();

    TRY(READ(NULL, &rows, read_clock));
    clock_take(&rows, asked_ms);
    TRY(READ(NULL, &rows, load_clock));
    if (rows.count > (int)COUNT(clock_rows))
        return fatal("suite.clock: %d rows, at most %zu are read", rows.count, COUNT(clock_rows));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        clock_rows[i] = (struct clock_row){ next_int(&row), next_int(&row), next_real(&row) };
    }
    clock_count = (size_t)rows.count;
    return OK;
}

timestamp suite_clock(timestamp machine_now)
{
    const struct clock_row *last = NULL;

    for (size_t i = 0; i < clock_count && clock_rows[i].machine_at <= machine_now; i++)
        last = &clock_rows[i];
    if (!last && clock_count)
        return clock_rows[0].suite_at; /* before its first row the suite's time stands still */
    if (!last)
        return machine_now;
    return last->suite_at + (int64_t)((double)(machine_now - last->machine_at) * last->rate);
}
