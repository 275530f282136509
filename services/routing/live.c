/* Redis commands. What must not be torn apart by another process's command is one script. */
#include "services/routing/live.h"
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 7, PER_COMMAND = 8, HEAD = 3 };

/* ARGV: id, lat, lon, at, sequence, status, milliseconds to live; again and again. */
static const char save_script[] =
    "for i = 1, #ARGV, 7 do\n"
    "  local key = 'tech:' .. ARGV[i]\n"
    "  local known = redis.call('HGET', key, 'sequence')\n"
    "  if not known or tonumber(known) < tonumber(ARGV[i + 4]) then\n"
    "    if tonumber(ARGV[i + 6]) > 0 then\n"
    "      redis.call('HSET', key, 'lat', ARGV[i + 1], 'lon', ARGV[i + 2], 'at', ARGV[i + 3],\n"
    "                 'sequence', ARGV[i + 4], 'status', ARGV[i + 5])\n"
    "      redis.call('PEXPIRE', key, ARGV[i + 6])\n"
    "    end\n"
    "    redis.call('GEOADD', 'geo:all', ARGV[i + 2], ARGV[i + 1], ARGV[i])\n"
    "    redis.call('ZADD', 'seen:all', ARGV[i + 3], ARGV[i])\n"
    "  end\n"
    "end\n"
    "return 'OK'";

/* A refill that lost a command on its way is no refill. */
static const char filled_script[] = "if redis.call('ZCARD', 'seen:all') >= tonumber(ARGV[1]) then\n"
                                    "  redis.call('SET', 'boot:epoch', ARGV[2])\n"
                                    "end\n"
                                    "return 'OK'";

static const char load_script[] =
    "local found = {}\n"
    "if redis.call('EXISTS', 'boot:epoch') == 0 then return { 'empty' } end\n"
    "found[1] = 'filled'\n"
    "for _, id in ipairs(redis.call('ZRANGE', 'seen:all', 0, -1)) do\n"
    "  local t = redis.call('HMGET', 'tech:' .. id, 'lat', 'lon', 'at', 'status')\n"
    "  if t[1] then\n"
    "    found[#found + 1] = id\n"
    "    for k = 1, 4 do found[#found + 1] = t[k] end\n"
    "  end\n"
    "end\n"
    "return found";

static const char *number(struct turn *turn, int64_t n)
{
    return arena_format(turn->arena, "%lld", (long long)n);
}

void live_save(struct turn *turn, const struct position positions[], size_t count)
{
    const char *command[HEAD + PER_COMMAND * FIELDS + 1];

    for (size_t from = 0; from < count; from += PER_COMMAND) {
        size_t at = 0;
        command[at++] = "EVAL";
        command[at++] = save_script;
        command[at++] = "0";
        for (size_t i = from; i < count && i < from + PER_COMMAND; i++) {
            const struct position *position = &positions[i];
            int64_t live_ms = position->heard_at + LIVE_MS - turn->machine_now;
            command[at++] = position->technician_id;
            command[at++] = arena_format(turn->arena, "%.6f", position->place.lat);
            command[at++] = arena_format(turn->arena, "%.6f", position->place.lon);
            command[at++] = number(turn, position->at);
            command[at++] = number(turn, position->sequence);
            command[at++] = position->status;
            command[at++] = number(turn, live_ms > 0 ? live_ms : 0);
        }
        command[at] = NULL;
        live_after_commit(turn, command);
    }
}

void live_forget(struct turn *turn, const char *technician_id)
{
    const char *const hash[] = { "DEL", arena_format(turn->arena, "tech:%s", technician_id), NULL };
    const char *const point[] = { "ZREM", "geo:all", technician_id, NULL };
    const char *const seen[] = { "ZREM", "seen:all", technician_id, NULL };

    live_after_commit(turn, hash);
    live_after_commit(turn, point);
    live_after_commit(turn, seen);
}

void live_mark_filled(struct turn *turn, size_t count)
{
    const char *const command[] = {
        "EVAL", filled_script, "0", number(turn, (int64_t)count), number(turn, turn->machine_now),
        NULL
    };

    live_after_commit(turn, command);
}

struct error live_is_filled(struct turn *turn, bool *ret_is_filled)
{
    static const char *const command[] = { "EXISTS", "boot:epoch", NULL };
    struct live_answer answer;

    TRY(live_read(turn->arena, command, &answer));
    *ret_is_filled = answer.count && string_is(answer.strings[0], "1");
    return OK;
}

static int by_id(const void *left, const void *right)
{
    const LiveTechnician *a = *(LiveTechnician *const *)left;
    const LiveTechnician *b = *(LiveTechnician *const *)right;

    return strcmp(a->technician_id, b->technician_id);
}

struct error live_load(struct turn *turn, LiveTechnician ***ret_list, size_t *ret_count)
{
    static const char *const command[] = { "EVAL", load_script, "0", NULL };
    struct live_answer answer;

    TRY(live_read(turn->arena, command, &answer));
    if (!answer.count || !string_is(answer.strings[0], "filled"))
        return temporary("redis is not filled yet");
    size_t count = (answer.count - 1) / 5;
    LiveTechnician **list = ARENA_ARRAY(turn->arena, LiveTechnician *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char **fields = answer.strings + 1 + 5 * i;
        list[i] = ARENA_NEW(turn->arena, LiveTechnician);
        live_technician__init(list[i]);
        list[i]->technician_id = arena_string(turn->arena, fields[0]);
        list[i]->lat = strtod(fields[1], NULL);
        list[i]->lon = strtod(fields[2], NULL);
        list[i]->at = strtoll(fields[3], NULL, 10);
        list[i]->status = arena_string(turn->arena, fields[4]);
    }
    qsort(list, count, sizeof *list, by_id);
    *ret_list = list;
    *ret_count = count;
    return OK;
}
