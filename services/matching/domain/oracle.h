/* What is possible, by the plainest means: written without a look at the engine, to hold it
 * against. */
#pragma once
#include "services/matching/domain/random_roster.h"

enum { FOUND_MOST = 20000 };

struct possible {
    const struct technician *who;
    int32_t date;
    timestamp start_at;
    int64_t score_ms;
};

/* The rules that do not depend on the hour. */
bool may_come(const struct technician *who, const struct visit_job *job);
/* Adds every start of the day that is possible for one who may come. */
void try_day(const struct search *search, const struct member *member, const struct book_day *day,
             struct possible all[], size_t *count);
