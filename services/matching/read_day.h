/* From what is told about a technician-day to what the rules are asked of. */
#pragma once
#include "lib/base/arena.h"
#include "proto/matching.pb-c.h"
#include "services/matching/domain/book_day.h"

/* Of one day, before it is known how much room it needs; all pointers in it point into it. */
struct day_read {
    struct technician who;
    struct area areas[AREAS_MOST];
    struct stretch stretches[STRETCHES_MOST];
    struct window reserved[RESERVED_MOST];
    struct stop stops[STOPS_MOST];
    struct book_day day; /* `who`, `stretches`, `reserved`, `stops` point into this very struct */
};

/* What cannot be understood or does not fit makes the technician, or this day of his, unreadable:
 * not offered. */
void read_day(const TechnicianDay *technician_day, struct day_read *ret_read);
/* The same in the arena. Never NULL. */
struct book_day *read_day_into(struct arena *arena, const TechnicianDay *technician_day);
uint64_t text_hash(const char *word); /* FNV-1a; names equipment and parts */
/* Names the piece of a part that is kept for one order. */
uint64_t part_kept_for(uint64_t part, const char *work_order_id);
