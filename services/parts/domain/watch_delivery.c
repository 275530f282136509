/* Dates against dates. */
#include "services/parts/domain/watch_delivery.h"

#define CLOCK_TOLERANCE_MS MINUTES(5)

bool is_too_late(const struct delivery *delivery)
{
    return purchase_is_open(delivery->state) && delivery->needed_by > 0 &&
           delivery->promised_by > delivery->needed_by &&
           (delivery->promised_by != delivery->late_promised_by ||
            delivery->needed_by != delivery->late_needed_by);
}

bool is_overdue(const struct delivery *delivery, timestamp now)
{
    return purchase_is_open(delivery->state) && delivery->promised_by > 0 &&
           delivery->promised_by <= now && delivery->overdue_promised_by != delivery->promised_by;
}

struct delivery told_too_late(struct delivery delivery)
{
    delivery.late_promised_by = delivery.promised_by;
    delivery.late_needed_by = delivery.needed_by;
    return delivery;
}

struct delivery told_overdue(struct delivery delivery)
{
    delivery = told_too_late(delivery);
    delivery.state = PURCHASE_LATE;
    delivery.overdue_promised_by = delivery.promised_by;
    return delivery;
}

static enum update_verdict judge_date(const struct delivery *delivery,
                                      const struct supplier_update *update)
{
    bool needs_date = update->state == PURCHASE_CONFIRMED || update->state == PURCHASE_LATE;

    if (update->promised_by == 0)
        return needs_date ? UPDATE_DATE_MISSING : UPDATE_TAKEN;
    if (update->promised_by < update->at)
        return UPDATE_DATE_WRONG;
    if (update->state == PURCHASE_LATE && update->promised_by <= delivery->promised_by)
        return UPDATE_DATE_NOT_LATER;
    return UPDATE_TAKEN;
}

enum update_verdict take_update(struct delivery *delivery, const struct supplier_update *update,
                                timestamp now)
{
    if (update->state == PURCHASE_ORDERED || update->state == PURCHASE_CANCELLED)
        return UPDATE_NOT_HIS;
    if (!purchase_may_become(delivery->state, update->state))
        return UPDATE_NOT_NOW;
    if (update->at < delivery->ordered_at || update->at > now + CLOCK_TOLERANCE_MS)
        return UPDATE_AT_WRONG;
    if (update->state == PURCHASE_DELIVERED) {
        delivery->delivered_at = update->at;
    } else {
        enum update_verdict verdict = judge_date(delivery, update);
        if (verdict != UPDATE_TAKEN)
            return verdict;
        if (update->promised_by)
            delivery->promised_by = update->promised_by;
    }
    delivery->state = update->state;
    return UPDATE_TAKEN;
}
