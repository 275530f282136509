/* service_run: settings, database, topics, memory; then the loop until a signal; then an orderly
 * end. */
#include "lib/service/guard.h"
#include "lib/service/loop.h"
#include "lib/service/person/queries.h"
#include "lib/service/person/seal.h"
#include "lib/service/queries.h"
#include "lib/service/queue.h"
#include "lib/service/sweeps.h"
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { FDS_MOST = 4096, DRAIN_MS = 2000, TRY_AGAIN_MS = 250, SAY_AGAIN_MS = 5000 };

struct settings_of_all settings;
const struct service *the_service;

const struct setting common_settings[] = {
    { "HTTP_PORT", &settings.http_port, 0, 0, 65535, "port of the service's HTTP; 0: none" },
    { "HTTP_THREADS", &settings.http_threads, 64, 1, 512, "connections served at once" },
    { "INSTANCE", &settings.instance, 0, 0, 999,
      "number of this process among those of its service" },
    { "KAFKA_REPLICATION", &settings.kafka_replication, 1, 1, 7,
      "replicas of the topics that are made" },
    { "WORKERS", &settings.workers, 1, 0, 16, "threads for heavy pure work" },
    { "HTTP_LISTEN", .text = &settings.http_listen, .text_fallback = "127.0.0.1",
      .help = "address to listen on; never a public one, nginx stands in front" },
    { "DATABASE_URL", .text = &settings.database_url, .text_fallback = "dbname=majster",
      .help = "libpq's connection string, with the service's own role" },
    { "DATABASE_PASSWORD", .text = &settings.database_password, .is_secret = true,
      .help = "of the service's role" },
    { "MIGRATE_DATABASE_URL", .text = &settings.migrate_url,
      .help = "with the role that owns the schemas; empty: migrations are somebody else's job" },
    { "MIGRATE_DATABASE_PASSWORD", .text = &settings.migrate_password, .is_secret = true,
      .help = "of the role that owns the schemas" },
    { "KAFKA_BOOTSTRAP_SERVERS", .text = &settings.kafka, .text_fallback = "127.0.0.1:9092",
      .help = "where Kafka is" },
    { "REDIS_URL", .text = &settings.redis_url, .help = "redis://host:port; empty: none" },
    { "ACTOR_KEYS_DIR", .text = &settings.keys_dir, .text_fallback = "keys",
      .help = "public halves of the keys that sign actors" },
    { "VAULT_KEY", .text = &settings.vault_key, .is_secret = true,
      .help = "64 hex digits that wrap the keys of sealed bytes; the same for all services" },
    { "FILES_DIR", .text = &settings.files_dir, .text_fallback = "files",
      .help = "photos, signatures and papers, shared by all processes" },
    { 0 },
};

static struct actor_keys *keys;
static int epoll_fd = -1;
static struct watched {
    void (*ready)(uint32_t events, void *with);
    void *with;
} watched[FDS_MOST];
static bool must_end;
static atomic_bool is_ready;

const struct actor_keys *service_keys(void)
{
    return keys;
}

bool loop_is_ready(void)
{
    return atomic_load(&is_ready) && watcher_is_ready();
}

void loop_watch_fd(int fd, uint32_t events, void (*ready)(uint32_t events, void *with), void *with)
{
    struct epoll_event event = { .events = events, .data.fd = fd };

    assert(fd >= 0 && fd < FDS_MOST);
    watched[fd] = (struct watched){ ready, with };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) && errno == EEXIST)
        epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &event);
}

void loop_unwatch_fd(int fd)
{
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    watched[fd] = (struct watched){ 0 };
}

/* ---- the database, also when it comes back ---- */

static struct error connect_database(void)
{
    const struct query *const *const sets[] = { service_queries, the_service->queries,
                                                the_service->has_person ? person_queries : NULL,
                                                NULL };
    PGconn *connection = NULL;

    TRY(db_open(settings.database_url, settings.database_password, sets, &connection));
    PQsetnonblocking(connection, 1);
    PQenterPipelineMode(connection);
    pipeline_use(connection);
    return OK;
}

static void reconnect(void)
{
    static int64_t next_ms, say_ms;
    int64_t now_ms = monotonic_clock_ms();

    if (now_ms < next_ms)
        return;
    next_ms = now_ms + TRY_AGAIN_MS;
    if (pipeline_connection())
        PQfinish(pipeline_connection());
    pipeline_use(NULL);
    struct error error = connect_database();
    if (error.kind == ERROR_NONE) {
        log_info("database_back");
        say_ms = 0;
    } else if (now_ms >= say_ms) {
        log_warning("database_away", TEXT("why", error.text));
        say_ms = now_ms + SAY_AGAIN_MS;
    }
}

/* ---- the loop ---- */

static void on_wake(uint32_t events, void *with)
{
    eventfd_t count;

    (void)events;
    (void)with;
    eventfd_read(loop_wake_fd, &count);
}

static void on_signal(uint32_t events, void *with)
{
    struct signalfd_siginfo info;

    (void)events;
    if (read((int)(intptr_t)with, &info, sizeof info) == sizeof info)
        log_info("stopping", NUMBER("signal", info.ssi_signo));
    must_end = true;
}

static int wait_ms(void)
{
    int64_t now_ms = monotonic_clock_ms(), next_ms = sweeps_next_ms(), queued_ms = queue_next_ms();

    if (pipeline_lost())
        return 50;
    if (queued_ms >= 0 && queued_ms < next_ms)
        next_ms = queued_ms;
    if (next_ms <= now_ms)
        return 0;
    return next_ms - now_ms > 200 ? 200 : (int)(next_ms - now_ms);
}

static void loop_once(void)
{
    struct epoll_event events[64];
    int count = epoll_wait(epoll_fd, events, COUNT(events), wait_ms());

    for (int i = 0; i < count; i++)
        if (watched[events[i].data.fd].ready)
            watched[events[i].data.fd].ready(events[i].events, watched[events[i].data.fd].with);
    if (pipeline_lost()) {
        reconnect();
        if (pipeline_lost())
            queue_expire(monotonic_clock_ms());
        return;
    }
    consumer_keep_alive(monotonic_clock_ms());
    watcher_keep_alive(monotonic_clock_ms());
    sweeps_run(monotonic_clock_ms());
    batch_run();
}

static sigset_t signals_to_end(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

struct error loop_open(void)
{
    sigset_t signals = signals_to_end();

    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop_wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (epoll_fd < 0 || loop_wake_fd < 0)
        return fatal("epoll: %s", strerror(errno));
    loop_watch_fd(loop_wake_fd, EPOLLIN, on_wake, NULL);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread is made */
    int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    loop_watch_fd(signal_fd, EPOLLIN, on_signal, (void *)(intptr_t)signal_fd);
    return OK;
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
        if (pipeline_connection())
            PQfinish(pipeline_connection());
        pipeline_use(NULL);
        TRY(connect_database());
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
    sigset_t signals = signals_to_end();
    struct error error = step();

    for (; error.kind == ERROR_TEMPORARY && now_ms < give_up_ms; now_ms = monotonic_clock_ms()) {
        if (now_ms >= say_ms) {
            log_warning("waiting", TEXT("for", what), TEXT("why", error.text));
            say_ms = now_ms + SAY_AGAIN_MS;
        }
        must_end = sigtimedwait(&signals, NULL, &wait) > 0;
        if (must_end)
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
    TRY(with_patience(connect_database, "PostgreSQL"));
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
    TRY(http_start()); /* /healthz answers from here on, everything else says "starting" */
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

static void end_everything(void)
{
    int64_t give_up_ms = monotonic_clock_ms() + DRAIN_MS;

    atomic_store(&is_ready, false);
    consumer_stop();
    while (queue_has_requests() && monotonic_clock_ms() < give_up_ms)
        loop_once();
    watcher_stop();
    relay_stop();
    workers_stop();
    http_stop();
    if (pipeline_connection())
        PQfinish(pipeline_connection());
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
    if (error.kind != ERROR_NONE && must_end)
        log_info("stopped", TEXT("why", error.text));
    else if (error.kind != ERROR_NONE)
        log_error("cannot_start", TEXT("why", error.text));
    if (error.kind != ERROR_NONE)
        return !must_end;
    while (!must_end)
        loop_once();
    end_everything();
    return 0;
}
