/* Which hours of whom are kept for emergencies: as many as four weeks of five have needed, of those
 * who live nearest, evenly. Nothing else is planned into them until shortly before. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/book_day.h"

enum { RESERVE_WEEKS = 8, RESERVE_REACH_M = 50000 };

/* Technician-hours to keep in one hour of the week, from how many emergencies came in it in each of
 * the last weeks: their 80th percentile (nearest rank: of eight the second largest) times the
 * length of a visit, in whole hours, rounded up. Keeping a fractile of what may be asked for is the
 * newsvendor's rule (Arrow, Harris, Marschak 1951); 0.8 says that an emergency sent away costs four
 * times an idle hour, which is our assumption. */
int64_t reserve_hours(const int64_t weekly[RESERVE_WEEKS], int64_t length_ms);

struct reserve_need {
    int town; /* among the centres */
    enum skill skill;
    struct window hour;
    int64_t hours; /* technician-hours wanted: reserve_hours */
};

struct reserve_candidate {
    const struct book_day *day;
    int64_t hours_before;  /* reserved on earlier days: who has least is asked first */
    uint32_t hours_of_day; /* reserved on this one, a bit an hour since it began */
    int town;              /* filled: the nearest centre in reach of his home; -1: none */
};

struct reserve_choice {
    const struct book_day *day;
    struct reserve_need need;
};

/* One day's question. Both arrays are sorted in place, so that their order does not matter. */
struct reserve_question {
    struct reserve_candidate *candidates;
    size_t candidate_count;
    const struct place *centres;
    size_t centre_count;
    struct reserve_need *needs;
    size_t need_count;
    int64_t share_permille;
};

/* Chooses for every need, hour by hour, and marks it in the candidates. A town's technicians are
 * those to whose homes its centre is the nearest; chosen is who works the whole hour, has the skill
 * with its papers and no visit then, fewest hours_before first, then by id. At most share_permille
 * of a technician's day is kept, and of the town's technicians at work in that hour; one who can do
 * it always stays free, so of one nobody is kept. The choices live in `arena`. */
void choose_reserve(struct arena *arena, struct reserve_question *question,
                    struct reserve_choice **ret_choices, size_t *ret_count);
