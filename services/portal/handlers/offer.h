/* Hours that matching offers for an order, as pages ask for them and show them. */
#pragma once
#include "proto/matching.pb-c.h"
#include "services/portal/handlers.h"

/* Asks for hours from the page's `after` on. */
struct error ask_offer(struct turn *turn, const struct actor *actor, const char *work_order_id,
                       handle_answer on_offer, struct reply *reply);
/* False when the answer is none. */
bool read_offer(struct turn *turn, const struct answer *answer, const Offer **ret_offer);
struct slot_days {
    struct view *day; /* NULL at first */
    int32_t date;
};
/* One hour under its day, in the order of the offer; returns its item. */
struct view *add_slot(struct turn *turn, struct view *view, struct slot_days *days,
                      const Slot *slot);
/* The way to the hours behind the last one of the offer, and whether another order's is to be
 * first. */
void add_later_hours(struct turn *turn, struct view *view, const char *home, const Offer *offer);
/* What a form of hours chose; "" when it chose nothing or is too long. */
char *chosen_slot(struct turn *turn);
