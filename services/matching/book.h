/* The book in memory: every technician-day as this process last heard of it. It follows
 * TechnicianDayChanged alone; what is promised is decided on the day that is read from the database
 * under its lock. */
#pragma once
#include "proto/matching.pb-c.h"
#include "proto/parts.pb-c.h"
#include "services/matching/domain/roster.h"

/* Older versions than the known one are ignored. */
void book_follow(const TechnicianDay *technician_day);
/* All answers of surveys about a technician; fewer than known are ignored. */
void book_score(const char *technician_id, int64_t answers, int64_t sum);
/* What lies in somebody's van; older versions than the known one are ignored. */
void book_van(const VanStock *van);
/* Days before yesterday are forgotten first. Valid until the book is told something again. */
const struct roster *book_roster(int32_t today);
/* What memory holds of that day; 0: nothing yet. */
int64_t book_version(const char *technician_id, int32_t date);
/* NULL: nothing is known of him. */
const struct member *book_member(const char *technician_id);

struct book_size {
    size_t technicians, days, stops, bytes;
};
struct book_size book_size(void);
