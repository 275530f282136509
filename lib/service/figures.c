/* Figures for /metrics that have to be looked for: what waits in the loop's own tables, every
 * second, and what a service counts in its own, every 15; never when somebody scrapes. */
#include "lib/service/loop.h"
#include "lib/service/queries.h"
#include "lib/service/sweeps.h"

enum { OWN_EVERY_MS = 15000, REDIS_EVERY_MS = 5000 };

static double age_s(timestamp since)
{
    timestamp now = shared_clock();

    return since && since < now ? (double)(now - since) / 1000 : 0;
}

static void set_count_and_age(struct rows *rows, const char *count_name, const char *age_name)
{
    if (!rows->count)
        return;
    struct row row = row_at(rows, 0);
    metric_set(count_name, "", (double)next_int(&row));
    metric_set(age_name, "", age_s(next_int(&row)));
}

static void set_parked(struct rows *parked)
{
    timestamp oldest = 0;
    char label[64];

    for (int i = 0; i < parked->count; i++) {
        struct row row = row_at(parked, i);
        snprintf(label, sizeof label, "kind=\"%s\"", next_text(&row));
        metric_set("majster_parked", label, (double)next_int(&row));
        timestamp since = next_int(&row);
        oldest = since && (!oldest || since < oldest) ? since : oldest;
    }
    metric_set("majster_parked_oldest_seconds", "", age_s(oldest));
}

void figures_of_loop(void)
{
    struct rows early, parked, erasures, outbox, clock;
    const struct value none[] = { { 0 } };
    int64_t asked_ms = monotonic_clock_ms();

    pipeline_ask(NULL, &early, &QUERY_oldest_early, none, 0);
    pipeline_ask(NULL, &parked, &QUERY_count_parked, none, 0);
    pipeline_ask(NULL, &erasures, &QUERY_count_erasures, none, 0);
    pipeline_ask(NULL, &outbox, &QUERY_count_outbox, none, 0);
    pipeline_ask(NULL, &clock, &QUERY_read_clock, none, 0);
    struct error error = pipeline_wait(true, NULL);
    if (error.kind == ERROR_NONE && clock.count && erasures.count) {
        clock_take(&clock, asked_ms);
        set_count_and_age(&early, "majster_early", "majster_early_oldest_seconds");
        set_count_and_age(&outbox, "majster_outbox_rows", "majster_outbox_oldest_seconds");
        set_parked(&parked);
        struct row row = row_at(&erasures, 0);
        metric_set("majster_erasures_waiting", "", (double)next_int(&row));
    }
    metric_set("majster_queue", "", (double)queue_length());
    rows_free_all();
    consumer_measure();
}

static void figures_of_service(void)
{
    struct rows rows;
    struct error error = look_as_timer(&rows, the_service->figures);

    if (error.kind != ERROR_NONE)
        log_warning("figures_failed", TEXT("why", error.text));
    for (int i = 0; error.kind == ERROR_NONE && i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        const char *name = next_text(&row), *label = next_text(&row);
        metric_set(name, label, next_real(&row));
    }
    rows_free_all();
}

void figures_run(int64_t now_ms)
{
    static int64_t own_due_ms, redis_due_ms;

    if (the_service->figures && now_ms >= own_due_ms) {
        own_due_ms = now_ms + OWN_EVERY_MS;
        figures_of_service();
    }
    if (now_ms >= redis_due_ms) {
        redis_due_ms = now_ms + REDIS_EVERY_MS;
        live_ask_whether_there();
    }
}
