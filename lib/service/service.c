/* service_run: settings, database, topics, memory; then the loop until a signal; then an orderly
 * end. */
#include "lib/service/guard.h"
#include "lib/service/loop.h"
#include "lib/service/person/seal.h"
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum {
    DRAIN_MS = 6000, /* a page that waits for another service's answer is given 5 s */
    IDLE_MS = 2500,  /* nginx and portal give an idle connection up after 2 s */
    LIBRARIES_S = 5, /* what Kafka's and PostgreSQL's clients are given to let go */
    TRY_AGAIN_MS = 250,
    SAY_AGAIN_MS = 5000
};

const struct service *the_service;

static struct actor_keys *keys;
static atomic_bool is_ready;
static bool is_called_off; /* by a signal, while it was starting */

const struct actor_keys *service_keys(void)
{
    return keys;
}

bool loop_is_ready(void)
{
    return atomic_load(&is_ready) && watcher_is_ready();
}

/* ---- start ---- */

static struct error read_settings(void)
{
    char prefix[64];
    size_t length = 0;

    for (const char *at = the_service->name; *at; at++)
        prefix[length++] = (char)(*at - 32);
    prefix[length++] = '_';
    prefix[length] = '\0';
    TRY(settings_read(common_settings, NULL, "\001"));
    TRY(settings_read(the_service->settings, NULL, prefix));
    TRY(common_settings_check());
    return FAILPOINTS_START();
}

static struct error make_topics(void)
{
    const char *topics[32];
    size_t count = 0;
    const struct subscription *s = the_service->listens;
    const struct watch *watch = the_service->watches;

    if (the_service->emits && the_service->emits[0])
        topics[count++] = the_service->emits[0]->package_name;
    for (; s && s->type && count < COUNT(topics); s++)
        if (!count || !string_is(topics[count - 1], s->type->package_name))
            topics[count++] = s->type->package_name;
    for (; watch && watch->type && count < COUNT(topics); watch++)
        topics[count++] = watch->type->package_name;
    return topics_make(topics, count);
}

static struct error read_memory(void)
{
    static struct batch batch;
    static struct turn_state state;
    struct item *item = item_new(ITEM_COMMAND, "", "");

    turn_begin(&state, item, &batch);
    state.turn.state = &state;
    state.is_read = true;
    struct error error = the_service->load ? the_service->load(&state.turn) : OK;
    rows_free_all();
    arena_done(&batch.arena);
    item_free(&item);
    return error;
}

/* A step of the start that reads; PostgreSQL may have gone since the last one. */
static struct error on_connection(struct error (*step)(void))
{
    if (pipeline_lost()) {
        connection_close();
        TRY(connection_open());
    }
    return step();
}

static struct error load_clock(void)
{
    return on_connection(clock_load);
}

static struct error load_memory(void)
{
    return on_connection(read_memory);
}

/* What has to stand before anything else of the service can: waits for parts that are still
 * starting. */
static struct error with_patience(struct error (*step)(void), const char *what)
{
    int64_t now_ms = monotonic_clock_ms(), give_up_ms = now_ms + 60000, say_ms = 0;
    struct timespec wait = { .tv_nsec = TRY_AGAIN_MS * 1000000L };
    sigset_t signals = loop_signals();
    struct error error = step();

    for (; error.kind == ERROR_TEMPORARY && now_ms < give_up_ms; now_ms = monotonic_clock_ms()) {
        if (now_ms >= say_ms) {
            log_warning("waiting", TEXT("for", what), TEXT("why", error.text));
            say_ms = now_ms + SAY_AGAIN_MS;
        }
        is_called_off = sigtimedwait(&signals, NULL, &wait) > 0;
        if (is_called_off)
            return fatal("ended while waiting for %s: %s", what, error.text);
        error = step();
    }
    return error;
}

static struct error migrate_own(void)
{
    return migrate(the_service);
}

static struct error load_keys(void)
{
    TRY(seal_start(settings.vault_key));
    return actor_keys_new(settings.keys_dir, the_service->signs_actors ? the_service->name : NULL,
                          &keys);
}

static struct error start_database(void)
{
    TRY(with_patience(migrate_own, "migrations"));
    TRY(with_patience(connection_open, "PostgreSQL"));
    TRY(with_patience(load_clock, "the clock"));
    return routes_prepare();
}

struct error service_open(void)
{
    TRY(load_keys());
    return start_database();
}

/* Beside the files, which outlive the process. */
static void start_guard(void)
{
    char path[600];

    snprintf(path, sizeof path, "%s/.running-%s-%lld", settings.files_dir, the_service->name,
             (long long)settings.instance);
    struct error error = guard_open(path, machine_clock());
    if (error.kind != ERROR_NONE)
        log_warning("unguarded", TEXT("why", error.text));
}

static struct error start_everything(void)
{
    int64_t begun_ms = monotonic_clock_ms();

    start_guard();
    TRY(load_keys());
    TRY(http_bind());
    metrics_measure_process();
    TRY(start_database());
    TRY(with_patience(make_topics, "Kafka"));
    TRY(with_patience(watcher_start, "topics"));
    TRY(with_patience(load_memory, "memory"));
    watcher_follow();
    outgoing_start();
    workers_start();
    TRY(relay_start());
    TRY(consumer_start());
    atomic_store(&is_ready, true);
    log_info("started", NUMBER("ms", monotonic_clock_ms() - begun_ms),
             NUMBER("port", settings.http_port));
    return OK;
}

static struct error serve(void)
{
    while (!loop_signals_heard()) {
        if (loop_is_ready())
            TRY(http_open());
        loop_once();
    }
    return OK;
}

/* Whoever sends calls here hears that it should not any more; until he does they are answered. */
static void linger(void)
{
    int64_t until_ms = monotonic_clock_ms() + settings.linger_ms;

    atomic_store(&is_ready, false);
    while (monotonic_clock_ms() < until_ms && loop_signals_heard() < 2)
        loop_once();
}

/* Who was let in gets his answer, and the time to close a connection that he keeps for later; a
 * call to another machine that is under way gets its answer noted, or nobody would know what became
 * of a message. */
static void answer_the_last(void)
{
    int64_t begun_ms = monotonic_clock_ms(), passed_ms = 0;

    while (loop_signals_heard() < 2 && passed_ms < DRAIN_MS &&
           (http_waiting() || outgoing_active() || (!http_is_empty() && passed_ms < IDLE_MS))) {
        loop_once();
        passed_ms = monotonic_clock_ms() - begun_ms;
    }
}

/* Nothing is decided any more and nothing can be lost: whoever is in a hurry need not wait for
 * threads and libraries, which may be waiting themselves. */
static void hurry_from_here_on(void)
{
    sigset_t signals = loop_signals();

    if (loop_signals_heard() > 1) {
        log_info("stopped", TEXT("why", "a second signal"));
        _exit(0);
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    alarm(LIBRARIES_S);
}

static void end_everything(void)
{
    linger();
    http_close();
    loop_begin_no_more();
    consumer_leave();
    answer_the_last();
    hurry_from_here_on();
    consumer_stop();
    watcher_stop();
    relay_stop();
    workers_stop();
    http_stop();
    connection_close();
    log_info("stopped");
}

int service_run(const struct service *service, int argc, char **argv)
{
    the_service = service;
    log_open(service->name, LOG_INFO);
    struct error error = sodium_init() < 0 ? fatal("libsodium does not start") : OK;
    if (error.kind == ERROR_NONE && !(argc > 1 && string_is(argv[1], "--describe")))
        error = read_settings();
    if (error.kind == ERROR_NONE && argc > 1)
        return service_word(argc, argv);
    if (error.kind == ERROR_NONE)
        error = loop_open();
    if (error.kind == ERROR_NONE)
        error = start_everything();
    if (error.kind != ERROR_NONE && is_called_off)
        log_info("stopped", TEXT("why", error.text));
    else if (error.kind != ERROR_NONE)
        log_error("cannot_start", TEXT("why", error.text));
    if (error.kind != ERROR_NONE)
        return !is_called_off;
    error = serve();
    if (error.kind != ERROR_NONE)
        log_error("cannot_serve", TEXT("why", error.text));
    end_everything();
    return error.kind != ERROR_NONE;
}
