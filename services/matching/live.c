/* The only file of matching that knows Redis. */
#include "services/matching/live.h"
#include <stdlib.h>

enum { FIELDS = 3 };

static const char load_script[] =
    "local found = {}\n"
    "for _, id in ipairs(ARGV) do\n"
    "  local t = redis.call('HMGET', 'tech:' .. id, 'lat', 'lon', 'at')\n"
    "  for k = 1, 3 do found[#found + 1] = t[k] or '' end\n"
    "end\n"
    "return found";

/* How many come in it, when it is soon. */
static size_t comers_soon(const struct turn *turn, const struct slot *slot)
{
    return slot->start.start_at - turn->now <= LIVE_WITHIN_MS ? slot_comers(slot) : 0;
}

/* In the order of the slots that are soon, and of who comes in each; false without Redis. */
static bool load_places(struct turn *turn, const struct slot_search *found, size_t soon,
                        struct live_place places[])
{
    const char **command = ARENA_ARRAY(turn->arena, const char *, soon + 4);
    struct live_answer answer = { 0 };
    size_t at = 0;

    command[at++] = "EVAL";
    command[at++] = load_script;
    command[at++] = "0";
    for (size_t i = 0; i < found->count; i++)
        for (size_t k = 0; k < comers_soon(turn, &found->slots[i]); k++)
            command[at++] = slot_comer(&found->slots[i], k)->day->who->id.text;
    struct error error = live_read(turn->arena, command, &answer);
    if (error.kind != ERROR_NONE || answer.count != soon * FIELDS)
        return false;
    for (size_t i = 0; i < soon; i++) {
        const char **fields = answer.strings + i * FIELDS;
        places[i] = (struct live_place){ { strtod(fields[0], NULL), strtod(fields[1], NULL) },
                                         strtoll(fields[2], NULL, 10) };
    }
    return true;
}

void live_drop_unreachable(struct turn *turn, const struct visit_job *job,
                           struct slot_search *found)
{
    struct live_place *places =
        ARENA_ARRAY(turn->arena, struct live_place, found->count * CREW_MOST + 1);
    size_t soon = 0, kept = 0, place = 0;

    for (size_t i = 0; i < found->count; i++)
        soon += comers_soon(turn, &found->slots[i]);
    if (soon == 0 || !load_places(turn, found, soon, places))
        return;
    for (size_t i = 0; i < found->count; i++) {
        const struct slot *slot = &found->slots[i];
        bool all_come = true;
        for (size_t k = 0; k < comers_soon(turn, slot); k++)
            all_come &= can_be_there(slot_comer(slot, k)->day, &places[place++], turn->now,
                                     &estimated_roads, job, slot->start.start_at);
        if (all_come)
            found->slots[kept++] = *slot;
    }
    metric_add("majster_slots_out_of_reach_total", "", (double)(found->count - kept));
    found->count = kept;
}
