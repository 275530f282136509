/* Everybody whom a search may ask, laid out so that those who may not come are passed over without
 * a look at them: for each skill, where those live who have it, and how far they go. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/book_day.h"

struct member {
    const struct technician *who;
    struct book_day **days; /* by date */
    int32_t *dates;         /* of the same days */
    size_t day_count, day_room;
    struct standing standing;
};

/* The first question to a member: could it be near enough? */
struct glance {
    uint32_t member;
    float lat, lon;
    float reach_lat, reach_lon; /* degrees beyond which everything is surely too far */
};

struct glances {
    struct glance *at;
    size_t count, room;
};

struct roster {
    struct member *members;
    size_t count;
    struct glances by_skill[SKILL_COUNT]; /* of those who are active and readable */
};

/* Lists a member under his skills; again when who he is has changed. Room comes from `arena`. */
void roster_list(struct arena *arena, struct roster *roster, size_t member);
/* Days of a member in [from, until], both included. */
struct book_day *const *member_days(const struct member *member, int32_t from, int32_t until,
                                    size_t *ret_count);
