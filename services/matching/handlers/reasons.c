/* Why: rules, parts of a score, ways out, as messages. */
#include "services/matching/handlers.h"

RuleCount **rule_counts(struct arena *arena, const int technicians[SLOT_RULE_COUNT],
                        size_t *ret_count)
{
    RuleCount **counts = ARENA_ARRAY(arena, RuleCount *, SLOT_RULE_COUNT);

    *ret_count = 0;
    for (int rule = 0; rule < SLOT_FITS; rule++) {
        if (technicians[rule] == 0)
            continue;
        RuleCount *count = counts[(*ret_count)++] = ARENA_NEW(arena, RuleCount);
        rule_count__init(count);
        count->rule = arena_string(arena, slot_rule_text((enum slot_rule)rule));
        count->technicians = technicians[rule];
    }
    return counts;
}

ScorePart **score_parts(struct arena *arena, const struct score *score, size_t *ret_count)
{
    ScorePart **parts = ARENA_ARRAY(arena, ScorePart *, SCORE_PART_COUNT);

    *ret_count = 0;
    for (int at = 0; at < SCORE_PART_COUNT; at++) {
        /* Told where it counts only: what was decided before there was one has the same bytes. */
        if (at == SCORE_PART && score->parts_ms[at] == 0)
            continue;
        ScorePart *part = parts[(*ret_count)++] = ARENA_NEW(arena, ScorePart);
        score_part__init(part);
        part->part = arena_string(arena, score_part_text((enum score_part)at));
        part->ms = score->parts_ms[at];
    }
    return parts;
}

Relaxation *relaxation_of(struct arena *arena, const struct relaxations *ways_out)
{
    if (!ways_out->cheapest)
        return NULL;
    const struct slot *slot = &ways_out->cheapest->slot;
    Relaxation *relaxation = ARENA_NEW(arena, Relaxation);
    relaxation__init(relaxation);
    relaxation->rule = arena_string(arena, relaxed_rule_text(ways_out->cheapest->rule));
    relaxation->amount = ways_out->cheapest->amount;
    relaxation->cost_ms = ways_out->cheapest->cost_ms;
    relaxation->start_at = slot->start.start_at;
    relaxation->technician_name = arena_string(arena, slot->day->who->first_name);
    relaxation->technician_id = arena_string(arena, slot->day->who->id.text);
    return relaxation;
}

struct relaxations *find_ways_out(struct turn *turn, const struct search *search, timestamp horizon)
{
    struct relaxations *ways_out = ARENA_NEW(turn->arena, struct relaxations);

    relax_search(turn->arena, search, horizon, ways_out);
    return ways_out;
}

timestamp ways_out_until(const struct turn *turn)
{
    return turn->now + DAYS(matching_config.days);
}
