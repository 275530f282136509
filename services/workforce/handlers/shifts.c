/* A technician's patterns alone: shown, and replaced by our people or by himself. */
#include "lib/domain/calendar.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/handlers.h"

static struct error check_own(const struct turn *turn, const char *technician_id)
{
    if (turn->actor.kind == ACTOR_TECHNICIAN && !string_is(turn->actor.id, technician_id))
        return rejected(PROBLEM_FORBIDDEN, "technician_id", "another technician's shifts");
    return OK;
}

static const char *weekdays_text(struct arena *arena, uint8_t weekdays)
{
    const char *text = "";

    for (int day = 1; day <= 7; day++)
        if (weekdays & 1U << (day - 1))
            text = arena_format(arena, "%s%s%d", text, string_empty(text) ? "" : ",", day);
    return text;
}

ShiftPattern *pattern_message(struct arena *arena, const struct shift_pattern *pattern)
{
    static const char *const holidays[] = { "works", "off", "only" };
    ShiftPattern *message = ARENA_NEW(arena, ShiftPattern);

    *message = (ShiftPattern)SHIFT_PATTERN__INIT;
    message->from =
        arena_format(arena, "%02d:%02d", pattern->from_minute / 60, pattern->from_minute % 60);
    message->until =
        arena_format(arena, "%02d:%02d", pattern->until_minute / 60, pattern->until_minute % 60);
    message->on_call = pattern->on_call;
    message->overtime_ms = pattern->overtime_ms;
    message->holidays = holidays[pattern->holidays];
    message->breaks = ARENA_ARRAY(arena, const char *, pattern->break_count + 1);
    while (message->n_breaks < pattern->break_count) {
        message->breaks[message->n_breaks] =
            minutes_text(arena, pattern->breaks[message->n_breaks]);
        message->n_breaks++;
    }
    if (!pattern->rrule) {
        message->weekdays = weekdays_text(arena, pattern->weekdays);
        return message;
    }
    message->rrule = pattern->rrule;
    message->starts_on = date_text(arena, pattern->starts_on);
    message->except_on = ARENA_ARRAY(arena, const char *, pattern->except_count + 1);
    for (size_t i = 0; i < pattern->except_count; i++)
        message->except_on[message->n_except_on++] = date_text(arena, pattern->except_on[i]);
    return message;
}

static const ShiftsReply *shifts_reply(struct arena *arena, const struct technician *technician)
{
    ShiftsReply *message = ARENA_NEW(arena, ShiftsReply);

    *message = (ShiftsReply)SHIFTS_REPLY__INIT;
    message->shifts = ARENA_ARRAY(arena, ShiftPattern *, technician->pattern_count + 1);
    for (size_t i = 0; i < technician->pattern_count; i++)
        message->shifts[message->n_shifts++] = pattern_message(arena, &technician->patterns[i]);
    return message;
}

struct error show_shifts(struct turn *turn, const void *message, struct reply *reply)
{
    const char *id = path_parameter(turn, "technician_id");
    struct technician technician;

    (void)message;
    TRY(check_own(turn, id));
    TRY(load_technician(turn, id, &technician));
    reply->message = shifts_reply(turn->arena, &technician);
    return OK;
}

struct error put_shifts(struct turn *turn, const void *message, struct reply *reply)
{
    const ShiftsRequest *request = message;
    struct technician technician = { .id = turn->subject };

    TRY(check_own(turn, turn->subject));
    read_shifts(turn, request->shifts, request->n_shifts, request_violations(turn), &technician);
    if (request_violations(turn)->count)
        return rejected(PROBLEM_INVALID, request_violations(turn)->at[0].pointer, "shifts");
    store_save_patterns(turn, &technician);
    TRY(tell_technician(turn, turn->subject));
    reply->message = shifts_reply(turn->arena, &technician);
    return OK;
}
