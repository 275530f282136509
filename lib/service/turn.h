/* A turn is one unit of work: a message, a request, a due subject, an answer. It reads, decides,
 * writes and tells; everything it does takes effect together, once, or not at all.
 *
 * A handler runs on the loop's thread, inside the batch's transaction and its own savepoint. It may
 * run more than once before it takes effect (a busy lock, another turn's failure), so it changes
 * nothing but through this header and db.h: no process memory, no Redis, no network. What has to
 * happen outside is queued here and starts after COMMIT. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/id.h"
#include "lib/base/time.h"
#include "lib/service/actor.h"
#include <protobuf-c/protobuf-c.h>

/* Where a fact came from. Empty strings when the turn is no message. */
struct fact {
    const char *id;      /* ce_id */
    const char *source;  /* service that told it */
    const char *subject; /* what it is about */
    int64_t sequence;    /* gap-free per (source, subject) */
    const char *type;    /* descriptor's full name */
    const char *partner; /* "" when it belongs to none */
    timestamp at;        /* suite time of the telling; of what is told when it is retold */
    const char *trace;   /* of the request or timer that began it all; 32 hex digits or "" */
    const char *cause;   /* id of the fact that the teller had heard; "" when it was none */
    bool is_retold;      /* told again: copies are filled from it, and nothing else happens */
};

struct turn {
    struct arena *arena;   /* reset when the turn is over */
    timestamp now;         /* the suite's clock; business time */
    timestamp machine_now; /* PostgreSQL's machine's: what is held, leased, signed or due */
    struct actor actor;
    const char *subject; /* the locked subject of this turn, "" when it has none */
    bool is_new_subject; /* no row stood for it yet */
    struct fact fact;
    void *prepared; /* what route.ahead left for its handler; NULL when it was not called */
    struct turn_state *state; /* the loop's own */
};

struct id new_id(struct turn *turn);

/* ---- subjects ---- */
/* Takes another subject's lock (say "technician/day") before anything of it is read; makes its row
 * when it is new. TEMPORARY when another process holds it. `ret_sequence` may be NULL. */
struct error subject_lock(struct turn *turn, const char *subject, int64_t *ret_sequence);

/* The same for a subject whose id was made in this turn: nobody else can hold it, so nothing is
 * read. */
void subject_open(struct turn *turn, const char *subject);

/* ---- telling ---- */
/* Queues `message` for its own topic inside the turn's transaction; does not block on Kafka. The
 * type must stand in the service's `emits`; `subject` must be locked by this turn. Kafka's key is
 * `subject` up to the first '/'. Returns the fact's sequence. `message` stays the caller's. */
int64_t emit(struct turn *turn, const char *subject, const void *message);
/* The same for a fact that belongs to no partner, though the turn does (a technician's day, a
 * score). */
int64_t emit_unowned(struct turn *turn, const char *subject, const void *message);
/* Queues `message` once more, as retold: with its subject's present sequence, said to be told at
 * `at`. For a service's `retell` only; the partner is the turn's. */
void retell(struct turn *turn, const char *subject, const void *message, timestamp at);
/* The partner that rows and facts of this turn belong to; the walls (row level security) follow it
 * at once. Set by the loop from the actor or the fact; a handler sets it when it learns it. */
void turn_belongs_to(struct turn *turn, const char *partner_id);
/* Who has just changed something and looks at it waits so long for it to be heard here: a reader of
 * facts that ends or starts is replaced within a second or two. */
enum { POSITION_WAIT_MS = 3000 };
/* For a request that returns TEMPORARY because something is not heard of yet: tried again for
 * POSITION_WAIT_MS since it came. */
void turn_waits_to_hear(struct turn *turn);
/* Lifts the wall for a read across partners, for handlers whose answer names none of their rows. */
void turn_looks_over_walls(struct turn *turn);
/* One more turn of this service, after COMMIT, with `subject` locked; `note` is copied. */
typedef struct error (*handle_note)(struct turn *turn, struct text note);
void turn_follow(struct turn *turn, const char *subject, handle_note handler, struct text note);
/* Publishes prepared bytes on a topic that is not the service's own (a partner's): notifications
 * only. */
void publish(struct turn *turn, const char *topic, const char *key, const char *subject,
             int64_t sequence, const char *event_id, const void *message);

/* ---- calls to other machines ---- */
struct answer {
    int status;       /* HTTP, SMTP or IMAP reply code; 0: no answer */
    struct text body; /* at most 10 MiB */
    const char *why;  /* when status is 0: what went wrong */
    struct text note;
    int64_t took_ms;
    bool was_sent;          /* false: surely nothing of the request reached the other side */
    int64_t retry_after_ms; /* the answer's Retry-After, at most a day; 0: none */
    const char *position;   /* the answer's X-Position; "" when it told none */
};
typedef struct error (*handle_answer)(struct turn *turn, const struct answer *answer);

struct call {
    const char *method, *url;   /* http(s)://, smtp://, imap:// */
    const char *const *headers; /* "Name: value", NULL last; may be NULL */
    struct text body;
    int64_t timeout_ms;    /* 0: 10 s */
    const char *mail_from; /* smtp */
    const char *mail_to;
    const char *user, *password; /* smtp, imap */
    const char *custom;          /* imap: the command, e.g. "UID SEARCH UNSEEN" */
    bool only_public;            /* refuse private and loopback addresses (webhooks) */
    const char *subject;         /* of the answering turn; may be "" */
    const char *to;              /* what is called, for /metrics: "sms", "webhook"; a constant */
    handle_answer on_answer;
    struct text note; /* comes back with the answer */
};
/* Starts after COMMIT on the loop's epoll; everything is copied. traceparent is added. */
void call_after_commit(struct turn *turn, const struct call *call);

/* ---- heavy pure work ---- */
/* Runs on the worker pool. `input` and `result` are flat bytes; no clock, no I/O, no shared state.
 */
typedef void (*pure_work)(const void *input, size_t size, void *result, size_t result_size);
typedef struct error (*handle_result)(struct turn *turn, const void *result, size_t result_size,
                                      struct text note);
struct work {
    pure_work run;
    const void *input;
    size_t input_size, result_size;
    const char *subject;
    handle_result on_result;
    struct text note;
};
void work_after_commit(struct turn *turn, const struct work *work);

/* ---- live state ---- */
/* One Redis command, arguments as strings, NULL last, sent after COMMIT; lost when Redis is down
 * (it is expendable, I7). */
void live_after_commit(struct turn *turn, const char *const command[]);
