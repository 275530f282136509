/* What an order asks of a day, slots by name, and the last check before a promise. */
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"
#include <stdio.h>

/* Waiting against driving: an emergency's hour counts like an hour at the wheel, a planned visit's
 * hardly. */
static int weight_of(Urgency urgency)
{
    switch (urgency) {
    case URGENCY__EMERGENCY:
        return 1000;
    case URGENCY__URGENT:
        return 200;
    case URGENCY__PLANNED:
        return 5;
    default:
        return 20;
    }
}

static timestamp later(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

static timestamp sooner(timestamp a, timestamp b)
{
    return a < b ? a : b;
}

struct error job_of(struct turn *turn, const struct order_copy *order, timestamp from,
                    timestamp until, struct visit_job *ret_job)
{
    struct visit_job job = { .place = { order->place->lat, order->place->lon },
                             .length_ms = order->visit_length_ms,
                             .weight_permille = weight_of(order->urgency) };
    timestamp horizon = turn->now + DAYS(matching_config.days);

    if (!skill_parse(text_of(order->skill), &job.skill))
        return rejected(PROBLEM_INVALID, "skill", "nobody can have the skill \"%.40s\"",
                        order->skill);
    job.starts.from = later(later(order->earliest_at, turn->now + matching_config.lead_ms), from);
    job.starts.until = sooner(until ? until : order->latest_by, horizon);
    if (job.starts.until < job.starts.from)
        job.starts.until = job.starts.from;
    *ret_job = job;
    return OK;
}

struct book_day *const *find_days(const struct visit_job *job, size_t *ret_count)
{
    /* A night shift belongs to the day it begins on. */
    return book_days(date_from_timestamp(job->starts.from) - 1,
                     date_from_timestamp(job->starts.until), ret_count);
}

void find_slots(struct turn *turn, const struct visit_job *job, bool one_per_hour, size_t most,
                struct slot_search *ret_search)
{
    size_t count;
    struct book_day *const *days = find_days(job, &count);

    search_slots(turn->arena, days, count, book_technician_count(), &estimated_roads, job,
                 one_per_hour, most, ret_search);
}

/* ---- a slot's name: technician, day, start ---- */

const char *slot_id_of(struct turn *turn, const struct book_day *day, timestamp start_at)
{
    return arena_format(turn->arena, "%s.%d.%lld", day->technician_id.text, day->date,
                        (long long)start_at);
}

const char says_slot[] = "Podaj slot_id z odpowiedzi na zapytanie o wolne terminy.";

struct error slot_read(struct turn *turn, const char *slot_id, struct slot_choice *ret_choice)
{
    struct text rest = text_of(slot_id), technician = text_cut(rest, '.', &rest),
                day = text_cut(rest, '.', &rest);
    int64_t date, start_at;
    const char *technician_id = arena_text(turn->arena, technician);

    if (!id_valid(technician_id) || !text_number(day, &date) || !text_number(rest, &start_at) ||
        date < 0 || date > DATE_MAX || start_at < 0 || start_at > DAYS(DATE_MAX) ||
        start_at % SLOT_GRID_MS != 0)
        return refuse_field(turn, "/slot_id", "pattern", says_slot);
    *ret_choice = (struct slot_choice){ technician_id, (int32_t)date, start_at };
    return OK;
}

/* ---- promising ---- */

struct error promise_fits(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                          timestamp start_at, const char *but_visit_id)
{
    struct book_day *book_day = ARENA_NEW(turn->arena, struct book_day);
    TechnicianDay without = *day;
    struct visit_job job;

    TRY(job_of(turn, order, 0, 0, &job));
    if (but_visit_id) {
        without.visits = ARENA_ARRAY(turn->arena, Visit *, day->n_visits + 1);
        for (size_t i = 0; i < day->n_visits; i++)
            without.visits[i] = day->visits[i];
        day_drop_visit(&without, but_visit_id);
    }
    if (!book_day_read(&without, book_day))
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "the technician's day is full");
    enum slot_rule rule = check_start(book_day, &estimated_roads, &job, start_at, NULL);
    if (rule != SLOT_FITS)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "refused by rule %s", slot_rule_text(rule));
    return OK;
}

struct error promise_check(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                           timestamp start_at, const char *but_visit_id)
{
    if (start_at < turn->now || start_at < order->earliest_at)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id",
                        "the hour has passed or is before the earliest one");
    return promise_fits(turn, order, day, start_at, but_visit_id);
}

static Place *copy_place(struct turn *turn, const Place *from)
{
    Place *place = ARENA_NEW(turn->arena, Place);

    *place = *from;
    return place;
}

Visit *visit_make(struct turn *turn, const struct order_copy *order, const TechnicianDay *day,
                  timestamp start_at, VisitState state)
{
    Visit *visit = ARENA_NEW(turn->arena, Visit);

    visit__init(visit);
    visit->visit_id = arena_string(turn->arena, new_id(turn).text);
    visit->work_order_id = arena_string(turn->arena, order->work_order_id);
    visit->partner_id = arena_string(turn->arena, order->partner_id);
    visit->technician_id = day->technician_id;
    visit->technician_name = day->first_name;
    visit->start_at = start_at;
    visit->tolerance_ms = order->tolerance_ms;
    visit->length_ms = order->visit_length_ms;
    visit->state = state;
    visit->person_id = arena_string(turn->arena, order->person_id);
    visit->service_id = arena_string(turn->arena, order->service_id);
    visit->skill = arena_string(turn->arena, order->skill);
    visit->number = arena_string(turn->arena, order->number);
    visit->place = copy_place(turn, order->place);
    visit->booked_at = state == VISIT_STATE__BOOKED ? turn->now : 0;
    visit->hold_until =
        state == VISIT_STATE__HELD ? turn->machine_now + matching_config.hold_ms : 0;
    return visit;
}

/* ---- answers ---- */

Actor *actor_of(struct turn *turn, const char *kind)
{
    Actor *actor = ARENA_NEW(turn->arena, Actor);

    actor__init(actor);
    actor->kind = arena_string(turn->arena, kind ? kind : actor_kind_name(turn->actor.kind));
    actor->id = arena_string(turn->arena, turn->actor.id);
    return actor;
}

RuleCount **rule_counts(struct turn *turn, const struct slot_search *search, size_t *ret_count)
{
    RuleCount **counts = ARENA_ARRAY(turn->arena, RuleCount *, SLOT_RULE_COUNT);

    *ret_count = 0;
    for (int rule = 0; rule < SLOT_FITS; rule++) {
        if (search->technicians[rule] == 0)
            continue;
        RuleCount *count = counts[(*ret_count)++] = ARENA_NEW(turn->arena, RuleCount);
        rule_count__init(count);
        count->rule = arena_string(turn->arena, slot_rule_text((enum slot_rule)rule));
        count->technicians = search->technicians[rule];
    }
    return counts;
}

BookingReply *booking_reply(struct turn *turn, const Visit *visit)
{
    BookingReply *reply = ARENA_NEW(turn->arena, BookingReply);
    Window *arrival = ARENA_NEW(turn->arena, Window);

    booking_reply__init(reply);
    window__init(arrival);
    arrival->from = visit->start_at - visit->tolerance_ms;
    arrival->until = visit->start_at + visit->tolerance_ms;
    reply->work_order_id = visit->work_order_id;
    reply->visit_id = visit->visit_id;
    reply->number = visit->number;
    reply->start_at = visit->start_at;
    reply->arrival_window = arrival;
    reply->technician_name = visit->technician_name;
    reply->state = visit->state;
    reply->hold_until = visit->hold_until;
    reply->says =
        arena_format(turn->arena, "%s, przyjedzie %s",
                     moment_text_long(turn->arena, visit->start_at), visit->technician_name);
    return reply;
}
