/* Walks the stops once; lateness runs on from stop to stop until a pause swallows it. */
#include "services/routing/domain/predict_day.h"

const char *progress_text(enum progress progress)
{
    static const char *const texts[] = { "ahead", "on_the_way", "there", "done" };

    return texts[progress];
}

static timestamp later(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

/* Where he is free, and from when. */
struct whereabouts {
    struct place place;
    timestamp free_at;
};

static timestamp arrival(const struct roads *roads, const struct last_point *point,
                         const struct stop_progress *stop, const struct whereabouts *was,
                         timestamp now)
{
    struct place to = stop->visit.place;

    if (stop->progress >= AT_THE_DOOR)
        return stop->there_at ? stop->there_at : stop->done_at;
    if (stop->progress == ON_HIS_WAY) {
        if (point->at >= stop->on_the_way_at && now - point->at <= POINT_IS_FRESH_MS &&
            place_valid(point->place))
            return later(now, point->at + road_ms(roads, point->place, to, point->at));
        return later(now,
                     stop->on_the_way_at + road_ms(roads, was->place, to, stop->on_the_way_at));
    }
    timestamp leave_at = later(now, later(was->free_at, stop->leave_at));
    return leave_at + road_ms(roads, was->place, to, leave_at);
}

static timestamp done_at(const struct stop_progress *stop, timestamp eta_at, timestamp now)
{
    timestamp begins_at = later(eta_at, stop->visit.start_at);

    if (stop->progress == FINISHED)
        return stop->done_at;
    /* At the door he may have begun before the promised hour. */
    if (stop->progress == AT_THE_DOOR)
        begins_at = eta_at;
    return later(now, begins_at + stop->visit.work_ms);
}

void predict_day(const struct workday *day, const struct roads *roads,
                 const struct last_point *point, const struct stop_progress stops[], size_t count,
                 timestamp now, struct stop_forecast ret_forecasts[])
{
    struct whereabouts was = { day->home, 0 };

    for (size_t i = 0; i < count; i++) {
        const struct stop_progress *stop = &stops[i];
        size_t stretch = stretch_of(day, stop->visit.start_at);
        if (i && stretch_of(day, stops[i - 1].visit.start_at) != stretch)
            was.place = day->home;
        timestamp eta_at = arrival(roads, point, stop, &was, now);
        ret_forecasts[i] = (struct stop_forecast){ eta_at, eta_at > stop->visit.start_at
                                                               ? eta_at - stop->visit.start_at
                                                               : 0 };
        was.free_at = later(was.free_at, done_at(stop, eta_at, now));
        if (place_valid(stop->visit.place))
            was.place = stop->visit.place;
    }
}
