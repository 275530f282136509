/* One technician's local day as matching decides over it, and what a job must find there. */
#pragma once
#include "lib/base/id.h"
#include "lib/domain/place.h"
#include "lib/domain/skill.h"
#include "lib/domain/window.h"
#include "lib/schedule/day.h"

enum { DAY_STOPS_MOST = 32, DAY_WORK_MOST = 4, DAY_LICENCES_MOST = 6 };

struct held_licence {
    enum licence kind;
    struct window valid;
};

struct book_day {
    struct id technician_id;
    int32_t date;
    int64_t version;
    int technician; /* dense number of the technician in this process's book */
    bool is_active;
    char first_name[164]; /* 40 letters of any script */
    uint64_t skills;
    struct place home;
    int64_t longest_travel_m; /* road metres from home; 0: no bound */
    struct held_licence licences[DAY_LICENCES_MOST];
    size_t licence_count;
    struct window work[DAY_WORK_MOST]; /* shifts less absences, in order */
    size_t work_count;
    struct stop stops[DAY_STOPS_MOST]; /* held, booked and done, by start_at */
    size_t stop_count;
};

/* What has to be done, where, and when it may start. */
struct visit_job {
    struct place place;
    int64_t length_ms;
    enum skill skill;
    struct window starts; /* [first, last + 1) allowed start */
    int weight_permille;  /* of waiting against driving, by urgency; see slot_score */
};

/* Why a technician cannot take a job, in the order of asking: who fails early fails for a plainer
 * reason. */
#define SLOT_RULES(RULE)                                                                           \
    RULE(SLOT_INACTIVE, "inactive")                                                                \
    RULE(SLOT_NO_SKILL, "skill")                                                                   \
    RULE(SLOT_NO_LICENCE, "licence")                                                               \
    RULE(SLOT_TOO_FAR, "too_far")                                                                  \
    RULE(SLOT_NO_SHIFT, "no_shift")                                                                \
    RULE(SLOT_NO_ROOM, "no_room")                                                                  \
    RULE(SLOT_FITS, "fits")

enum slot_rule {
#define RULE(constant, text) constant,
    SLOT_RULES(RULE)
#undef RULE
        SLOT_RULE_COUNT
};

const char *slot_rule_text(enum slot_rule rule);

/* Whether the work may start exactly then; every hard rule, asked again whenever a promise is made.
 * `ret_start` may be NULL; it is filled when the answer is SLOT_FITS. */
enum slot_rule check_start(struct book_day *day, const struct roads *roads,
                           const struct visit_job *job, timestamp start_at,
                           struct day_start *ret_start);
/* The rules that do not depend on the hour. */
enum slot_rule check_technician(const struct book_day *day, const struct visit_job *job);
/* The part of the day that one stretch of work is: a schedule over `day`'s own stops. */
struct day day_of_work(struct book_day *day, size_t work);
/* Cost of a start in milliseconds: driving it adds, plus waiting by urgency's weight. Lower is
 * better. */
int64_t slot_score(const struct visit_job *job, const struct day_start *start);
