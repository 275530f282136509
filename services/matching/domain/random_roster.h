/* Small rosters for tests: technicians, days, jobs and weights, at random from a seed. */
#pragma once
#include "lib/base/arena.h"
#include "lib/domain/random.h"
#include "services/matching/domain/search_slots.h"

enum { ROSTER_DATE = 20000, ROSTER_DAYS = 3 }; /* 4 October 2024, a Friday */

/* One in `of`. */
bool chance(struct random *random, int64_t of);
struct place random_place(struct random *random); /* in and around Warsaw */
/* Every kind of day: free ones, two stretches, on call, overtime, breaks, reserved hours; what is
 * promised in it holds. */
struct book_day *random_day(struct arena *arena, struct random *random,
                            const struct technician *who, int32_t date);
struct roster *random_roster(struct arena *arena, struct random *random, size_t technicians);
struct visit_job random_job(struct random *random);
struct policy random_policy(struct random *random);
/* The same roster with its members in another order. */
struct roster *shuffled(struct arena *arena, struct random *random, const struct roster *roster);

/* By hand: one technician who works from 8 to 16, UTC, with nothing in his day. */
struct technician plain_technician(int number);
struct book_day *plain_day(struct arena *arena, const struct technician *who, int32_t date);
void promise(struct book_day *day, timestamp start_at, int64_t work_ms, struct place place);
struct roster *roster_of(struct arena *arena, struct book_day *const days[], size_t count);
