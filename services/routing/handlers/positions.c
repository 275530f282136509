/* Points from technicians' telephones: judged, the last one kept in PostgreSQL, shown from Redis.
 */
#include "lib/domain/calendar.h"
#include "services/routing/domain/judge_point.h"
#include "services/routing/handlers.h"
#include "services/routing/live.h"
#include "services/routing/read_day.h"

enum { KEPT_DAYS = 90 };

static struct point point_of(const PositionGiven *given)
{
    return (struct point){ { given->lat, given->lon }, given->at, given->sequence };
}

/* Tells everything that is wrong with the points, not only the first. */
static struct error check_points(struct turn *turn, const PositionReport *report)
{
    struct violations *violations = request_violations(turn);

    for (size_t i = 0; i < report->n_positions; i++) {
        struct point point = point_of(report->positions[i]);
        enum point_verdict verdict = judge_point(&point, turn->now, 0, NULL, 0);
        if (verdict >= POINT_WRONG)
            continue;
        const char *pointer =
            arena_format(turn->arena, "/positions/%zu/%s", i, point_field(verdict));
        violations_add(violations,
                       (struct violation){ pointer, point_rule(verdict), point_says(verdict) });
    }
    if (violations->count)
        return rejected(PROBLEM_INVALID, violations->at[0].pointer, "a point breaks rule %s",
                        violations->at[0].rule);
    return OK;
}

/* When he works, on the days that the points may belong to. */
static struct error load_work(struct turn *turn, struct window **ret_work, size_t *ret_count)
{
    int32_t from = date_from_timestamp(turn->now - POINT_AGE_MS) - 1;
    int32_t until = date_from_timestamp(turn->now + POINT_AHEAD_MS) + 1;
    TechnicianDay **days;
    size_t day_count, room = 0, count = 0;

    TRY(store_load_book(turn, turn->actor.id, from, until, &days, &day_count));
    for (size_t i = 0; i < day_count; i++)
        room += days[i]->n_work;
    struct window *work = ARENA_ARRAY(turn->arena, struct window, room);
    for (size_t i = 0; i < day_count; i++) {
        struct workday workday = workday_of(turn->arena, days[i]);
        for (size_t w = 0; w < workday.work_count; w++)
            work[count++] = workday.work[w];
    }
    *ret_work = work;
    *ret_count = count;
    return OK;
}

struct error report_positions(struct turn *turn, const void *message, struct reply *reply)
{
    const PositionReport *report = message;
    PositionReply *told = ARENA_NEW(turn->arena, PositionReply);
    struct position last;
    struct window *work;
    size_t work_count;

    TRY(check_points(turn, report));
    TRY(store_load_position(turn, turn->actor.id, &last));
    TRY(load_work(turn, &work, &work_count));
    position_reply__init(told);
    for (size_t i = 0; i < report->n_positions; i++) {
        struct point point = point_of(report->positions[i]);
        if (judge_point(&point, turn->now, last.sequence, work, work_count) != POINT_TAKEN) {
            told->dropped++;
            continue;
        }
        told->taken++;
        last.sequence = point.sequence;
        last.at = point.at;
        last.place = point.place;
        last.status = report->positions[i]->status;
        last.heard_at = turn->machine_now;
    }
    if (told->taken) {
        store_save_position(turn, &last);
        live_save(turn, &last, 1);
    }
    reply->message = told;
    return OK;
}

static struct error list_kept(struct turn *turn, LiveTechnician ***ret_list, size_t *ret_count)
{
    struct position *positions;

    TRY(store_load_positions(turn, turn->machine_now - LIVE_MS, &positions, ret_count));
    *ret_list = ARENA_ARRAY(turn->arena, LiveTechnician *, *ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        LiveTechnician *live = ARENA_NEW(turn->arena, LiveTechnician);
        live_technician__init(live);
        live->technician_id = arena_string(turn->arena, positions[i].technician_id);
        live->lat = positions[i].place.lat;
        live->lon = positions[i].place.lon;
        live->at = positions[i].at;
        live->status = arena_string(turn->arena, positions[i].status);
        (*ret_list)[i] = live;
    }
    return OK;
}

struct error list_positions(struct turn *turn, const void *message, struct reply *reply)
{
    LiveList *list = ARENA_NEW(turn->arena, LiveList);

    (void)message;
    live_list__init(list);
    struct error error = live_load(turn, &list->technicians, &list->n_technicians);
    if (error.kind == ERROR_TEMPORARY)
        error = list_kept(turn, &list->technicians, &list->n_technicians);
    TRY(error);
    for (size_t i = 0; i < list->n_technicians; i++) {
        int64_t age_ms = turn->now - list->technicians[i]->at;
        list->technicians[i]->age_ms = age_ms > 0 ? age_ms : 0;
    }
    reply->message = list;
    return OK;
}

/* A place is kept for 90 days after it was heard. */
struct error forget_positions(struct turn *turn, const char *nothing)
{
    const char **ids;
    size_t count;

    (void)nothing;
    TRY(store_forget_positions(turn, turn->machine_now - DAYS(KEPT_DAYS), &ids, &count));
    for (size_t i = 0; i < count; i++)
        live_forget(turn, ids[i]);
    return OK;
}

/* Redis came up empty, or was wiped: whoever gets the lease fills it from PostgreSQL (I7). */
struct error refill_live(struct turn *turn, const char *nothing)
{
    struct position *positions;
    size_t count;
    bool is_filled = false, is_taken;

    (void)nothing;
    struct error error = live_is_filled(turn, &is_filled);
    if (is_filled || error.kind == ERROR_TEMPORARY)
        return OK; /* while Redis is away there is nothing to fill */
    TRY(error);
    TRY(store_take_lease(turn, "refill", turn->machine_now + SECONDS(5), &is_taken));
    if (!is_taken)
        return OK;
    TRY(store_load_positions(turn, 0, &positions, &count));
    live_save(turn, positions, count);
    live_mark_filled(turn, count);
    return OK;
}
