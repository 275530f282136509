/* Work that a done visit has left: its order books the next visit itself, whoever chooses hours
 * otherwise (docs/decisions/0017-unfinished-work.md). */
#include "services/matching/handlers.h"

bool is_unfinished(const Course *course)
{
    return course->further && !course->further->none;
}

/* Less than a day of the days that are offered is late enough: nobody is unable to come yet. */
static timestamp look_from(timestamp earliest_at)
{
    return earliest_at - DAYS(matching_config.days - 1);
}

/* As many as came, and who was missing. */
static int64_t more_by(const Visit *done, bool is_one_missing)
{
    int64_t came = done->technicians > 1 ? done->technicians : 1;

    return is_one_missing && came < CREW_MOST ? came + 1 : came;
}

static void save_wish(struct turn *turn, const FurtherWork *further, const Visit *done,
                      bool is_held)
{
    bool is_others_work = string_is(further->reason, "other_trade");
    struct further_wish wish = {
        .visit_id = done->visit_id,
        .length_ms = further->length_ms > 0 ? further->length_ms : done->length_ms,
        .earliest_at = further->earliest_at,
        .technician_id = is_others_work ? "" : done->technician_id,
        .technicians = more_by(done, string_is(further->reason, "second_person")),
        .is_put_off = is_held || look_from(further->earliest_at) > turn->now,
    };

    store_save_further(turn, done->work_order_id, &wish);
}

/* What was to follow follows this work, whenever it is done. */
static struct error push_followers(struct turn *turn, const struct order_copy *order,
                                   const Visit *done)
{
    Visit next = *done;

    next.start_at = order->earliest_at;
    next.length_ms = order->visit_length_ms;
    return chain_push(turn, &next);
}

struct error continue_order(struct turn *turn, const Course *course, const Visit *done)
{
    struct order_copy order;
    Visit **visits;
    int32_t *days;
    size_t count;

    TRY(store_load_order(turn, done->work_order_id, &order));
    if (!order.is_open || string_is(order.continues, done->visit_id))
        return OK;
    TRY(store_load_live_visits(turn, done->work_order_id, &visits, &days, &count));
    if (count && visits[0]->state == VISIT_STATE__BOOKED)
        return OK; /* he came to a visit that had been replaced: that one is the next */
    save_wish(turn, course->further, done, count > 0);
    TRY(store_load_order(turn, done->work_order_id, &order));
    if (count || order.is_put_off) {
        timestamp soon = turn->now + matching_config.try_again_ms,
                  later = look_from(order.earliest_at);
        store_try_again(turn, done->work_order_id, later > soon ? later : soon);
        return push_followers(turn, &order, done);
    }
    return book_by_engine(turn, &order, true);
}
