/* What a page says of a part on its way to the customer: when it will be there, and whether that
 * is too late. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

/* The same numbers as parts.v1.PurchaseState, and one of our own. */
enum {
    PURCHASE_ORDERED = 1,
    PURCHASE_CONFIRMED = 2,
    PURCHASE_SHIPPED = 3,
    PURCHASE_DELIVERED = 4,
    PURCHASE_LATE = 5,
    PURCHASE_CANCELLED = 6,
    PART_IN_VAN = 7, /* no purchase: the technician has it with him */
};

struct part_facts {
    int state;             /* as above; others are nothing that comes */
    timestamp promised_by; /* the supplier's own date; 0: none */
    timestamp visit_at;    /* the hour that can still be moved; 0: none */
    timestamp now;
};

enum part_line {
    PART_WITHOUT_DATE, /* nothing to say beyond its state */
    PART_IN_TIME,
    PART_LATE,        /* by the supplier's word */
    PART_AFTER_VISIT, /* later than the technician */
    PART_DATE_PASSED, /* it should have been there */
};
enum part_line choose_part_line(const struct part_facts *facts);

/* "opóźniona" for each lateness, else the state's own word. */
const char *part_state_says(enum part_line line, int state);
/* "Będzie u Państwa najpóźniej w piątek 27 listopada."; "" when there is nothing to say. `whose`
 * follows "u": "Państwa", "klienta". In the arena. */
const char *part_says(struct arena *arena, enum part_line line, timestamp promised_by,
                      const char *whose);
