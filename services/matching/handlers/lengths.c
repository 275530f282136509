/* How long visits take: each finished one is timed, each night every service's length is computed
 * anew, and orders that are heard of from then on are booked with it. */
#include "services/matching/handlers.h"
#include "services/matching/store_nightly.h"

enum { RECENT_DAYS = 90 };

void keep_visit_time(struct turn *turn, const Course *course, const Visit *visit)
{
    store_save_visit_time(turn, visit, course->done_at - course->there_at, course->done_at,
                          next_night(turn->now));
}

static struct error compute_length(struct turn *turn, const char *service_id)
{
    const timestamp year_ago = turn->now - DAYS(LENGTH_HISTORY_DAYS);
    struct service_length length = { .service_id = service_id,
                                     .due_at = next_night(turn->now),
                                     .recent_from = turn->now - DAYS(RECENT_DAYS) };
    struct length_count *counts;
    size_t count;

    store_drop_visit_times(turn, service_id, year_ago);
    TRY(store_count_visit_times(turn, service_id, year_ago, &counts, &count));
    length.length_ms = visit_length_ms(counts, count, &length.visits);
    store_save_visit_length(turn, &length);
    return OK;
}

/* One service a turn, until none is due. */
static struct error compute_next(struct turn *turn, struct text nothing)
{
    const char *service_id;

    (void)nothing;
    TRY(store_take_due_length(turn, &service_id));
    if (!service_id[0])
        return OK;
    turn_follow(turn, "", compute_next, NO_TEXT);
    return compute_length(turn, service_id);
}

struct error compute_lengths(struct turn *turn, const char *nothing)
{
    return compute_next(turn, text_of(nothing));
}

struct error list_visit_lengths(struct turn *turn, const void *message, struct reply *reply)
{
    VisitLengthList *list = ARENA_NEW(turn->arena, VisitLengthList);

    (void)message;
    visit_length_list__init(list);
    TRY(store_load_visit_lengths(turn, list));
    reply->message = list;
    return OK;
}
