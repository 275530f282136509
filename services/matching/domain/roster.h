/* Everybody whom a search may ask, laid out so that those who may not come are passed over without
 * a look at them: what every technician is asked first lies in one array of its own. */
#pragma once
#include "services/matching/domain/book_day.h"

struct member {
    const struct technician *who; /* NULL: gone */
    struct book_day **days;       /* by date */
    int32_t *dates;               /* of the same days */
    size_t day_count, day_room;
    struct standing standing;
};

/* The first questions to a member, beside each other in memory. */
struct glance {
    uint64_t skills; /* 0 when he is not asked at all: inactive, unreadable or gone */
    float lat, lon;
    float reach_lat, reach_lon; /* degrees beyond which everything is surely too far */
};

struct roster {
    struct member *members;
    struct glance *glances; /* of the same members */
    size_t count;
};

struct glance glance_of(const struct technician *who); /* NULL: nobody */
/* Days of a member in [from, until], both included. */
struct book_day *const *member_days(const struct member *member, int32_t from, int32_t until,
                                    size_t *ret_count);
