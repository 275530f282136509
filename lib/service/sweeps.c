/* Timers: each tick asks which subjects are due and makes one turn for each; the loop's own are
 * here, too: early facts whose time has come, replays of parked ones, old inbox rows. */
#include "lib/service/sweeps.h"
#include "lib/service/person/seal.h"
#include "lib/service/queries.h"
#include "lib/service/queue.h"
#include <stdlib.h>
#include <string.h>

enum { TIMERS_MOST = 32, OWN_EVERY_MS = 1000, PRUNE_EVERY_MS = 3600000 };

static int64_t due_ms[TIMERS_MOST];
static int64_t own_due_ms, prune_due_ms;

static struct error look_with(struct rows *rows, const struct query *query,
                              const struct value values[])
{
    SEND(NULL, walls, STR(""), STR("timer"), STR(""));
    pipeline_ask(NULL, rows, query, values, (size_t)query->parameters);
    return pipeline_wait(true, NULL);
}

struct error look_as_timer(struct rows *rows, const struct query *query)
{
    timestamp now = shared_clock();
    const struct value values[] = { { 0 }, INT(suite_clock(now)), INT(now) };

    return look_with(rows, query, values);
}

static void add_due(const struct timer *timer, const char *subject)
{
    struct item *item;

    if (queue_has(timer, subject))
        return;
    item = item_new(ITEM_DUE, subject, "");
    item->timer = timer;
    loop_add(item);
}

static void tick(const struct timer *timer)
{
    struct rows rows;

    if (!timer->due) {
        add_due(timer, "");
        return;
    }
    struct error error = look_as_timer(&rows, timer->due);
    if (error.kind != ERROR_NONE)
        log_warning("timer_failed", TEXT("timer", timer->name), TEXT("why", error.text));
    for (int i = 0; error.kind == ERROR_NONE && i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        add_due(timer, next_text(&row));
    }
    rows_free_all();
}

/* ---- the loop's own ---- */

static void add_record(struct row *row, enum message_from from, struct arena *arena)
{
    struct record record = { .from = from, .topic = "" };

    record.id = strdup(next_text(row));
    record.source = strdup(next_text(row));
    record.subject = strdup(next_text(row));
    record.sequence = next_int(row);
    record.type = strdup(next_text(row));
    record.partner = strdup(next_text(row));
    struct item *item = item_new(ITEM_MESSAGE, record.subject, next_text(row));
    record.told_at = next_int(row);
    record.cause = strdup(next_text(row));
    record.is_retold = next_bool(row);
    struct text payload = next_bytes(row, arena);
    /* A payload whose seal is gone stays what nobody can read: it parks again as such. */
    if (from == FROM_PARKED && !next_is_null(row))
        unseal_bytes(arena, next_bytes(row, arena), payload, &payload);
    record.payload = malloc(payload.length + 1);
    if (!record.payload)
        abort();
    if (payload.length)
        memcpy(record.payload, payload.at, payload.length);
    record.payload_length = payload.length;
    item->record = record;
    loop_add(item);
}

/* Types that may be the first of their subject. */
static struct value opening_types(struct arena *arena)
{
    const char *types[128];
    size_t count = 0;

    for (const struct subscription *s = the_service->listens; s && s->type; s++)
        if (s->opens && count < COUNT(types))
            types[count++] = s->type->name;
    return text_array(arena, types, count);
}

static void take_kept(const struct query *query, enum message_from from)
{
    static struct arena arena;
    struct rows rows;

    arena_reset(&arena);
    if (queue_has_message(from))
        return;
    const struct value values[] = { { 0 }, opening_types(&arena) };
    struct error error = look_with(&rows, query, values);
    for (int i = 0; error.kind == ERROR_NONE && i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        add_record(&row, from, &arena);
    }
    if (error.kind == ERROR_NONE && rows.count)
        own_due_ms = 0; /* one fact may make room for the next */
    rows_free_all();
}

static void prune(void)
{
    timestamp now = shared_clock();

    SEND(NULL, prune_inbox, INT(now - DAYS(30)));
    SEND(NULL, prune_requests, INT(now - DAYS(30)));
    struct error error = pipeline_wait(true, NULL);
    if (error.kind != ERROR_NONE)
        log_warning("prune_failed", TEXT("why", error.text));
}

void sweeps_run(int64_t now_ms)
{
    const struct timer *timer = the_service->timers;

    if (now_ms >= own_due_ms) {
        own_due_ms = now_ms + OWN_EVERY_MS;
        take_kept(&QUERY_due_early, FROM_EARLY);
        take_kept(&QUERY_due_replays, FROM_PARKED);
        figures_of_loop();
    }
    figures_run(now_ms);
    if (now_ms >= prune_due_ms) {
        prune_due_ms = now_ms + PRUNE_EVERY_MS;
        prune();
    }
    for (int i = 0; timer && timer->name; timer++, i++) {
        assert(i < TIMERS_MOST);
        if (now_ms < due_ms[i])
            continue;
        due_ms[i] = now_ms + timer->every_ms;
        tick(timer);
    }
}

int64_t sweeps_next_ms(void)
{
    const struct timer *timer = the_service->timers;
    int64_t next = own_due_ms;

    for (int i = 0; timer && timer->name; timer++, i++)
        if (due_ms[i] < next)
            next = due_ms[i];
    return next;
}
