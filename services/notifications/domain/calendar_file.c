/* Times are written in UTC: every calendar shows them in its owner's zone, and no VTIMEZONE can be
 * wrong. */
#include "services/notifications/domain/calendar_file.h"
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "services/notifications/domain/growing_text.h"

enum { LINE_OCTETS = 75 };

/* Folded at 75 octets, never inside a letter (RFC 5545, 3.1). */
static void grow_line(struct growing_text *file, const char *line)
{
    struct text rest = text_of(line);
    size_t room = LINE_OCTETS;

    while (rest.length > room) {
        size_t length = room;
        while ((rest.at[length] & 0xC0) == 0x80)
            length--;
        grow(file, (struct text){ rest.at, length });
        grow_string(file, "\r\n ");
        rest = (struct text){ rest.at + length, rest.length - length };
        room = LINE_OCTETS - 1;
    }
    grow(file, rest);
    grow_string(file, "\r\n");
}

static const char *escaped(struct arena *arena, const char *string)
{
    struct growing_text text = { .arena = arena };

    for (; *string; string++) {
        if (*string == '\n') {
            grow_string(&text, "\\n");
            continue;
        }
        if (*string == '\\' || *string == ';' || *string == ',')
            grow_string(&text, "\\");
        grow(&text, (struct text){ string, 1 });
    }
    return grown_string(&text);
}

/* Years from 1970 on. */
static const char *utc(struct arena *arena, timestamp at)
{
    struct civil civil = date_civil((int32_t)(at / DAYS(1)));
    int second = (int)(at % DAYS(1) / 1000);

    return arena_format(arena, "%04d%02d%02dT%02d%02d%02dZ", civil.year, civil.month, civil.day,
                        second / 3600, second / 60 % 60, second % 60);
}

const char *calendar_method(const struct calendar_entry *entry)
{
    return entry->is_cancelled ? "CANCEL" : "REQUEST";
}

const char *calendar_file(struct arena *arena, const struct calendar_entry *entry)
{
    struct growing_text file = { .arena = arena };
    const char *const lines[] = {
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Majster//wizyta//PL",
        "CALSCALE:GREGORIAN",
        arena_format(arena, "METHOD:%s", calendar_method(entry)),
        "BEGIN:VEVENT",
        arena_format(arena, "UID:%s", entry->uid),
        arena_format(arena, "SEQUENCE:%lld", (long long)entry->sequence),
        arena_format(arena, "DTSTAMP:%s", utc(arena, entry->stamp_at)),
        arena_format(arena, "DTSTART:%s", utc(arena, entry->start_at)),
        arena_format(arena, "DTEND:%s", utc(arena, entry->end_at)),
        arena_format(arena, "SUMMARY:%s", escaped(arena, entry->summary)),
        arena_format(arena, "DESCRIPTION:%s", escaped(arena, entry->description)),
        arena_format(arena, "STATUS:%s", entry->is_cancelled ? "CANCELLED" : "CONFIRMED"),
        arena_format(arena, "ORGANIZER:mailto:%s", entry->organizer),
        arena_format(arena, "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:%s", entry->attendee),
        "END:VEVENT",
        "END:VCALENDAR",
    };

    EACH (line, lines)
        grow_line(&file, *line);
    return grown_string(&file);
}
