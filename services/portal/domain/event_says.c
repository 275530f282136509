/* Sentences are the event's label, the hour it speaks of and one word more. */
#include "services/portal/domain/event_says.h"
#include "lib/domain/calendar.h"
#include "services/portal/domain/labels.h"

static const char *short_moment(struct arena *arena, timestamp at)
{
    static const char *const days[] = { "", "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz." };
    struct civil civil = civil_from_timestamp(at);

    return arena_format(arena, "%s %d.%02d, godz. %s", days[civil.weekday], civil.day, civil.month,
                        clock_text(arena, at));
}

const char *event_says(struct arena *arena, const struct event *event)
{
    const char *label = label_of("event", event->type);
    const char *number = string_empty(event->number) ? "" : event->number;
    const char *after = number[0] ? ": " : "";
    const char *hour =
        event->hour_at ? arena_format(arena, ", %s", short_moment(arena, event->hour_at)) : "";
    const char *word = string_empty(event->word) ? "" : arena_format(arena, ", %s", event->word);

    return arena_format(arena, "%s%s%s%s%s", number, after, label, hour, word);
}
