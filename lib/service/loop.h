/* The loop's own structures: what waits, what runs in a batch, what happens after COMMIT.
 * Only files of lib/service include this. */
#pragma once
#include "lib/service/failpoint.h"
#include "lib/service/kafka_security.h"
#include "lib/service/live_link.h"
#include "lib/service/service.h"
#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum { BATCH_MOST = 60, QUEUE_MOST = 2000 };

enum item_kind {
    ITEM_MESSAGE, /* from Kafka, `early` or a replay */
    ITEM_REQUEST,
    ITEM_DUE,
    ITEM_NOTE,
    ITEM_ANSWER,
    ITEM_RESULT,
    ITEM_COMMAND,
};

enum message_from { FROM_KAFKA, FROM_EARLY, FROM_PARKED };

/* A record as it came: strings and bytes belong to the item. */
struct record {
    enum message_from from;
    char *id, *source, *subject, *type, *partner, *cause;
    int64_t sequence;
    timestamp told_at;
    char *payload;
    size_t payload_length;
    struct partition *partition; /* NULL unless from Kafka */
    int generation;              /* of the assignment it was read in */
    int64_t offset;
    bool is_retold;         /* fills copies, causes nothing */
    const char *unreadable; /* why headers made no sense; NULL when they did */
    const char *topic;      /* of the partition; lives with it */
    int partition_number;
};

/* One thing to do. Heap; queued, taken into batches until it is finished. */
struct item {
    struct item *next;
    enum item_kind kind;
    char *subject; /* "" for none */
    char trace[33];
    int64_t not_before_ms;           /* monotonic, as the next two */
    int64_t arrived_ms, deadline_ms; /* of requests */
    int tries;
    bool alone;           /* runs in a batch of its own: it broke one */
    struct error verdict; /* decided beforehand: do not run, judge */
    struct record record;
    struct exchange *exchange; /* requests, and whatever replies for one later */
    const struct timer *timer;
    union {
        handle_note on_note;
        handle_answer on_answer;
        handle_result on_result;
    } run;
    char *note;
    size_t note_length;
    char *result; /* answer's body or work's result */
    size_t result_length;
    int status;
    int64_t took_ms, retry_after_ms;
    bool was_sent;
    char *why, *position;
    const struct command *command;
    int word_count;
    char **words;
    struct error *command_error;
};

struct item *item_new(enum item_kind kind, const char *subject, const char *trace);
void item_free(struct item **item);
void item_set_note(struct item *item, struct text note);
void loop_add(struct item *item);             /* at the end of the queue; loop's thread */
void loop_add_from_thread(struct item *item); /* any thread; wakes the loop */

/* An HTTP exchange, shared by the connection's thread and the loop; freed by the last one. */
struct exchange {
    pthread_mutex_t mutex;
    pthread_cond_t replied;
    int owners;
    bool is_replied;
    enum method method;
    char *path, *query, *headers; /* headers: "name: value\n" lines, names in lower case */
    char *body;
    size_t body_length;
    const struct route *route;
    char *parameters[6][2];
    int parameter_count;
    struct actor actor;
    char *key; /* Idempotency-Key or NULL */
    char hash[65];
    char trace[33];
    int status;
    char *reply;
    size_t reply_length;
    char *reply_headers; /* "Name: value\n" lines */
};
struct exchange *exchange_new(void);
bool exchange_wait(struct exchange *exchange, int64_t most_ms); /* true: it is replied */
void exchange_release(struct exchange **exchange);
void exchange_answer(struct exchange *exchange, int status, struct text body, const char *headers);

/* A statement sent and not yet answered. */
struct pending {
    struct turn_state *owner; /* NULL: the batch itself */
    const struct query *query;
    struct rows *rows; /* NULL: nobody waits */
    bool is_sync;
};

struct effect;   /* what starts after COMMIT; turn.c */
struct prologue; /* batch_parts.h */

/* READY: to be run. RAN, FAILED: its effects are in the transaction, or undone and judged.
 * SKIPPED: seen before. HEARD: not handled here. */
enum outcome { READY, RAN, FAILED, SKIPPED, HEARD, PARKED, EARLY, DEFERRED, STORED };

/* The private half of a turn. */
struct turn_state {
    struct turn turn; /* what handlers see; first, so that either is the other */
    struct item *item;
    struct arena *arena;
    struct batch *batch;
    char span[17];
    char cause[37];
    char partner[64]; /* the walls: app.partner and app.actor */
    const char *actor_name;
    struct error error; /* how it ended */
    enum outcome outcome;
    const char *park_kind;
    struct effect *effects, **effects_end;
    struct reply reply;
    char position[200];
    bool is_read;       /* GETs: no transaction */
    bool opens_subject; /* no row stands for it: the turn makes it */
    struct text stored_reply;
    int stored_status;
    const char *stored_headers;
    bool walls_sent;
    bool has_retold;   /* its subject's state: by retell */
    struct rows asked; /* by db_ask_ahead */
    const struct query *asked_query;
    const ProtobufCMessage *message;
    struct violations *violations; /* of the request's body; NULL when nobody looked */
};

struct held_subject {
    const char *id;
    int64_t sequence;
    const char *trace;
    bool is_unsaved; /* opened in this turn, its row not yet written */
};

struct batch {
    struct arena arena;
    struct turn_state *turns;
    size_t count;
    struct held_subject *held;
    size_t held_count, held_room;
    struct turn_state *running;
    struct turn_state *culprit; /* whose statement failed late */
    struct error failure;       /* of the batch itself */
    bool is_broken;
    bool has_told;          /* the outbox has something for the relay */
    bool is_commit_unknown; /* the connection broke between COMMIT and its answer */
    struct prologue *prologue;
};

/* ---- pipeline.c ---- */
struct error db_open(const char *url, const char *password,
                     const struct query *const *const queries[], PGconn **ret_connection);
bool pipeline_lost(void);
void pipeline_use(PGconn *used);
PGconn *pipeline_connection(void);
void pipeline_send(struct turn_state *owner, const struct query *query, const struct value values[],
                   size_t count);
#define SEND(owner, query, ...)                                                                    \
    pipeline_send(owner, &QUERY_##query, (const struct value[]){ { 0 }, __VA_ARGS__ },             \
                  sizeof((const struct value[]){ { 0 }, __VA_ARGS__ }) / sizeof(struct value) - 1)
/* Sends and waits, as `owner`; `rows` live until rows_free_all. */
struct error pipeline_read(struct turn_state *owner, struct rows *ret_rows,
                           const struct query *query, const struct value values[], size_t count);
#define READ(owner, rows, query, ...)                                                              \
    pipeline_read(owner, rows, &QUERY_##query, (const struct value[]){ { 0 }, __VA_ARGS__ },       \
                  sizeof((const struct value[]){ { 0 }, __VA_ARGS__ }) / sizeof(struct value) - 1)
/* Queues a read whose rows are there after the next pipeline_wait. */
void pipeline_ask(struct turn_state *owner, struct rows *rows, const struct query *query,
                  const struct value values[], size_t count);
#define ASK(owner, rows, query, ...)                                                               \
    pipeline_ask(owner, rows, &QUERY_##query, (const struct value[]){ { 0 }, __VA_ARGS__ },        \
                 sizeof((const struct value[]){ { 0 }, __VA_ARGS__ }) / sizeof(struct value) - 1)
/* Waits for everything sent. With `sync`, ends the pipeline's segment (and an implicit
 * transaction). Returns the first failure and whose statement it was. */
struct error pipeline_wait(bool sync, struct turn_state **ret_owner);
void rows_free_all(void);

/* ---- the rest of the floor ---- */
struct settings_of_all {
    const char *database_url, *database_password, *migrate_url, *migrate_password, *vault_key;
    const char *kafka, *http_listen, *keys_dir, *files_dir, *calls_ca_file;
    struct kafka_security kafka_security;
    struct live_settings redis;
    int64_t http_port, http_threads, linger_ms, instance, workers, calls_starttls;
    int64_t kafka_replication, kafka_min_isr;
};
extern struct settings_of_all settings;
extern const struct service *the_service;
extern const struct setting common_settings[];
struct error common_settings_check(void); /* what does not go together is FATAL */

struct error migrate(const struct service *service);
struct error clock_load(void);
/* PostgreSQL's, as far as it is known; before the first comparison our machine's. Any thread. */
timestamp shared_clock(void);
/* PostgreSQL's clock said `said` at some moment between two of our monotonic ones: what we think
 * moves no further than that tells for sure, so a slow answer makes no clock worse. */
void clock_compare(timestamp said, int64_t asked_ms, int64_t heard_ms);
void clock_take(struct rows *rows, int64_t asked_ms); /* the same from read_clock's answer */
timestamp suite_clock(timestamp machine_now);

/* ---- connection.c ---- */
struct error connection_open(void);
void connection_close(void);
void connection_again(void); /* when it was lost; now and then */

struct error loop_open(void);
struct error service_open(void); /* keys, migrations, database, clock, routes */
int service_word(int argc, char **argv);
void batch_run(void); /* takes what is ready, runs it, COMMITs, starts what follows */
size_t queue_length(void);
int64_t queue_next_ms(void); /* monotonic time of the next thing to try again, -1 for none */
extern int loop_wake_fd;
void loop_once(void);
void loop_begin_no_more(void); /* from here on no timer runs: the process ends */
int loop_signals_heard(void);  /* 1: end; more: at once */
sigset_t loop_signals(void);
void loop_watch_fd(int fd, uint32_t events, void (*ready)(uint32_t events, void *with), void *with);
void loop_unwatch_fd(int fd);

struct error consumer_start(void);
/* Its partitions go to the group's other members at once, not when its session ends; what it has
 * read and not committed they read again. */
void consumer_leave(void);
void consumer_stop(void);
/* A member of a group must poll, also when nothing comes (max.poll.interval.ms). */
void consumer_keep_alive(int64_t now_ms);
struct partition;
bool partition_is_current(const struct record *record);
/* Whether all that was read of its partition before this record is committed. */
bool partition_is_done_before(const struct record *record);
void consumer_measure(void);
void partition_offsets(struct batch *batch); /* queues the compare and swap of this batch */
void partition_committed(void);              /* after COMMIT */
void partitions_lost(void);                  /* another process has taken over: read again */
const struct subscription *subscription_of(const char *type);

struct error watcher_start(void);
void watcher_follow(void); /* after memory was loaded */
/* The queue's wake-up can be lost in a race; memory must not stay blind for it. */
void watcher_keep_alive(int64_t now_ms);
void watcher_stop(void);
bool watcher_is_ready(void);

struct error relay_start(void);
void relay_stop(void);
void relay_wake(void);
struct error topics_make(const char *const topics[], size_t count);
void kafka_settings(rd_kafka_conf_t *conf);

struct error http_bind(void); /* takes the port; nobody is let in yet */
struct error http_open(void); /* lets callers in; does nothing when it is open */
void http_close(void);        /* nobody new; each reply from here on ends its connection */
bool http_is_empty(void);     /* no connection is left */
int http_waiting(void);       /* requests that the loop has not answered yet */
void http_stop(void);
struct error route_decode(struct turn_state *state, const ProtobufCMessage **ret_message);
void route_reply(struct turn_state *state); /* writes state->reply into text */
void route_fail(struct exchange *exchange, const struct error *error,
                const struct violations *violations, struct arena *arena);
struct error routes_prepare(void);
/* The value in "name: value" lines, up to its line's end; NULL when it is absent. */
const char *find_line(const char *lines, const char *name, size_t *ret_length);
bool loop_is_ready(void);
const struct route *route_find(struct exchange *exchange, bool *ret_other_method);

void outgoing_start(void);
int outgoing_active(void); /* calls whose answer is still to come */
void outgoing_begin(const struct call *call, const char *trace, const char *span,
                    struct exchange *exchange);
void workers_start(void);
void workers_stop(void);
void work_begin(const struct work *work, const char *trace);
void live_send(const char *const command[]);
/* Whether Redis answers, for /metrics; only where it is used at all. */
void live_ask_whether_there(void);

char *metrics_text(void); /* caller frees */
void metrics_measure_process(void);
void describe(const struct service *service);
int parked_command(const struct service *service, int argc, char **argv);
/* Writes the rows of subjects that the turn opened and told nothing about. */
void subjects_save(struct turn_state *state);
void effects_start(struct turn_state *state);
struct held_subject *held_find(struct batch *batch, const char *id);
struct held_subject *held_add(struct batch *batch, const char *id, int64_t sequence,
                              const char *trace);
/* ---- probe.c ---- */
int probe(void); /* the word --healthy; the exit status: 0 when /readyz of HTTP_PORT says so */
/* ---- retell.c ---- */
int retell_all(void); /* the word --retell; the exit status */
bool is_retell_end(const char *type);
struct error on_retell_ended(struct turn_state *state);
/* ---- the batch's three steps ---- */
void batch_prologue(struct batch *batch);  /* one flush for all turns; sets outcomes */
void batch_run_turns(struct batch *batch); /* the handlers, one by one */
void batch_epilogue(struct batch *batch);  /* what goes along with the effects; COMMIT */
void turn_begin(struct turn_state *state, struct item *item, struct batch *batch);
struct error turn_handle(struct turn_state *state); /* calls the handler that the item names */
void turn_defer(struct turn_state *state, struct error why);
void turn_park(struct turn_state *state, const char *kind, struct error why);
const char *turn_label(const struct turn_state *state); /* kind="request", for /metrics */
