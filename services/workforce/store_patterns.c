/* Shift patterns as rows: days and breaks as people write them, so that a table can be read. */
#include "lib/domain/calendar.h"
#include "lib/service/db.h"
#include "services/workforce/queries.h"
#include "services/workforce/store.h"
#include <assert.h>

static void read_exceptions(struct row *row, struct arena *arena, struct shift_pattern *pattern)
{
    char **texts;
    size_t count = next_text_array(row, arena, &texts);
    int32_t *days = ARENA_ARRAY(arena, int32_t, count + 1);

    for (size_t i = 0; i < count; i++) {
        bool is_date = date_parse(text_of(texts[i]), &days[i]);
        assert(is_date);
    }
    pattern->except_on = days;
    pattern->except_count = count;
}

static void read_breaks(struct row *row, struct arena *arena, struct shift_pattern *pattern)
{
    char **texts;
    size_t count = next_text_array(row, arena, &texts);

    for (size_t i = 0; i < count; i++) {
        struct text until, from = text_cut(text_of(texts[i]), '-', &until);
        struct minutes read;
        bool is_break = clock_parse(from, &read.from) && clock_parse(until, &read.until) &&
                        pattern_add_break(pattern, read);
        assert(is_break);
    }
}

struct shift_pattern pattern_from_row(struct row *row, struct arena *arena)
{
    struct shift_pattern pattern = { .weekdays = (uint8_t)next_int(row) };

    pattern.from_minute = (int32_t)next_int(row);
    pattern.until_minute = (int32_t)next_int(row);
    pattern.rrule = next_text(row);
    if (string_empty(pattern.rrule))
        pattern.rrule = NULL;
    pattern.starts_on = (int32_t)next_int(row);
    read_exceptions(row, arena, &pattern);
    pattern.holidays = (enum on_holidays)next_int(row);
    pattern.on_call = next_bool(row);
    read_breaks(row, arena, &pattern);
    pattern.overtime_ms = next_int(row);
    return pattern;
}

const char *minutes_text(struct arena *arena, struct minutes minutes)
{
    return arena_format(arena, "%02d:%02d-%02d:%02d", minutes.from / 60, minutes.from % 60,
                        minutes.until / 60, minutes.until % 60);
}

static void save_pattern(struct turn *turn, const char *technician_id, size_t place,
                         const struct shift_pattern *pattern)
{
    bool is_plain = !pattern->on_call && pattern->holidays == HOLIDAYS_AS_EVER;
    const char **days = ARENA_ARRAY(turn->arena, const char *, pattern->except_count + 1);
    const char *breaks[BREAKS_MOST];

    for (size_t i = 0; i < pattern->except_count; i++)
        days[i] = date_text(turn->arena, pattern->except_on[i]);
    for (size_t i = 0; i < pattern->break_count; i++)
        breaks[i] = minutes_text(turn->arena, pattern->breaks[i]);
    db_write(turn, save_shift_pattern, STR(technician_id), INT(place),
             INT(is_plain ? pattern->weekdays : 0), INT(is_plain ? 0 : pattern->weekdays),
             INT(pattern->from_minute), INT(pattern->until_minute), STR(pattern->rrule),
             INT(pattern->starts_on), text_array(turn->arena, days, pattern->except_count),
             INT(pattern->holidays), INT(pattern->on_call),
             text_array(turn->arena, breaks, pattern->break_count), INT(pattern->overtime_ms));
}

void store_save_patterns(struct turn *turn, const struct technician *technician)
{
    db_write(turn, delete_shift_patterns, STR(technician->id));
    for (size_t i = 0; i < technician->pattern_count; i++)
        save_pattern(turn, technician->id, i + 1, &technician->patterns[i]);
}
