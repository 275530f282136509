/* One technician's local day as matching decides over it, and what a job must find there. */
#pragma once
#include "lib/schedule/day.h"
#include "services/matching/domain/technician.h"

enum { STOPS_MOST = 48, STRETCHES_MOST = 8, RESERVED_MOST = 24, WINDOWS_MOST = 8, NEEDS_MOST = 30 };
enum { SLOT_GRID_MS = 15 * 60 * 1000, CREW_MOST = 4 };

/* A stretch of the day in which he may be planned, from home and back. */
struct stretch {
    struct window work;
    int64_t overtime_ms; /* how much later than work.until he may be home */
    bool is_on_call;     /* for emergencies only */
};

struct book_day {
    const struct technician *who;
    int64_t version;
    int32_t date;
    uint8_t stretch_count, reserved_count, stop_count;
    bool is_unreadable;              /* more than a day can hold: not offered */
    const struct stretch *stretches; /* by time, none overlaps another */
    const struct window *reserved;   /* kept for emergencies */
    struct stop *stops;              /* held, booked and done work, and breaks; by start_at */
};

/* Rules that somebody with the right to may set aside; also what is tried to say what it would
 * take. */
enum relaxation {
    RELAX_TRAVEL = 1 << 0,
    RELAX_AREA = 1 << 1,
    RELAX_EQUIPMENT = 1 << 2,
    RELAX_OVERTIME = 1 << 3,
    RELAX_RESERVE = 1 << 4,
    RELAX_ON_CALL = 1 << 5,
};
enum { RELAXED_OVERTIME_MS = 2 * 60 * 60 * 1000 };

/* What has to be done, where, and when it may start. */
struct visit_job {
    struct place place;
    int64_t length_ms; /* > 0 */
    enum skill skill;
    struct window starts;                /* [first, last + 1) allowed start */
    struct window windows[WINDOWS_MOST]; /* if any: starts lie in one of them, too; by time */
    size_t window_count;
    uint64_t needs[NEEDS_MOST]; /* equipment, text_hash of each word */
    size_t need_count;
    int64_t technicians; /* how many come together, at most CREW_MOST; 0 and 1: one */
    bool is_emergency;   /* may use on-call hours and what is reserved */
    struct id again;     /* who was at this customer's before; "" when nobody */
    uint64_t part;       /* text_hash of the part it needs; 0: none */
    uint64_t own_part;   /* the piece that is kept for this very order, in whose van it may lie */
    int64_t waiting_permille;
    timestamp reserved_from; /* what is reserved from here on is kept; before, it is released */
    unsigned relaxed;        /* a set of enum relaxation */
    /* Where waiting_permille and reserved_from came from; for the record of the decision. */
    int32_t urgency;
    timestamp asked_at;
};

/* Why a technician cannot take a job, in the order of asking: who fails early fails for a plainer
 * reason. */
#define SLOT_RULES(RULE)                                                                           \
    RULE(SLOT_UNREADABLE, "unreadable")                                                            \
    RULE(SLOT_INACTIVE, "inactive")                                                                \
    RULE(SLOT_NO_SKILL, "skill")                                                                   \
    RULE(SLOT_NO_LICENCE, "licence")                                                               \
    RULE(SLOT_NO_EQUIPMENT, "equipment")                                                           \
    RULE(SLOT_OUT_OF_AREA, "territory")                                                            \
    RULE(SLOT_TOO_FAR, "too_far")                                                                  \
    RULE(SLOT_NO_SHIFT, "no_shift")                                                                \
    RULE(SLOT_ON_CALL, "on_call_only")                                                             \
    RULE(SLOT_NO_ROOM, "no_room")                                                                  \
    RULE(SLOT_RESERVED, "reserved")                                                                \
    RULE(SLOT_LICENCE_ENDS, "licence_ends")                                                        \
    RULE(SLOT_NO_MATE, "no_mate")                                                                  \
    RULE(SLOT_FITS, "fits")

enum slot_rule {
#define RULE(constant, text) constant,
    SLOT_RULES(RULE)
#undef RULE
        SLOT_RULE_COUNT
};

const char *slot_rule_text(enum slot_rule rule);

/* The rules that do not depend on the hour; SLOT_FITS when none speaks against him. */
enum slot_rule check_technician(const struct technician *who, const struct roads *roads,
                                const struct visit_job *job);
/* Whether the work may start exactly then; every hard rule, asked again whenever a promise is made.
 * `ret_start` may be NULL; it is filled when the answer is SLOT_FITS. */
enum slot_rule check_start(const struct book_day *day, const struct roads *roads,
                           const struct visit_job *job, timestamp start_at,
                           struct day_start *ret_start);
/* One stretch as a schedule over `day`'s own stops. */
struct day day_of_stretch(const struct book_day *day, size_t stretch, unsigned relaxed);

/* Who walks the starts of a day. */
struct start_visitor {
    /* False: the opening is passed over. Its starts lie in `starts`, the last one included, and add
     * at least so much travel. */
    bool (*enters)(void *context, int64_t least_travel_ms, struct window starts);
    /* False: the later starts of this opening are passed over. */
    bool (*takes)(void *context, const struct day_start *start);
    void *context;
};

/* Between a technician's home and a job, there and back. */
struct home_ways {
    struct way there, back;
    int64_t least_ms; /* both, at the best hours there are */
};
struct home_ways home_ways_of(const struct technician *who, const struct roads *roads,
                              const struct visit_job *job);

/* Every start on the grid that fits, stretch by stretch, in order of time. `home`: of the day's
 * technician. Whether he himself may come is not asked (check_technician). Returns the rule that
 * the best start got to. */
enum slot_rule visit_starts(const struct book_day *day, const struct roads *roads,
                            const struct visit_job *job, const struct home_ways *home,
                            const struct start_visitor *visitor);
