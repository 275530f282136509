/* Who is calling: decided by portal (people) or intake (partners' keys), signed with that service's
 * Ed25519 key, carried in the X-Actor header, verified by the owner of the data. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/time.h"

enum actor_kind {
    ACTOR_NOBODY = 0,
    ACTOR_PARTNER = 1 << 0,    /* a partner's system, by key */
    ACTOR_CONSULTANT = 1 << 1, /* our people: consultants and dispatchers */
    ACTOR_TECHNICIAN = 1 << 2,
    ACTOR_CUSTOMER = 1 << 3, /* by the link in a message; scope names the work order */
    ACTOR_SUPPLIER = 1 << 4, /* of parts */
    ACTOR_OPERATOR = 1 << 5, /* loads data, looks at everything that is no person's */
};
/* In a route's `who`: no actor is needed. */
#define ANYONE 0

struct actor {
    enum actor_kind kind;
    char id[64];      /* technician, partner, supplier, consultant, person */
    char partner[32]; /* the wall: rows of this partner alone; "" for our own people */
    char scope[64];   /* customer: the work order; else "" */
};

const char *actor_kind_name(enum actor_kind kind); /* "partner", "consultant", …; "nobody" */
enum actor_kind actor_kind_of(const char *name);   /* ACTOR_NOBODY when there is no such kind */

struct actor_keys; /* the public halves in ACTOR_KEYS_DIR, by id, and one own secret, if any */

/* Reads DIR/<id>.public of everybody and DIR/<own>.secret when `own` is not NULL (made with the
 * public half when absent). */
struct error actor_keys_new(const char *directory, const char *own, struct actor_keys **ret_keys);
void actor_keys_free(struct actor_keys **keys);
/* The header's value, good until `until` on the machine's clock (60 s from now is usual). */
char *actor_sign(const struct actor_keys *keys, const struct actor *actor, timestamp until,
                 struct arena *arena);
/* PROBLEM_UNAUTHENTICATED when the header is not ours, forged or too old. */
struct error actor_verify(const struct actor_keys *keys, struct text header, timestamp machine_now,
                          struct actor *ret_actor);
