/* A technician's days as workforce tells them. */
#pragma once
#include "lib/domain/window.h"
#include "lib/service/turn.h"
#include "proto/matching.pb-c.h"
#include "proto/workforce.pb-c.h"
#include "services/matching/domain/book_day.h"

/* Stretches of work, and of hours on call, that are kept of a day. */
enum { DAY_WORK_MOST = STRETCHES_MOST / 2 };

/* What his days are made of; each list by from. */
struct calendar {
    const Technician *technician;
    struct window *absences, *busy; /* busy: absences and all work; then nobody is on call */
    size_t absence_count, busy_count;
};

/* Borrows `technician`; lives in the turn's arena. */
struct calendar calendar_of(struct turn *turn, const Technician *technician);

/* The day without version and visits: `work` is shifts less absences, `on_call` hours on call less
 * absences and less work, both in order and at most DAY_WORK_MOST; `breaks` lie inside `work`;
 * `overtime_ms` is that of the day's last work, 0 when an absence ended it. */
TechnicianDay *calendar_day(struct turn *turn, const struct calendar *calendar, int32_t date);

bool same_windows(Window *const a[], size_t a_count, Window *const b[], size_t b_count);

/* handlers/capacity.c: keeps what was told, for the nightly check. */
void note_told(struct turn *turn, const struct calendar *calendar);
