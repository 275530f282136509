/* Visits that are over: what was used goes off the van's count, what was kept is free again. */
#include "proto/parts.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/parts/handlers.h"
#include "services/parts/store_van.h"

/* The same part may stand on two lines of a protocol. */
static int64_t used_of(const VisitDone *done, const char *sku, size_t from)
{
    int64_t quantity = 0;

    for (size_t i = from; i < done->n_parts; i++)
        if (string_is(done->parts[i]->sku, sku))
            quantity += done->parts[i]->quantity;
    return quantity;
}

static bool is_first_line(const VisitDone *done, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (string_is(done->parts[i]->sku, done->parts[at]->sku))
            return false;
    return true;
}

/* What nobody has ever counted has no count to take it off; then only the use itself is kept. */
static struct error take_part(struct turn *turn, const struct used_part *part, bool is_counted,
                              bool *changes)
{
    struct van_count count;
    int64_t at_customer;
    bool is_taken;

    TRY(store_has_use(turn, part, &is_taken));
    if (is_taken)
        return OK;
    TRY(store_load_count(turn, part->technician_id, part->sku, &count));
    TRY(store_count_at_customer(turn, part->work_order_id, part->sku, &at_customer));
    struct van_use use = van_use(count, part->quantity, at_customer);
    bool is_changed = use.change.count.quantity != count.quantity;
    if (!is_counted)
        use.beyond = 0;
    store_save_use(turn, part, &use);
    if (is_changed)
        store_save_count(turn, part->technician_id, part->sku, &use.change);
    *changes = *changes || is_changed;
    return OK;
}

static struct error take_parts(struct turn *turn, const VisitDone *done, bool *ret_changed)
{
    const Course *course = done->course;
    VanStock *van;

    *ret_changed = false;
    if (done->n_parts == 0 || !id_valid(course->technician_id))
        return OK;
    TRY(subject_lock(turn, course->technician_id, NULL));
    TRY(store_load_van(turn, course->technician_id, &van));
    for (size_t i = 0; i < done->n_parts; i++) {
        const struct used_part part = { course->visit_id, course->work_order_id,
                                        course->technician_id, done->parts[i]->sku,
                                        used_of(done, done->parts[i]->sku, i) };
        if (is_first_line(done, i) && part.quantity > 0)
            TRY(take_part(turn, &part, van != NULL, ret_changed));
    }
    return OK;
}

/* What was kept for the next visit of the order, which was heard of before, was let go of, too. */
static struct error supply_next(struct turn *turn, const Course *course)
{
    struct work_order order;
    bool is_known;

    TRY(store_load_work_order(turn, course->work_order_id, &is_known, &order));
    if (!is_known || order.ended || string_empty(order.visit_id) ||
        string_is(order.visit_id, course->visit_id))
        return OK;
    return supply_part(turn, &order);
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;
    const Course *course = done->course;
    const char *left;
    bool is_taken;

    if (!course)
        return rejected(PROBLEM_INVALID, "course", "done without its course");
    turn_belongs_to(turn, course->partner_id);
    store_save_over(turn, course->work_order_id, course->visit_id, turn->fact.at);
    /* First, so that what he used may be the piece that was kept for it. */
    TRY(let_go(turn, course->work_order_id, "visit_done", &left));
    TRY(take_parts(turn, done, &is_taken));
    if (is_taken)
        TRY(tell_van(turn, course->technician_id));
    if (left && !(is_taken && string_is(left, course->technician_id)))
        TRY(tell_van(turn, left));
    return supply_next(turn, course);
}

/* Another visit of the order may have taken its place; what is kept for that stays. */
struct error on_visit_missed(struct turn *turn, const void *message)
{
    const Course *course = ((const VisitMissed *)message)->course;
    struct work_order order;
    bool is_known;

    if (!course)
        return rejected(PROBLEM_INVALID, "course", "missed without its course");
    turn_belongs_to(turn, course->partner_id);
    store_save_over(turn, course->work_order_id, course->visit_id, turn->fact.at);
    TRY(store_load_work_order(turn, course->work_order_id, &is_known, &order));
    if (!is_known || !string_is(order.visit_id, course->visit_id))
        return OK;
    return release_part(turn, course->work_order_id, "visit_missed");
}
