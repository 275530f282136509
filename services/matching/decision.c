/* From a search to messages. What only a process knows (pointers, bits) becomes names and numbers.
 */
#include "services/matching/decision.h"
#include "services/matching/handlers.h"
#include <string.h>

enum { KEPT_OF_NOBODY = 200 };

static char *keep(struct arena *arena, const char *text)
{
    return arena_string(arena, text);
}

/* ---- the weights ---- */

void policy_read(const Policy *message, struct policy *policy)
{
    policy->version = message->version;
    for (size_t i = 0; i < message->n_weights; i++) {
        const PolicyWeight *weight = message->weights[i];
        const struct policy_field *field = policy_field(weight->name);
        if (field && weight->value >= field->least && weight->value <= field->most)
            policy_set(policy, field, weight->value);
    }
}

Policy *policy_message(struct arena *arena, const struct policy *policy)
{
    Policy *message = ARENA_NEW(arena, Policy);
    const struct policy_field *field;
    size_t count = 0;

    policy__init(message);
    message->version = policy->version;
    while (policy_field_at(count))
        count++;
    message->weights = ARENA_ARRAY(arena, PolicyWeight *, count);
    for (size_t i = 0; (field = policy_field_at(i)); i++) {
        PolicyWeight *weight = message->weights[message->n_weights++] =
            ARENA_NEW(arena, PolicyWeight);
        policy_weight__init(weight);
        weight->name = keep(arena, field->name);
        weight->value = policy_get(policy, field);
    }
    return message;
}

/* ---- technicians and days ---- */

static Window *window_message(struct arena *arena, struct window window)
{
    Window *message = ARENA_NEW(arena, Window);

    window__init(message);
    message->from = window.from;
    message->until = window.until;
    return message;
}

static void add_stops(struct arena *arena, const struct book_day *day, DecisionDay *message)
{
    message->stops = ARENA_ARRAY(arena, DecisionStop *, (size_t)day->stop_count + 1);
    for (size_t i = 0; i < day->stop_count; i++) {
        DecisionStop *stop = message->stops[message->n_stops++] = ARENA_NEW(arena, DecisionStop);
        decision_stop__init(stop);
        stop->start_at = day->stops[i].start_at;
        stop->length_ms = day->stops[i].work_ms;
        stop->lat = day->stops[i].place.lat;
        stop->lon = day->stops[i].place.lon;
        stop->kind = (int32_t)day->stops[i].kind;
    }
}

static DecisionDay *day_message(struct arena *arena, const struct book_day *day)
{
    DecisionDay *message = ARENA_NEW(arena, DecisionDay);

    decision_day__init(message);
    message->day = day->date;
    message->version = day->version;
    message->unreadable = day->is_unreadable;
    message->stretches = ARENA_ARRAY(arena, DecisionStretch *, (size_t)day->stretch_count + 1);
    for (size_t i = 0; i < day->stretch_count; i++) {
        DecisionStretch *stretch = message->stretches[message->n_stretches++] =
            ARENA_NEW(arena, DecisionStretch);
        decision_stretch__init(stretch);
        stretch->from = day->stretches[i].work.from;
        stretch->until = day->stretches[i].work.until;
        stretch->overtime_ms = day->stretches[i].overtime_ms;
        stretch->on_call = day->stretches[i].is_on_call;
    }
    message->reserved = ARENA_ARRAY(arena, Window *, (size_t)day->reserved_count + 1);
    for (size_t i = 0; i < day->reserved_count; i++)
        message->reserved[message->n_reserved++] = window_message(arena, day->reserved[i]);
    add_stops(arena, day, message);
    return message;
}

static void add_papers(struct arena *arena, const struct technician *who,
                       DecisionTechnician *message)
{
    const char *keys[SKILL_COUNT];

    message->n_skills = skills_keys(who->skills, keys);
    message->skills = ARENA_ARRAY(arena, const char *, message->n_skills + 1);
    for (size_t i = 0; i < message->n_skills; i++)
        message->skills[i] = keep(arena, keys[i]);
    message->licences = ARENA_ARRAY(arena, Licence *, who->licence_count + 1);
    for (size_t i = 0; i < who->licence_count; i++) {
        Licence *licence = message->licences[message->n_licences++] = ARENA_NEW(arena, Licence);
        licence__init(licence);
        licence->kind = keep(arena, licence_key(who->licences[i].kind));
        licence->valid_from = who->licences[i].valid.from;
        licence->valid_until = who->licences[i].valid.until;
    }
}

static DecisionTechnician *technician_message(struct arena *arena, const struct visit_job *job,
                                              const struct member *member,
                                              const struct technician *who)
{
    DecisionTechnician *message = ARENA_NEW(arena, DecisionTechnician);

    decision_technician__init(message);
    message->technician_id = keep(arena, who->id.text);
    message->first_name = keep(arena, who->first_name);
    add_papers(arena, who, message);
    message->home_lat = who->home.lat;
    message->home_lon = who->home.lon;
    message->longest_travel_m = who->longest_travel_m;
    message->areas = ARENA_ARRAY(arena, Area *, who->area_count + 1);
    for (size_t i = 0; i < who->area_count; i++) {
        Area *area = message->areas[message->n_areas++] = ARENA_NEW(arena, Area);
        area__init(area);
        area->lat = who->areas[i].centre.lat;
        area->lon = who->areas[i].centre.lon;
        area->radius_m = who->areas[i].radius_m;
    }
    message->n_equipment = who->equipment_count;
    message->equipment = ARENA_ARRAY(arena, uint64_t, who->equipment_count + 1);
    memcpy(message->equipment, who->equipment, who->equipment_count * sizeof *who->equipment);
    message->answers = member->standing.answers;
    message->sum = member->standing.sum;
    message->promised_ms = member->standing.promised_ms;
    message->work_ms = member->standing.work_ms;
    message->part_in_van = job->part && !lacks_part(member, job);
    return message;
}

static void add_day(struct arena *arena, DecisionTechnician *technician, const struct book_day *day)
{
    DecisionDay **days = ARENA_ARRAY(arena, DecisionDay *, technician->n_days + 1);
    size_t at = 0;

    while (at < technician->n_days && technician->days[at]->day < day->date)
        at++;
    if (at < technician->n_days && technician->days[at]->day == day->date)
        return;
    for (size_t i = 0; i < technician->n_days; i++)
        days[i + (i >= at)] = technician->days[i];
    days[at] = day_message(arena, day);
    technician->days = days;
    technician->n_days++;
}

/* ---- the input ---- */

static DecisionJob *job_message(struct arena *arena, const struct visit_job *job)
{
    DecisionJob *message = ARENA_NEW(arena, DecisionJob);

    decision_job__init(message);
    message->lat = job->place.lat;
    message->lon = job->place.lon;
    message->length_ms = job->length_ms;
    message->skill = keep(arena, skill_key(job->skill));
    message->from = job->starts.from;
    message->until = job->starts.until;
    message->windows = ARENA_ARRAY(arena, Window *, job->window_count + 1);
    for (size_t i = 0; i < job->window_count; i++)
        message->windows[message->n_windows++] = window_message(arena, job->windows[i]);
    message->n_equipment = job->need_count;
    message->equipment = ARENA_ARRAY(arena, uint64_t, job->need_count + 1);
    memcpy(message->equipment, job->needs, job->need_count * sizeof *job->needs);
    message->emergency = job->is_emergency;
    message->again_technician_id = keep(arena, job->again.text);
    message->waiting_permille = job->waiting_permille;
    message->reserved_from = job->reserved_from;
    message->urgency = job->urgency;
    message->asked_at = job->asked_at;
    message->technicians = job->technicians > 1 ? job->technicians : 0;
    message->part = job->part;
    return message;
}

static const struct member *member_of(const struct search *search, const struct book_day *day)
{
    for (size_t i = 0; i < search->roster->count; i++)
        if (string_is(search->roster->members[i].who->id.text, day->who->id.text))
            return &search->roster->members[i];
    return NULL;
}

/* The input's technicians while they are written, and what each was written from. */
struct writing {
    struct arena *arena;
    const struct visit_job *job;
    DecisionInput *input;
    const struct technician **whos;
    size_t room;
};

static DecisionTechnician *add_technician(struct writing *writing, const struct member *member,
                                          const struct technician *who)
{
    DecisionInput *input = writing->input;

    if (input->n_technicians == writing->room)
        return NULL;
    writing->whos[input->n_technicians] = who;
    return input->technicians[input->n_technicians++] =
               technician_message(writing->arena, writing->job, member, who);
}

/* A day told under other facts about the technician than his last ones (a moment between two of his
 * days) is kept as it was told: as one more technician. */
static void keep_day(struct writing *writing, const struct member *member,
                     const struct book_day *day)
{
    DecisionTechnician *technician = NULL;

    for (size_t i = writing->input->n_technicians; i > 0 && !technician; i--)
        if (technician_same(writing->whos[i - 1], day->who))
            technician = writing->input->technicians[i - 1];
    if (!technician)
        technician = add_technician(writing, member, day->who);
    if (technician)
        add_day(writing->arena, technician, day);
}

static void keep_asked(struct writing *writing, const struct asked *asked)
{
    DecisionTechnician *technician = add_technician(writing, asked->member, asked->member->who);

    for (size_t i = 0; technician && i < asked->day_count; i++)
        if (asked->days[i]->who == asked->member->who)
            add_day(writing->arena, technician, asked->days[i]);
        else
            keep_day(writing, asked->member, asked->days[i]);
}

/* Of an answer that nobody can come the nearest are kept; the others are in its counts. */
static void add_technicians(struct arena *arena, const struct search *search,
                            const struct relaxations *ways_out, const struct slot_search *found,
                            DecisionInput *input)
{
    size_t asked = found->asked_count;
    struct writing writing = { arena, search->job, input, NULL, 0 };

    if (found->count == 0 && asked > KEPT_OF_NOBODY)
        asked = KEPT_OF_NOBODY;
    writing.room = 2 * asked + (size_t)RELAXED_COUNT * CREW_MOST + 1;
    writing.whos = ARENA_ARRAY(arena, const struct technician *, writing.room);
    input->technicians = ARENA_ARRAY(arena, DecisionTechnician *, writing.room);
    for (size_t i = 0; i < asked; i++)
        keep_asked(&writing, &found->asked[i]);
    for (size_t i = 0; ways_out && i < ways_out->count; i++) {
        const struct slot *slot = &ways_out->tried[i].slot;
        for (size_t k = 0; k < slot_comers(slot); k++) {
            const struct book_day *day = slot_comer(slot, k)->day;
            keep_day(&writing, member_of(search, day), day);
        }
    }
}

DecisionInput *decision_input(struct arena *arena, const struct search *search,
                              const struct slot_search *found, const struct relaxations *ways_out,
                              timestamp horizon)
{
    DecisionInput *input = ARENA_NEW(arena, DecisionInput);

    decision_input__init(input);
    input->rule_version = RULE_VERSION;
    input->policy = policy_message(arena, search->policy);
    input->job = job_message(arena, search->job);
    input->most = (int32_t)search->most;
    input->per_day = (int32_t)search->per_day;
    input->one_per_start = search->one_per_start;
    input->horizon = ways_out ? horizon : 0;
    input->but_technician_id = keep(arena, search->but_technician);
    add_technicians(arena, search, ways_out, found, input);
    if (found->count > 0)
        return input;
    /* Who is not in the input was refused all the same. */
    struct slot_search again;
    int elsewhere[SLOT_RULE_COUNT];
    search_slots(arena, decision_search(arena, input), &again);
    for (int rule = 0; rule < SLOT_RULE_COUNT; rule++)
        elsewhere[rule] = found->technicians[rule] - again.technicians[rule];
    input->refused = rule_counts(arena, elsewhere, &input->n_refused);
    return input;
}

/* ---- the result ---- */

static DecisionSlot *start_message(struct arena *arena, const struct slot *slot)
{
    DecisionSlot *message = ARENA_NEW(arena, DecisionSlot);

    decision_slot__init(message);
    message->technician_id = keep(arena, slot->day->who->id.text);
    message->day = slot->day->date;
    message->start_at = slot->start.start_at;
    message->score_ms = slot->score.total_ms;
    message->because = score_parts(arena, &slot->score, &message->n_because);
    message->added_travel_ms = slot->start.added_travel_ms;
    message->added_travel_m = slot->start.added_travel_m;
    message->spare_before_ms = slot->start.spare_before_ms;
    message->spare_after_ms = slot->start.spare_after_ms;
    return message;
}

static DecisionSlot *slot_message(struct arena *arena, const struct slot *slot)
{
    DecisionSlot *message = start_message(arena, slot);

    if (!slot->crew)
        return message;
    message->crew = ARENA_ARRAY(arena, DecisionSlot *, CREW_MOST);
    for (size_t i = 0; i < slot->crew_count; i++)
        message->crew[message->n_crew++] = start_message(arena, &slot->crew[i]);
    return message;
}

static void add_counts(RuleCount *const counts[], size_t count, int technicians[SLOT_RULE_COUNT])
{
    for (size_t i = 0; i < count; i++)
        for (int rule = 0; rule < SLOT_RULE_COUNT; rule++)
            if (string_is(counts[i]->rule, slot_rule_text((enum slot_rule)rule)))
                technicians[rule] += counts[i]->technicians;
}

DecisionResult *decision_result(struct arena *arena, const struct slot_search *found,
                                const struct relaxations *ways_out, RuleCount *const before[],
                                size_t before_count)
{
    DecisionResult *result = ARENA_NEW(arena, DecisionResult);
    int technicians[SLOT_RULE_COUNT];

    decision_result__init(result);
    result->slots = ARENA_ARRAY(arena, DecisionSlot *, found->count + 1);
    for (size_t i = 0; i < found->count; i++)
        result->slots[result->n_slots++] = slot_message(arena, &found->slots[i]);
    if (found->count > 0)
        return result;
    memcpy(technicians, found->technicians, sizeof technicians);
    add_counts(before, before_count, technicians);
    result->refused = rule_counts(arena, technicians, &result->n_refused);
    if (ways_out)
        result->relaxation = relaxation_of(arena, ways_out);
    return result;
}
