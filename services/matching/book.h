/* The book in memory: every technician-day as this process last heard of it. It follows
 * TechnicianDayChanged alone; what is promised is decided on the day that is read from the database
 * under its lock. */
#pragma once
#include "proto/matching.pb-c.h"
#include "services/matching/domain/book_day.h"

/* Takes a technician-day into `ret_day` (its technician number is kept); false when it has more
 * stops, licences or stretches of work than a day can hold. */
bool book_day_read(const TechnicianDay *technician_day, struct book_day *ret_day);
/* Older versions than the known one are ignored. */
void book_follow(const TechnicianDay *technician_day);
/* What memory holds of that day; 0: nothing yet. */
int64_t book_version(const char *technician_id, int32_t date);
/* Days from `from` to `until`, both included, that may be searched; the array lives until the next
 * call. */
struct book_day *const *book_days(int32_t from, int32_t until, size_t *ret_count);
int book_technician_count(void);
