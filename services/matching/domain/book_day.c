/* The hard rules of a promise: active, skilled, licensed on that day, near enough, in shift, room
 * and travel. */
#include "services/matching/domain/book_day.h"
#include "lib/domain/travel.h"
#include <assert.h>

const char *slot_rule_text(enum slot_rule rule)
{
    static const char *const texts[] = {
#define RULE(constant, text) text,
        SLOT_RULES(RULE)
#undef RULE
    };

    return texts[rule];
}

static bool is_licensed(const struct book_day *day, enum skill skill, struct window work)
{
    enum licence needed = skill_licence(skill);

    for (size_t i = 0; needed != LICENCE_NONE && i < day->licence_count; i++)
        if (day->licences[i].kind == needed && window_covers(day->licences[i].valid, work))
            return true;
    return needed == LICENCE_NONE;
}

static bool has_licence(const struct book_day *day, enum skill skill)
{
    enum licence needed = skill_licence(skill);

    for (size_t i = 0; i < day->licence_count; i++)
        if (day->licences[i].kind == needed)
            return true;
    return needed == LICENCE_NONE;
}

enum slot_rule check_technician(const struct book_day *day, const struct visit_job *job)
{
    if (!day->is_active)
        return SLOT_INACTIVE;
    if (!skills_include(day->skills, SKILL_BIT(job->skill)))
        return SLOT_NO_SKILL;
    if (!has_licence(day, job->skill))
        return SLOT_NO_LICENCE;
    if (day->longest_travel_m && travel_m(day->home, job->place) > day->longest_travel_m)
        return SLOT_TOO_FAR;
    return day->work_count ? SLOT_FITS : SLOT_NO_SHIFT;
}

struct day day_of_work(struct book_day *day, size_t work)
{
    struct window shift = day->work[work];
    size_t first = 0, count = 0;

    /* Work that began before this stretch and reaches into it still binds him. */
    while (first < day->stop_count && stop_end(&day->stops[first]) <= shift.from)
        first++;
    while (first + count < day->stop_count && day->stops[first + count].start_at < shift.until)
        count++;
    return (struct day){
        .shift = shift,
        .start = day->home,
        .end = day->home,
        .stops = day->stops + first,
        .count = count,
        .capacity = count,
    };
}

enum slot_rule check_start(struct book_day *day, const struct roads *roads,
                           const struct visit_job *job, timestamp start_at,
                           struct day_start *ret_start)
{
    struct day_job work = { job->place, job->length_ms };
    struct window during = { start_at, start_at + job->length_ms };
    enum slot_rule rule = check_technician(day, job);

    if (rule != SLOT_FITS)
        return rule;
    if (!is_licensed(day, job->skill, during))
        return SLOT_NO_LICENCE;
    for (size_t i = 0; i < day->work_count; i++) {
        if (!window_covers(day->work[i], during))
            continue;
        struct day shift = day_of_work(day, i);
        struct day_start start = day_can_start(&shift, roads, &work, start_at);
        if (start.fit != FIT_YES)
            return SLOT_NO_ROOM;
        if (ret_start)
            *ret_start = start;
        return SLOT_FITS;
    }
    return SLOT_NO_SHIFT;
}

int64_t slot_score(const struct visit_job *job, const struct day_start *start)
{
    int64_t waiting_ms = start->start_at - job->starts.from;

    assert(waiting_ms >= 0);
    return start->added_travel_ms + waiting_ms / 1000 * job->weight_permille;
}
