/* With store.c and store_shadow.c the only file of matching that knows SQL: what is learned from
 * days that are over.
 */
#include "services/matching/store_nightly.h"
#include "lib/domain/calendar.h"
#include "services/matching/queries.h"
#include <string.h>

/* ---- visit lengths ---- */

void store_take_visit_length(struct turn *turn, const WorkOrder *order)
{
    db_write(turn, take_visit_length, STR(order->work_order_id), INT(order->visit_length_ms));
}

void store_save_visit_time(struct turn *turn, const Visit *visit, int64_t length_ms, timestamp at,
                           timestamp due_at)
{
    db_write(turn, save_visit_time, STR(visit->visit_id), INT(length_ms), INT(at),
             STR(length_is_sane(length_ms) ? "true" : "false"));
    db_write(turn, open_visit_length, STR(visit->service_id), INT(due_at));
}

struct error store_take_due_length(struct turn *turn, const char **ret_service_id)
{
    struct rows rows;

    *ret_service_id = "";
    TRY(db_read(turn, &rows, take_due_visit_length, INT(turn->now)));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    *ret_service_id = arena_string(turn->arena, next_text(&row));
    return OK;
}

void store_drop_visit_times(struct turn *turn, const char *service_id, timestamp until)
{
    db_write(turn, drop_visit_times, STR(service_id), INT(until));
}

struct error store_count_visit_times(struct turn *turn, const char *service_id, timestamp from,
                                     struct length_count **ret_counts, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_visit_times, STR(service_id), INT(from)));
    *ret_count = (size_t)rows.count;
    *ret_counts = ARENA_ARRAY(turn->arena, struct length_count, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_counts)[i].length_ms = next_int(&row);
        (*ret_counts)[i].visits = next_int(&row);
    }
    return OK;
}

void store_save_visit_length(struct turn *turn, const struct service_length *length)
{
    db_write(turn, save_visit_length, STR(length->service_id), INT(length->due_at),
             length->length_ms ? INT(length->length_ms) : NIL, INT(length->visits), INT(turn->now),
             INT(VISIT_LENGTH_RULE), INT(length->recent_from));
}

struct error store_load_visit_lengths(struct turn *turn, VisitLengthList *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_visit_lengths));
    ret_list->services = ARENA_ARRAY(turn->arena, VisitLength *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        VisitLength *length = ARENA_NEW(turn->arena, VisitLength);
        visit_length__init(length);
        length->service_id = arena_string(turn->arena, next_text(&row));
        length->length_ms = next_int(&row);
        length->visits = next_int(&row);
        length->recent_visits = next_int(&row);
        length->overruns = next_int(&row);
        length->contract_least_ms = next_int(&row);
        length->contract_most_ms = next_int(&row);
        length->computed_at = next_int(&row);
        length->rule_version = (int32_t)next_int(&row);
        if (length->recent_visits)
            length->overrun_permille = length->overruns * 1000 / length->recent_visits;
        ret_list->services[ret_list->n_services++] = length;
    }
    return OK;
}

/* ---- the reserve ---- */

enum { RESERVE_RULE = 1 };

void store_save_demand(struct turn *turn, const WorkOrder *order)
{
    if (order->urgency == URGENCY__EMERGENCY)
        db_write(turn, save_demand, STR(order->work_order_id), INT(hour_of_week(order->opened_at)));
}

void store_refuse_demand(struct turn *turn, const char *work_order_id)
{
    db_write(turn, refuse_demand, STR(work_order_id), INT(turn->now));
}

struct error store_take_reserve_night(struct turn *turn, bool *ret_is_due)
{
    struct rows rows;

    TRY(db_read(turn, &rows, take_reserve_night, INT(turn->now)));
    *ret_is_due = rows.count > 0;
    return OK;
}

void store_end_reserve_night(struct turn *turn, timestamp due_at, int32_t first_day,
                             int32_t last_day)
{
    db_write(turn, plan_reserve_days, INT(first_day), INT(last_day));
    db_write(turn, end_reserve_night, INT(due_at));
}

void store_drop_demand(struct turn *turn, timestamp until)
{
    db_write(turn, drop_demand, INT(until));
    db_write(turn, drop_reserve, INT(until));
}

struct error store_take_reserve_day(struct turn *turn, bool *ret_found, int32_t *ret_day)
{
    struct rows rows;

    TRY(db_read(turn, &rows, take_reserve_day));
    *ret_found = rows.count > 0;
    if (!*ret_found)
        return OK;
    struct row row = row_at(&rows, 0);
    *ret_day = (int32_t)next_int(&row);
    return OK;
}

/* The hours of one day, 23 to 25. */
struct hours {
    struct window at[25];
    int64_t of_week[25];
    size_t count;
};

static struct hours hours_of(int32_t day)
{
    struct hours hours = { .count = 0 };

    for (timestamp at = date_start(day); at < date_end(day); at += HOURS(1)) {
        hours.at[hours.count] = (struct window){ at, at + HOURS(1) };
        hours.of_week[hours.count++] = hour_of_week(at);
    }
    return hours;
}

static struct error load_towns(struct turn *turn, struct demand *demand)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_demand_towns));
    demand->towns = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    demand->centres = ARENA_ARRAY(turn->arena, struct place, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        demand->towns[i] = arena_string(turn->arena, next_text(&row));
        demand->centres[i].lat = next_real(&row);
        demand->centres[i].lon = next_real(&row);
    }
    demand->town_count = (size_t)rows.count;
    return OK;
}

/* What came in one hour of the week, in one town, for one skill. */
struct custom {
    int town;
    const char *skill;
    int64_t hour_of_week;
    int64_t weekly[RESERVE_WEEKS], orders, length_ms;
};

static void add_needs(const struct hours *hours, const struct custom *custom, struct demand *demand)
{
    struct reserve_need need = { .town = custom->town };

    if (!custom->orders || !skill_parse(text_of(custom->skill), &need.skill))
        return;
    need.hours = reserve_hours(custom->weekly, custom->length_ms / custom->orders);
    for (size_t i = 0; need.hours && i < hours->count; i++) {
        if (hours->of_week[i] != custom->hour_of_week)
            continue;
        need.hour = hours->at[i];
        demand->needs[demand->need_count++] = need;
    }
}

struct error store_load_demand(struct turn *turn, int32_t day, struct demand *ret_demand)
{
    const struct hours hours = hours_of(day);
    struct custom custom = { .skill = "" };
    struct rows rows;

    *ret_demand = (struct demand){ 0 };
    TRY(load_towns(turn, ret_demand));
    TRY(db_read(turn, &rows, load_demand, INT(turn->now),
                int_array(turn->arena, hours.of_week, hours.count)));
    /* The hour that comes twice in October is two needs. */
    ret_demand->needs = ARENA_ARRAY(turn->arena, struct reserve_need, 2 * (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        const char *town = next_text(&row), *skill = next_text(&row);
        int64_t hour = next_int(&row), week = next_int(&row), orders = next_int(&row);
        bool is_same = custom.orders && string_is(ret_demand->towns[custom.town], town) &&
                       string_is(custom.skill, skill) && custom.hour_of_week == hour;
        if (!is_same) {
            add_needs(&hours, &custom, ret_demand);
            custom = (struct custom){ .town = custom.town, .skill = skill, .hour_of_week = hour };
            /* Both lists are in order of towns. */
            while (!string_is(ret_demand->towns[custom.town], town))
                custom.town++;
        }
        custom.weekly[week] += orders;
        custom.orders += orders;
        custom.length_ms += next_int(&row);
    }
    add_needs(&hours, &custom, ret_demand);
    return OK;
}

void store_clear_reserve(struct turn *turn, int32_t day)
{
    db_write(turn, clear_reserve, INT(day));
}

struct error store_count_reserve(struct turn *turn, int32_t day,
                                 struct reserve_candidate candidates[], size_t count)
{
    struct rows rows;
    size_t at = 0;

    TRY(db_read(turn, &rows, count_reserve, INT(day), INT(date_start(day))));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        const char *technician_id = next_text(&row);
        while (at < count && strcmp(candidates[at].day->who->id.text, technician_id) < 0)
            at++;
        if (at == count || !string_is(candidates[at].day->who->id.text, technician_id))
            continue;
        candidates[at].hours_before = next_int(&row);
        candidates[at].hours_of_day = (uint32_t)next_int(&row);
    }
    return OK;
}

void store_save_reserve(struct turn *turn, int32_t day, const struct reserve_choice choices[],
                        size_t count, const char *const towns[])
{
    const char **technician_ids = ARENA_ARRAY(turn->arena, const char *, count + 1),
               **choice_towns = ARENA_ARRAY(turn->arena, const char *, count + 1),
               **skills = ARENA_ARRAY(turn->arena, const char *, count + 1);
    int64_t *hours = ARENA_ARRAY(turn->arena, int64_t, count + 1);

    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        technician_ids[i] = choices[i].day->who->id.text;
        hours[i] = choices[i].need.hour.from;
        choice_towns[i] = towns[choices[i].need.town];
        skills[i] = skill_key(choices[i].need.skill);
    }
    db_write(turn, save_reserve, INT(day), text_array(turn->arena, technician_ids, count),
             int_array(turn->arena, hours, count), text_array(turn->arena, choice_towns, count),
             text_array(turn->arena, skills, count), INT(RESERVE_RULE));
}

void store_want_reserve(struct turn *turn, const char *technician_id, int32_t day)
{
    db_write(turn, want_reserve, STR(technician_id), INT(day));
}

void store_end_reserve_due(struct turn *turn, const char *technician_id, int32_t day)
{
    db_write(turn, end_reserve_due, STR(technician_id), INT(day));
}

struct error store_load_reserve(struct turn *turn, const char *technician_id, int32_t day,
                                struct window **ret_hours, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_reserve, STR(technician_id), INT(day)));
    *ret_count = (size_t)rows.count;
    *ret_hours = ARENA_ARRAY(turn->arena, struct window, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_hours)[i].from = next_int(&row);
        (*ret_hours)[i].until = next_int(&row);
    }
    return OK;
}

void store_drop_reserve_hour(struct turn *turn, const char *technician_id, int32_t day,
                             timestamp from)
{
    db_write(turn, drop_reserve_hour, STR(technician_id), INT(day), INT(from));
}

struct error store_report_reserve(struct turn *turn, struct window day, ReserveReport *ret_report)
{
    struct rows rows;

    TRY(db_read(turn, &rows, report_reserve, INT(day.from), INT(day.until), INT(turn->now)));
    ret_report->hours = ARENA_ARRAY(turn->arena, ReserveHour *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ReserveHour *hour = ARENA_NEW(turn->arena, ReserveHour);
        reserve_hour__init(hour);
        hour->town = arena_string(turn->arena, next_text(&row));
        hour->from = next_int(&row);
        hour->reserved = next_int(&row);
        hour->used = next_int(&row);
        hour->given_away = next_int(&row);
        hour->idle = next_int(&row);
        hour->emergencies = next_int(&row);
        hour->refused = next_int(&row);
        ret_report->hours[ret_report->n_hours++] = hour;
    }
    return OK;
}
