/* Every technician's day in the window is asked for its starts; the best are kept in order. */
#include "services/matching/domain/search_slots.h"
#include <assert.h>
#include <string.h>

enum { STARTS_A_DAY = 128 };

static int compare(const struct slot *a, const struct slot *b)
{
    if (a->score_ms != b->score_ms)
        return a->score_ms < b->score_ms ? -1 : 1;
    if (a->start.start_at != b->start.start_at)
        return a->start.start_at < b->start.start_at ? -1 : 1;
    return strcmp(a->day->technician_id.text, b->day->technician_id.text);
}

static void insert_at(struct slot_search *search, size_t at, const struct slot *slot, size_t most)
{
    size_t moved = search->count < most ? search->count - at : most - 1 - at;

    memmove(&search->slots[at + 1], &search->slots[at], moved * sizeof *slot);
    search->slots[at] = *slot;
    search->count += search->count < most;
}

/* Of the same start only the better stays. */
static bool is_beaten(struct slot_search *search, const struct slot *slot)
{
    for (size_t i = 0; i < search->count; i++) {
        if (search->slots[i].start.start_at != slot->start.start_at)
            continue;
        if (compare(&search->slots[i], slot) <= 0)
            return true;
        search->count--;
        memmove(&search->slots[i], &search->slots[i + 1], (search->count - i) * sizeof *slot);
        return false;
    }
    return false;
}

static void offer(struct slot_search *search, const struct slot *slot, bool one_per_hour,
                  size_t most)
{
    size_t at = search->count;

    if (at == most && compare(&search->slots[most - 1], slot) <= 0)
        return;
    if (one_per_hour && is_beaten(search, slot))
        return;
    at = search->count;
    while (at > 0 && compare(slot, &search->slots[at - 1]) < 0)
        at--;
    if (at < most)
        insert_at(search, at, slot, most);
}

static enum slot_rule search_day(struct slot_search *search, struct book_day *day,
                                 const struct roads *roads, const struct visit_job *job,
                                 bool one_per_hour, size_t most)
{
    struct day_start starts[STARTS_A_DAY];
    struct day_job work = { job->place, job->length_ms };
    enum slot_rule rule = check_technician(day, job);
    bool found = false;

    if (rule != SLOT_FITS)
        return rule;
    for (size_t i = 0; i < day->work_count; i++) {
        struct day shift = day_of_work(day, i);
        if (!window_overlaps(day->work[i], job->starts))
            continue;
        size_t count =
            day_starts(&shift, roads, &work, job->starts, SLOT_GRID_MS, starts, STARTS_A_DAY);
        for (size_t k = 0; k < count; k++) {
            struct slot slot = { day, starts[k], slot_score(job, &starts[k]) };
            rule = check_start(day, roads, job, starts[k].start_at, NULL);
            if (rule != SLOT_FITS)
                continue; /* a licence that ends in the middle of the day */
            found = true;
            offer(search, &slot, one_per_hour, most);
        }
    }
    if (found)
        return SLOT_FITS;
    return rule == SLOT_NO_LICENCE ? SLOT_NO_LICENCE : SLOT_NO_ROOM;
}

void search_slots(struct arena *arena, struct book_day *const days[], size_t day_count,
                  int technician_count, const struct roads *roads, const struct visit_job *job,
                  bool one_per_hour, size_t most, struct slot_search *ret_search)
{
    int *reached = ARENA_ARRAY(arena, int, (size_t)technician_count + 1);

    assert(job->length_ms > 0);
    if (most == 0 || most > SLOTS_MOST)
        most = SLOTS_MOST;
    *ret_search = (struct slot_search){ 0 };
    /* A technician is refused by the last rule that any of his days got to; 0 is "no day seen". */
    for (size_t i = 0; i < day_count; i++) {
        assert(days[i]->technician < technician_count);
        int rule = 1 + (int)search_day(ret_search, days[i], roads, job, one_per_hour, most);
        if (rule > reached[days[i]->technician])
            reached[days[i]->technician] = rule;
    }
    for (int i = 0; i < technician_count; i++)
        ret_search->technicians[reached[i] ? reached[i] - 1 : SLOT_NO_SHIFT]++;
}
