/* One technician's day: what is promised, and what still fits between. Used by matching (which
 * starts can be offered) and routing (does the day hold).
 *
 * A stop has an exact promised start; its work takes [start_at, start_at + work_ms). Between two
 * stops he drives: he leaves when the work before is done and must be there before the next start.
 * The first drive leaves `start` not before shift.from, the last one reaches `end` not later than
 * shift.until + overtime_ms. A day without visits and holds has no drives.
 *
 * A break has no place: he rests where it finds him. A drive is not interrupted; it fits whole
 * before or whole after a break. Every drive is priced at the earliest departure at which it fits.
 * Answers are exact as long as the roads are FIFO (lib/domain/travel.h). */
#pragma once
#include "lib/domain/travel.h"
#include "lib/domain/window.h"
#include <stddef.h>

enum stop_kind { STOP_VISIT, STOP_HOLD, STOP_BREAK };

struct stop {
    timestamp start_at;
    int64_t work_ms;    /* > 0 */
    struct place place; /* not read when it is a break */
    enum stop_kind kind;
};

struct day {
    struct window shift;
    int64_t overtime_ms; /* how much later than shift.until he may be home */
    struct place start, end;
    struct stop *stops; /* sorted by start_at; the caller's array */
    size_t count, capacity;
};

struct day_job {
    struct place place;
    int64_t work_ms;                       /* > 0 */
    const struct way *from_start, *to_end; /* the ways between it and the day's ends, for who asks
                                            * many days; NULL: the roads are asked */
};

/* Why something does not fit: FIT(constant, text for the record of the decision). In this order the
 * rules are asked; the first broken one is told. */
#define FITS(FIT)                                                                                  \
    FIT(FIT_YES, "fits")                                                                           \
    FIT(FIT_OUTSIDE_SHIFT, "outside the shift")                                                    \
    FIT(FIT_OVERLAP, "overlaps another stop")                                                      \
    FIT(FIT_TRAVEL_BEFORE, "cannot be reached in time")                                            \
    FIT(FIT_TRAVEL_AFTER, "the next stop could not be reached in time")                            \
    FIT(FIT_HOME_LATE, "home too late")

enum fit {
#define FIT(constant, text) constant,
    FITS(FIT)
#undef FIT
};

const char *fit_text(enum fit fit);

/* One start of a job in a day, and what it costs. */
struct day_start {
    timestamp start_at;
    enum fit fit;            /* the rest is 0 unless FIT_YES */
    int64_t added_travel_ms; /* drives with the job less drives without it */
    int64_t added_travel_m;
    int64_t spare_before_ms; /* how much later he may come here without being late */
    int64_t spare_after_ms;  /* how much longer the work may take without harm to what follows */
};

/* Whether this start keeps every promise of the day. O(log n): a binary search, then only the
 * neighbours are asked (and breaks between them). The day itself must hold (day_check). */
struct day_start day_can_start(const struct day *day, const struct roads *roads,
                               const struct day_job *job, timestamp start_at);

/* The stretch between two stops with a place (or the ends of the day) around position `at`. */
struct gap {
    size_t at;             /* a new stop would stand here */
    size_t first, last;    /* breaks are [first, at) before it and [at, last) after it */
    struct place from, to; /* what lies before and behind */
    timestamp free_at;     /* done with what lies before */
    timestamp limit;       /* must be at `to` by then */
    bool has_drive;        /* a drive from..to exists without the job */
};

/* Where a job may stand between two stops, and what of it does not depend on its start. */
struct opening {
    bool is_found; /* false before the first call of day_next_opening */
    struct gap gap;
    timestamp first, last; /* starts worth asking for; `first` lies on the grid */
    timestamp ready_at;    /* there, and done with what is before */
    struct way out_of;
    int64_t travel_ms; /* into the job, less the drive that falls away */
    int64_t travel_m;  /* into and out of the job, less the drive that falls away */
};

/* The next opening in the window, in order of time; zero it for the first. False: no more. Openings
 * that are too short are jumped over. */
bool day_next_opening(const struct day *day, const struct roads *roads, const struct day_job *job,
                      struct window window, int64_t grid_ms, struct opening *opening);
/* No start in the opening adds less travel than this. */
int64_t opening_least_ms(const struct opening *opening, const struct roads *roads);
/* One start between `first` and `last`. When it does not fit, no later one in the opening does. */
struct day_start opening_start(const struct day *day, const struct roads *roads,
                               const struct day_job *job, const struct opening *opening,
                               timestamp start_at);
timestamp next_on_grid(timestamp at, int64_t grid_ms); /* `at` itself when it lies on it */

/* All starts in the window that fit and lie on the grid (whole multiples of grid_ms in UTC, which
 * for a grid that divides an hour are those of Warsaw, too), earliest first. Returns how many were
 * written, at most `max`. Gaps that are too short are jumped over. */
size_t day_starts(const struct day *day, const struct roads *roads, const struct day_job *job,
                  struct window window, int64_t grid_ms, struct day_start ret_starts[], size_t max);

struct day_violation {
    enum fit fit; /* FIT_YES: the day holds */
    size_t index; /* of the stop; `count` when it is the way home */
    int64_t late_ms;
};

/* The first thing in the day that does not hold; stops out of order count as overlaps. */
struct day_violation day_check(const struct day *day, const struct roads *roads);

struct day_cost {
    int64_t travel_ms, travel_m;
    int64_t work_ms; /* visits and holds */
    int64_t idle_ms; /* waiting at doors after the first stop, breaks not counted */
};

/* Of a day that holds. */
struct day_cost day_cost(const struct day *day, const struct roads *roads);

/* Puts a copy of `stop` at its place in the order. False (nothing changed) when the array is full.
 * Does not check whether it fits. */
bool day_insert(struct day *day, const struct stop *stop);

timestamp stop_end(const struct stop *stop); /* when its work is done */
