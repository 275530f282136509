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

static bool is_soon(const struct turn *turn, const struct slot *slot)
{
    return slot->start.start_at - turn->now <= LIVE_WITHIN_MS;
}

/* In the order of the slots that are soon; false without Redis. */
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
        if (is_soon(turn, &found->slots[i]))
            command[at++] = found->slots[i].day->who->id.text;
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
    struct live_place *places = ARENA_ARRAY(turn->arena, struct live_place, found->count + 1);
    size_t soon = 0, kept = 0, place = 0;

    for (size_t i = 0; i < found->count; i++)
        soon += is_soon(turn, &found->slots[i]);
    if (soon == 0 || !load_places(turn, found, soon, places))
        return;
    for (size_t i = 0; i < found->count; i++) {
        const struct slot *slot = &found->slots[i];
        if (is_soon(turn, slot) && !can_be_there(slot->day, &places[place++], turn->now,
                                                 &estimated_roads, job, slot->start.start_at))
            continue;
        found->slots[kept++] = *slot;
    }
    metric_add("majster_slots_out_of_reach_total", "", (double)(found->count - kept));
    found->count = kept;
}
