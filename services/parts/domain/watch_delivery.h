/* Will the part be there when the visit begins, and is what the supplier says believable? */
#pragma once
#include "lib/base/time.h"
#include "services/parts/domain/purchase_states.h"

/* What lateness is judged by. A date of 0 means there is none. */
struct delivery {
    enum purchase_state state;
    timestamp ordered_at;
    timestamp promised_by; /* lead time at first, then the supplier's date */
    timestamp needed_by;   /* the visit's hour */
    timestamp delivered_at;
    timestamp late_promised_by, late_needed_by; /* the pair that was told as too late */
    timestamp overdue_promised_by;              /* the date that was told as passed */
};

/* It is promised for after the visit's hour, and this pair of dates has not been told yet. */
bool is_too_late(const struct delivery *delivery);
/* The promised date has passed without a delivery, and this date has not been told yet. */
bool is_overdue(const struct delivery *delivery, timestamp now);
/* The delivery after its lateness was told. */
struct delivery told_too_late(struct delivery delivery);
struct delivery told_overdue(struct delivery delivery); /* becomes LATE */

struct supplier_update {
    enum purchase_state state;
    timestamp at;          /* when it happened */
    timestamp promised_by; /* 0: the date stays */
};

enum update_verdict {
    UPDATE_TAKEN,
    UPDATE_NOT_HIS,        /* a state that is not the supplier's to set */
    UPDATE_NOT_NOW,        /* the table of moves has no such move */
    UPDATE_AT_WRONG,       /* it happened before the order, or in the future */
    UPDATE_DATE_MISSING,   /* confirmed or late without a date */
    UPDATE_DATE_WRONG,     /* the date lies before what it follows from */
    UPDATE_DATE_NOT_LATER, /* late, but not later than promised */
};

/* Takes the update into `delivery`, or says why not and leaves it. Clocks of suppliers may run five
 * minutes fast; what is entered days after it happened is taken. */
enum update_verdict take_update(struct delivery *delivery, const struct supplier_update *update,
                                timestamp now);
