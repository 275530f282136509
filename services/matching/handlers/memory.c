/* What every process has in memory, loaded at the start and followed from there. */
#include "lib/domain/calendar.h"
#include "proto/surveys.pb-c.h"
#include "services/matching/handlers.h"

static void take_day(const TechnicianDay *day, void *context)
{
    (void)context;
    book_follow(day);
}

struct error load_book(struct turn *turn)
{
    turn_looks_over_walls(turn);
    TRY(load_policy(turn));
    TRY(store_walk_book(turn, date_from_timestamp(turn->now) - 1, take_day, NULL));
    TRY(store_walk_scores(turn, book_score));
    struct book_size size = book_size();
    log_info("book_loaded", NUMBER("technician_days", size.days),
             NUMBER("technicians", size.technicians), NUMBER("stops", size.stops),
             NUMBER("bytes", size.bytes));
    return OK;
}

void follow_technician_day(const struct fact *fact, const void *message)
{
    const TechnicianDayChanged *changed = message;

    (void)fact;
    if (changed->technician_day)
        book_follow(changed->technician_day);
}

struct error on_technician_scored(struct turn *turn, const void *message)
{
    const TechnicianScored *scored = message;

    store_save_score(turn, scored->technician_id, scored->answers, scored->sum);
    return OK;
}

void follow_technician_scored(const struct fact *fact, const void *message)
{
    const TechnicianScored *scored = message;

    (void)fact;
    book_score(scored->technician_id, scored->answers, scored->sum);
}
