/* Everybody whom a search may ask, laid out so that those who may not come are passed over without
 * a look at them: for each skill, where those live who have it, and how far they go. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/book_day.h"

/* What somebody could take out of his van, by hash: free parts, and pieces kept for one order. */
struct van_parts {
    const uint64_t *parts; /* ascending */
    size_t count;
};

struct member {
    const struct technician *who;
    struct book_day **days; /* by date */
    int32_t *dates;         /* of the same days */
    size_t day_count, day_room;
    struct standing standing;
    struct van_parts van;
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

void van_parts_sort(uint64_t parts[], size_t count);
/* The job needs a part, and none lies in his van that is free or kept for this order. */
bool lacks_part(const struct member *member, const struct visit_job *job);
