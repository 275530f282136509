/* What an order asks of a day, slots by name, and the last check before a promise. */
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"
#include "services/matching/read_day.h"
#include <stdio.h>

int64_t waiting_permille(const struct policy *policy, Urgency urgency)
{
    switch (urgency) {
    case URGENCY__EMERGENCY:
        return policy->emergency_permille;
    case URGENCY__URGENT:
        return policy->urgent_permille;
    case URGENCY__PLANNED:
        return policy->planned_permille;
    default:
        return policy->normal_permille;
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

static struct error read_needs(const struct order_copy *order, struct visit_job *job)
{
    struct text rest = text_of(order->equipment);
    char word[41];

    while (rest.length) {
        struct text one = text_cut(rest, ' ', &rest);
        if (job->need_count == NEEDS_MOST || one.length >= sizeof word)
            return rejected(PROBLEM_INVALID, "equipment", "more than %d pieces of equipment",
                            NEEDS_MOST);
        snprintf(word, sizeof word, "%.*s", (int)one.length, one.at);
        job->needs[job->need_count++] = text_hash(word);
    }
    return OK;
}

static void read_part(const struct order_copy *order, struct visit_job *job)
{
    if (string_empty(order->part_sku))
        return;
    job->part = text_hash(order->part_sku);
    job->own_part = part_kept_for(job->part, order->work_order_id);
}

struct error job_of(struct turn *turn, const struct order_copy *order, timestamp from,
                    timestamp until, struct visit_job *ret_job)
{
    const struct policy *policy = policy_now();
    struct visit_job job = { .place = { order->place->lat, order->place->lon },
                             .length_ms = order->visit_length_ms,
                             .is_emergency = order->urgency == URGENCY__EMERGENCY,
                             .waiting_permille = waiting_permille(policy, order->urgency),
                             .reserved_from = turn->now + policy->release_ms,
                             .technicians = order->technicians,
                             .urgency = (int32_t)order->urgency,
                             .asked_at = turn->now };
    timestamp horizon = turn->now + DAYS(matching_config.days);

    if (!skill_parse(text_of(order->skill), &job.skill))
        return rejected(PROBLEM_INVALID, "skill", "nobody can have the skill \"%.40s\"",
                        order->skill);
    if (job.length_ms <= 0)
        return rejected(PROBLEM_INVALID, "visit_length_ms", "a visit of %lld ms",
                        (long long)job.length_ms);
    TRY(read_needs(order, &job));
    read_part(order, &job);
    snprintf(job.again.text, sizeof job.again.text, "%s", order->again_technician_id);
    job.starts.from = sooner(
        later(later(order->earliest_at, turn->now + matching_config.lead_ms), from), horizon);
    job.starts.until = sooner(until ? until : order->latest_by, horizon);
    if (job.starts.until < job.starts.from)
        job.starts.until = job.starts.from;
    *ret_job = job;
    return OK;
}

struct search search_of(const struct turn *turn, const struct visit_job *job)
{
    return (struct search){ .roster = book_roster(date_from_timestamp(turn->now)),
                            .roads = &estimated_roads,
                            .policy = policy_now(),
                            .job = job };
}

/* ---- promising ---- */

struct error promise_fits(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                          timestamp start_at, const char *but_visit_id, struct book_day **ret_seen)
{
    TechnicianDay without = *day;
    struct visit_job job;

    TRY(job_of(turn, order, 0, 0, &job));
    if (but_visit_id) {
        without.visits = ARENA_ARRAY(turn->arena, Visit *, day->n_visits + 1);
        for (size_t i = 0; i < day->n_visits; i++)
            without.visits[i] = day->visits[i];
        day_drop_visit(&without, but_visit_id);
    }
    struct book_day *seen = read_day_into(turn->arena, &without);
    enum slot_rule rule = check_start(seen, &estimated_roads, &job, start_at, NULL);
    if (rule != SLOT_FITS)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "refused by rule %s", slot_rule_text(rule));
    if (ret_seen)
        *ret_seen = seen;
    return OK;
}

struct error promise_check(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                           timestamp start_at, const char *but_visit_id, struct book_day **ret_seen)
{
    if (start_at < turn->now || start_at < order->earliest_at)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id",
                        "the hour has passed or is before the earliest one");
    TRY(chain_allows(turn, order, start_at));
    return promise_fits(turn, order, day, start_at, but_visit_id, ret_seen);
}

struct error ask_day(struct turn *turn, TechnicianDay *day, const Visit *visit, unsigned relaxed,
                     enum slot_rule *ret_rule)
{
    struct order_copy order;
    struct visit_job job;

    TRY(store_load_order(turn, visit->work_order_id, &order));
    TRY(job_of(turn, &order, 0, 0, &job));
    job.length_ms = visit->length_ms;
    job.relaxed = relaxed;
    *ret_rule =
        check_start(read_day_into(turn->arena, day), &estimated_roads, &job, visit->start_at, NULL);
    return OK;
}

static Place *copy_place(struct turn *turn, const Place *from)
{
    Place *place = ARENA_NEW(turn->arena, Place);

    *place = *from;
    return place;
}

static int64_t hold_ms_of(const struct turn *turn)
{
    bool is_call = turn->actor.kind == ACTOR_CONSULTANT;

    return is_call && matching_config.hold_call_ms < matching_config.hold_ms
               ? matching_config.hold_call_ms
               : matching_config.hold_ms;
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
    visit->continues = arena_string(turn->arena, order->continues);
    visit->place = copy_place(turn, order->place);
    visit->technicians = order->technicians;
    visit->booked_at = state == VISIT_STATE__BOOKED ? turn->now : 0;
    visit->hold_until = state == VISIT_STATE__HELD ? turn->machine_now + hold_ms_of(turn) : 0;
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
    reply->says = says_who_comes(turn->arena, visit->start_at, visit->technician_name,
                                 visit->technicians > 1);
    return reply;
}
