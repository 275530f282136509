/* Which exact starts can be promised, best first, and why the others cannot. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/candidates.h"
#include "services/matching/domain/policy.h"

/* RULE_VERSION: one more whenever the same input may give another answer. */
enum { SLOTS_MOST = 96, INSTEAD_MOST = 8, RULE_VERSION = 3 };

/* Of several who come together: the leader's day, their ways and scores summed, the least of their
 * spare times; `crew` are all of them, each as if alone, the leader first. */
struct slot {
    const struct book_day *day;
    struct day_start start;
    struct score score;
    const struct slot *crew; /* NULL: he comes alone */
    size_t crew_count;
};

/* Who comes: the slot itself when he comes alone, else each of the crew. */
static inline size_t slot_comers(const struct slot *slot)
{
    return slot->crew ? slot->crew_count : 1;
}

static inline const struct slot *slot_comer(const struct slot *slot, size_t number)
{
    return slot->crew ? &slot->crew[number] : slot;
}

/* A day that the caller knows better than the roster does. */
struct instead {
    const struct book_day *of;
    struct book_day *day; /* NULL: not to be asked */
};

struct search {
    const struct roster *roster;
    const struct roads *roads;
    const struct policy *policy;
    const struct visit_job *job;
    const char *but_technician; /* his id; NULL: nobody is left out */
    size_t most;                /* 0: SLOTS_MOST */
    size_t per_day;             /* of one local day, by date of the start; 0: no bound */
    bool one_per_start;         /* the best technician's only */
    size_t rounds_most;         /* of policy->candidates each; 0: as long as too little is found */
    struct instead instead[INSTEAD_MOST];
    size_t instead_count;
};

/* Somebody who passed the rules of technicians and was asked for starts. */
struct asked {
    const struct member *member;
    enum slot_rule rule;
    const struct book_day **days; /* what the answer hangs on: those with a start worth a look, or
                                   * all when nothing at all was found */
    size_t day_count;
};

struct slot_search {
    struct slot *slots; /* best first: score, then start, then technician id */
    size_t count;
    /* How many each rule refused; SLOT_FITS: can come. When nothing was found they sum to all;
     * otherwise only those who were asked are in it. */
    int technicians[SLOT_RULE_COUNT];
    struct asked *asked; /* nearest first */
    size_t asked_count;
};

/* Nearest first, policy->candidates at a time, until enough is found or nobody is left. The same
 * input gives the same answer, whatever the order of the members. Slots live in the arena. */
void search_slots(struct arena *arena, const struct search *search, struct slot_search *ret_search);
