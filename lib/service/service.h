/* The skeleton of every service: main() is tables and one call. One loop in code: one epoll,
 * ready turns share one transaction, everything else (Kafka, HTTP, outbox, migrations, metrics) is
 * inside. */
#pragma once
#include "lib/base/array.h"
#include "lib/base/log.h"
#include "lib/base/settings.h"
#include "lib/service/db.h"
#include "lib/service/http.h"
#include "lib/service/json.h"
#include "lib/service/turn.h"

typedef const ProtobufCMessageDescriptor *event_type;

/* A fact that this service handles, each once, by one process. `message` is of `type`.
 * `opens`: the fact may be the first of its subject; without it, a fact about a subject that this
 * service has not heard of waits in `early` until the opening comes.
 * `fills`: the handler keeps a copy. It also runs for facts that are told again
 * (turn->fact.is_retold) and then does nothing but fill the copy. */
typedef struct error (*handle_fact)(struct turn *turn, const void *message);
struct subscription {
    event_type type;
    handle_fact handler;
    bool opens;
    bool fills;
};

/* What this service copied of another's subjects. `drop` deletes the copies of `subjects` (text[]),
 * but for those on which rows of its own stand; it runs when `source` has retold everything and
 * these were not among it. */
struct copy {
    const char *source;
    struct error (*drop)(struct turn *turn, struct value subjects);
};

/* A fact that every process follows in memory: all partitions, no inbox, no transaction. It must
 * compare the version that the fact carries with the one it has, and must not keep pointers into
 * `message`. */
typedef void (*follow_fact)(const struct fact *fact, const void *message);
struct watch {
    event_type type;
    follow_fact follow;
};

/* Every `every_ms` of machine time: with `due`, one turn per subject that the query returns (one
 * text column, at most 500 rows; $1 is suite time), its lock taken, to look again and act; without
 * `due`, one turn without subject. */
typedef struct error (*handle_due)(struct turn *turn, const char *subject);
struct timer {
    const char *name;
    int64_t every_ms;
    handle_due handler;
    const struct query *due;
};

/* A word on the command line: `portal --issue-token ROLE ID`. Runs in one turn, then the process
 * ends. */
struct command {
    const char *name, *arguments, *help;
    struct error (*run)(struct turn *turn, int count, char **words);
};

/* A figure under /metrics: its name in base units, "_total" for what only grows, and one line on
 * what it is. `labels`: which ones it is told by, never many values; NULL: none, and then it stands
 * there as 0 from the start. */
struct metric_kind {
    const char *name, *help, *labels;
};

struct service {
    const char *name; /* schema, role, topic's first half, consumer group */
    const struct setting *settings;
    const struct subscription *listens;
    const struct watch *watches;
    const struct route *routes;
    const struct message_rules *rules;
    const event_type *emits;
    const struct copy *copies; /* NULL source last; may be NULL */
    /* Tells the locked subject's whole state again, by `retell`; nothing when nobody copies it.
     * Runs behind no wall. */
    struct error (*retell)(struct turn *turn, const char *subject);
    const struct timer *timers;
    const struct command *commands;
    const struct metric_kind *metrics; /* its own; may be NULL */
    /* Figures that have to be counted in tables, every 15 s: rows of (name, label, value), always
     * the same ones; $1 is suite time, $2 machine time. May be NULL. */
    const struct query *figures;
    const struct query *const *queries; /* <name>_queries */
    const struct migration *migrations; /* <name>_migrations */
    bool has_person;                    /* may read persons in the vault */
    bool signs_actors;                  /* portal and intake */
    /* Fills process memory from PostgreSQL before the watches are followed; may be NULL. Reads
     * only. */
    struct error (*load)(struct turn *turn);
};

int service_run(const struct service *service, int argc, char **argv);

/* The keys of a service that signs actors; NULL in the others. */
const struct actor_keys *service_keys(void);
/* FILES_DIR. Writes `bytes` under their SHA-256, synced, once; `ret_sha256` is hex. For handlers
 * that refer to the file in the same turn. */
struct error file_keep(struct text bytes, char ret_sha256[65]);
/* Deletes it; what is not there is deleted already. */
void file_forget(const char *sha256);
struct error file_read(const char *sha256, struct arena *arena, struct text *ret_bytes);

/* One Redis command now, for reads of live state (loop's thread; 200 ms at most). The answer's
 * strings go to `arena`; TEMPORARY when Redis is down: serve without it. */
struct live_answer {
    size_t count;
    const char **strings; /* a plain answer is one string; absent ones are NULL */
};
struct error live_read(struct arena *arena, const char *const command[], struct live_answer *ret);

/* Figures for /metrics, each with its row in `metrics` or among the loop's: name like
 * "majster_messages_sent_total", label like "template=\"reminder\"" or "". Any thread. */
void metric_add(const char *name, const char *label, double amount);
void metric_set(const char *name, const char *label, double value);
