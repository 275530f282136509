/* What every process has in memory, loaded at the start and followed from there. */
#include "lib/domain/calendar.h"
#include "proto/parts.pb-c.h"
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
    TRY(store_walk_vans(turn, book_van));
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

struct error on_van_stock_changed(struct turn *turn, const void *message)
{
    const VanStockChanged *changed = message;

    if (!changed->van || !id_valid(changed->van->technician_id))
        return rejected(PROBLEM_INVALID, "van", "told without the van and whose it is");
    store_save_van(turn, changed->van);
    return OK;
}

void follow_van_stock(const struct fact *fact, const void *message)
{
    const VanStockChanged *changed = message;

    (void)fact;
    if (changed->van && id_valid(changed->van->technician_id))
        book_van(changed->van);
}
