/* When he will be at each door, from what is known of his day so far: the promise is compared with
 * the road that is really left. */
#pragma once
#include "services/routing/domain/plan_route.h"

enum { POINT_IS_FRESH_MS = 5 * 60 * 1000 };

/* In order: a visit only moves on. */
enum progress { AHEAD, ON_HIS_WAY, AT_THE_DOOR, FINISHED };

struct stop_progress {
    struct promised_visit visit;
    timestamp leave_at; /* by the plan */
    enum progress progress;
    timestamp on_the_way_at, there_at, done_at; /* 0 while it has not happened */
};

struct last_point { /* where he last was seen; at 0: never */
    struct place place;
    timestamp at;
};

struct stop_forecast {
    timestamp eta_at; /* there, or will be */
    int64_t late_ms;  /* after the promise; 0 when in time */
};

/* Stops in order of start_at. Nothing that is still to come is predicted earlier than `now`. A
 * fresh point counts for the stop he drives to. */
void predict_day(const struct workday *day, const struct roads *roads,
                 const struct last_point *point, const struct stop_progress stops[], size_t count,
                 timestamp now, struct stop_forecast ret_forecasts[]);

const char *progress_text(enum progress progress); /* "ahead", "on_the_way", "there", "done" */
