/* Which of the points that a telephone sends may be kept: true ones, new ones, and only from work
 * (a technician's place is nobody's business in his own time). */
#pragma once
#include "lib/domain/place.h"
#include "lib/domain/window.h"
#include <stddef.h>

enum {
    POINT_AHEAD_MS = 60 * 1000,            /* of our clock, at most */
    POINT_AGE_MS = 12 * 60 * 60 * 1000,    /* at most */
    POINT_AROUND_WORK_MS = 60 * 60 * 1000, /* before and after it */
};

/* Up to POINT_WRONG the sender is told; the others are dropped without a word. */
#define POINT_VERDICTS(VERDICT)                                                                    \
    VERDICT(POINT_OUTSIDE_POLAND, "lat", "place", "Punkt leży poza Polską")                        \
    VERDICT(POINT_AHEAD_OF_TIME, "at", "future", "Godzina punktu jeszcze nie nadeszła")            \
    VERDICT(POINT_TOO_OLD, "at", "age", "Punkt jest starszy niż 12 godzin")                        \
    VERDICT(POINT_WITHOUT_SEQUENCE, "sequence", "range", "Numer punktu musi być większy od zera")  \
    VERDICT(POINT_WRONG, "", "", "")                                                               \
    VERDICT(POINT_REPEATED, "", "", "")                                                            \
    VERDICT(POINT_OFF_WORK, "", "", "")                                                            \
    VERDICT(POINT_TAKEN, "", "", "")

enum point_verdict {
#define VERDICT(constant, field, rule, says) constant,
    POINT_VERDICTS(VERDICT)
#undef VERDICT
};

struct point {
    struct place place;
    timestamp at;
    int64_t sequence;
};

/* `last_sequence` is that of the last point taken, 0 for none; `work` the hours of the days around
 * the point. The first broken rule is told. */
enum point_verdict judge_point(const struct point *point, timestamp now, int64_t last_sequence,
                               const struct window work[], size_t work_count);

const char *point_field(enum point_verdict verdict);
const char *point_rule(enum point_verdict verdict);
const char *point_says(enum point_verdict verdict); /* Polish */
