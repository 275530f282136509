/* From a kept input back to a search in a roster of its own. */
#include "services/matching/decision.h"
#include <stdio.h>

static struct window window_of(const Window *window)
{
    return (struct window){ window->from, window->until };
}

static struct technician *read_technician(struct arena *arena, const DecisionTechnician *message)
{
    struct technician *who = ARENA_NEW(arena, struct technician);

    who->is_active = who->is_readable = true;
    snprintf(who->id.text, sizeof who->id.text, "%s", message->technician_id);
    snprintf(who->first_name, sizeof who->first_name, "%s", message->first_name);
    who->home = (struct place){ message->home_lat, message->home_lon };
    who->longest_travel_m = message->longest_travel_m;
    for (size_t i = 0; i < message->n_skills; i++) {
        enum skill skill;
        if (skill_parse(text_of(message->skills[i]), &skill))
            who->skills |= SKILL_BIT(skill);
    }
    for (size_t i = 0; i < message->n_licences && i < LICENCES_MOST; i++) {
        const Licence *licence = message->licences[i];
        enum licence kind;
        if (licence_parse(text_of(licence->kind), &kind))
            who->licences[who->licence_count++] =
                (struct held_licence){ kind, { licence->valid_from, licence->valid_until } };
    }
    struct area *areas = ARENA_ARRAY(arena, struct area, message->n_areas + 1);
    who->areas = areas;
    for (size_t i = 0; i < message->n_areas && i < AREAS_MOST; i++)
        areas[who->area_count++] =
            (struct area){ { message->areas[i]->lat, message->areas[i]->lon },
                           message->areas[i]->radius_m };
    for (size_t i = 0; i < message->n_equipment && i < EQUIPMENT_MOST; i++)
        who->equipment[who->equipment_count++] = message->equipment[i];
    return who;
}

static struct book_day *read_day_message(struct arena *arena, const DecisionDay *message,
                                         const struct technician *who)
{
    struct book_day *day = ARENA_NEW(arena, struct book_day);
    struct stretch *stretches = ARENA_ARRAY(arena, struct stretch, message->n_stretches + 1);
    struct window *reserved = ARENA_ARRAY(arena, struct window, message->n_reserved + 1);
    struct stop *stops = ARENA_ARRAY(arena, struct stop, message->n_stops + 1);

    for (size_t i = 0; i < message->n_stretches; i++)
        stretches[i] = (struct stretch){
            { message->stretches[i]->from, message->stretches[i]->until },
            message->stretches[i]->overtime_ms,
            message->stretches[i]->on_call,
        };
    for (size_t i = 0; i < message->n_reserved; i++)
        reserved[i] = window_of(message->reserved[i]);
    for (size_t i = 0; i < message->n_stops; i++)
        stops[i] = (struct stop){ message->stops[i]->start_at,
                                  message->stops[i]->length_ms,
                                  { message->stops[i]->lat, message->stops[i]->lon },
                                  (enum stop_kind)message->stops[i]->kind };
    *day = (struct book_day){ .who = who,
                              .version = message->version,
                              .date = message->day,
                              .stretch_count = (uint8_t)message->n_stretches,
                              .reserved_count = (uint8_t)message->n_reserved,
                              .stop_count = (uint8_t)message->n_stops,
                              .is_unreadable = message->unreadable,
                              .stretches = stretches,
                              .reserved = reserved,
                              .stops = stops };
    return day;
}

static struct member read_member(struct arena *arena, const DecisionTechnician *message,
                                 const struct visit_job *job)
{
    struct technician *who = read_technician(arena, message);
    struct member member = { .who = who,
                             .days = ARENA_ARRAY(arena, struct book_day *, message->n_days + 1),
                             .standing = { message->answers, message->sum, message->promised_ms,
                                           message->work_ms },
                             .van = { &job->part, message->part_in_van ? 1 : 0 } };

    member.dates = ARENA_ARRAY(arena, int32_t, message->n_days + 1);
    for (size_t i = 0; i < message->n_days; i++) {
        member.dates[member.day_count] = message->days[i]->day;
        member.days[member.day_count++] = read_day_message(arena, message->days[i], who);
    }
    return member;
}

static void read_job(const DecisionJob *message, struct visit_job *job)
{
    job->place = (struct place){ message->lat, message->lon };
    job->length_ms = message->length_ms;
    job->starts = (struct window){ message->from, message->until };
    job->is_emergency = message->emergency;
    job->waiting_permille = message->waiting_permille;
    job->reserved_from = message->reserved_from;
    job->urgency = message->urgency;
    job->asked_at = message->asked_at;
    job->technicians = message->technicians < CREW_MOST ? message->technicians : CREW_MOST;
    job->part = message->part;
    (void)skill_parse(text_of(message->skill), &job->skill);
    snprintf(job->again.text, sizeof job->again.text, "%s", message->again_technician_id);
    for (size_t i = 0; i < message->n_windows && i < WINDOWS_MOST; i++)
        job->windows[job->window_count++] = window_of(message->windows[i]);
    for (size_t i = 0; i < message->n_equipment && i < NEEDS_MOST; i++)
        job->needs[job->need_count++] = message->equipment[i];
}

struct search *decision_search(struct arena *arena, const DecisionInput *input)
{
    struct search *search = ARENA_NEW(arena, struct search);
    struct roster *roster = ARENA_NEW(arena, struct roster);
    struct policy *policy = ARENA_NEW(arena, struct policy);
    struct visit_job *job = ARENA_NEW(arena, struct visit_job);

    *policy = usual_policy;
    policy_read(input->policy, policy);
    read_job(input->job, job);
    roster->members = ARENA_ARRAY(arena, struct member, input->n_technicians + 1);
    for (size_t i = 0; i < input->n_technicians; i++) {
        roster->members[i] = read_member(arena, input->technicians[i], job);
        roster_list(arena, roster, i);
        roster->count++;
    }
    *search = (struct search){ .roster = roster,
                               .roads = &estimated_roads,
                               .policy = policy,
                               .job = job,
                               .most = (size_t)input->most,
                               .per_day = (size_t)input->per_day,
                               .one_per_start = input->one_per_start };
    if (input->but_technician_id[0])
        search->but_technician = input->but_technician_id;
    return search;
}

DecisionResult *decide_again(struct arena *arena, const DecisionInput *input)
{
    struct search *search = decision_search(arena, input);
    struct relaxations *ways_out = input->horizon ? ARENA_NEW(arena, struct relaxations) : NULL;
    struct slot_search found;

    search_slots(arena, search, &found);
    if (ways_out)
        relax_search(arena, search, input->horizon, ways_out);
    return decision_result(arena, &found, ways_out, input->refused, input->n_refused);
}
