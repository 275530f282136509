/* A technician names the work order; which of its visits does he speak of? */
#pragma once
#include "services/visits/domain/course.h"

/* What the phone says happened then is believed between twelve hours before the promised hour and
 * five minutes ahead of our clock (phones' clocks differ). */
enum { EARLIEST_BEFORE_MS = 12 * 60 * 60 * 1000, CLOCK_SLACK_MS = 5 * 60 * 1000 };
/* A "there" after that is no late arrival any more. */
enum { RESTORE_WITHIN_MS = 24 * 60 * 60 * 1000 };

enum course_verdict { /* best first */
                      COURSE_CHOSEN,
                      COURSE_NOT_THEN,    /* it could happen to one of his visits, but not at that
                                             moment */
                      COURSE_NOT_ALLOWED, /* none of his visits is in a state for it */
                      COURSE_NOT_HIS,     /* no visit of this order is his */
};

struct course_choice {
    enum course_verdict verdict;
    size_t at;             /* COURSE_CHOSEN: which */
    enum course_state was; /* COURSE_NOT_ALLOWED: the state of his newest visit */
};

struct course_news {
    const char *technician_id;
    enum course_event event;
    timestamp at;  /* when it happened, as the phone says */
    timestamp now; /* when it was heard */
};

/* Of the technician's visits to which the event may happen, the one promised nearest to it, the
 * newer of two. A missed one is restored only while none that replaced it has begun. What happened
 * after a visit ended is not about that visit. The order of `courses` does not matter. */
struct course_choice choose_course(const struct course courses[], size_t count,
                                   const struct course_news *news);
/* The visit that stands for the order: the one under way, else the newest that has not ended, else
 * the newest. `count` when there is none. */
size_t live_course(const struct course courses[], size_t count);
/* The technician's visit to which a photo sent now belongs: the one under way, else his newest that
 * was not cancelled. `count` when he has none. */
size_t proof_course(const struct course courses[], size_t count, const char *technician_id);
