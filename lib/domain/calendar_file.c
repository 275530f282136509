/* Lines of an iCalendar file, one below the other. Hours carry their zone and the zone its rule,
 * the one of lib/domain/calendar.h, so that a calendar in another zone follows Warsaw's summer
 * time. */
#include "lib/domain/calendar_file.h"
#include "lib/base/array.h"
#include "lib/base/growing_text.h"
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"

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
        /* Nothing else below a blank may stand in a text (RFC 5545, 3.3.11). */
        bool is_control = (unsigned char)*string < ' ';
        grow(&text, (struct text){ is_control ? " " : string, 1 });
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

/* ";TZID=Europe/Warsaw:20261124T101500". An hour that comes twice in October is read as its first
 * one (RFC 5545, 3.3.5): the second one is written in UTC. */
static const char *local(struct arena *arena, timestamp at)
{
    struct civil civil = civil_from_timestamp(at);

    if (timestamp_from_civil(civil) != at)
        return arena_format(arena, ":%s", utc(arena, at));
    return arena_format(arena, ";TZID=Europe/Warsaw:%04d%02d%02dT%02d%02d%02d", civil.year,
                        civil.month, civil.day, civil.hour, civil.minute, civil.second);
}

const char *calendar_method(const struct calendar_visit *visit)
{
    if (visit->is_cancelled)
        return "CANCEL";
    return visit->attendee[0] ? "REQUEST" : "PUBLISH";
}

static void grow_zone(struct growing_text *file)
{
    static const char *const lines[] = {
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Warsaw",
        "BEGIN:DAYLIGHT",
        "DTSTART:19960331T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    };

    EACH (line, lines)
        grow_line(file, *line);
}

static void grow_people(struct growing_text *file, const struct calendar_visit *visit)
{
    grow_line(file, arena_format(file->arena, "ORGANIZER:mailto:%s", visit->organizer));
    if (visit->attendee[0])
        grow_line(file, arena_format(file->arena, "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:%s",
                                     visit->attendee));
}

static const char *summary(struct arena *arena, const struct calendar_visit *visit)
{
    return visit->partner_name[0] ? arena_format(arena, "Wizyta technika – %s", visit->partner_name)
                                  : "Wizyta technika";
}

static const char *description(struct arena *arena, const struct calendar_visit *visit)
{
    return visit->technician_name[0]
               ? arena_format(arena, "%s %s.\nZlecenie %s",
                              agreed(visit->technician_name, "Przyjedzie", "Przyjadą"),
                              visit->technician_name, visit->number)
               : arena_format(arena, "Zlecenie %s", visit->number);
}

const char *calendar_file(struct arena *arena, const struct calendar_visit *visit)
{
    struct growing_text file = { .arena = arena };
    const char *const head[] = {
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Majster//wizyta//PL",
        "CALSCALE:GREGORIAN",
        arena_format(arena, "METHOD:%s", calendar_method(visit)),
    };
    const char *const event[] = {
        "BEGIN:VEVENT",
        arena_format(arena, "UID:%s", visit->work_order_id),
        arena_format(arena, "SEQUENCE:%lld", (long long)visit->sequence),
        arena_format(arena, "DTSTAMP:%s", utc(arena, visit->stamp_at)),
        arena_format(arena, "DTSTART%s", local(arena, visit->start_at)),
        arena_format(arena, "DTEND%s", local(arena, visit->end_at)),
        arena_format(arena, "SUMMARY:%s", escaped(arena, summary(arena, visit))),
        arena_format(arena, "DESCRIPTION:%s", escaped(arena, description(arena, visit))),
        arena_format(arena, "STATUS:%s", visit->is_cancelled ? "CANCELLED" : "CONFIRMED"),
    };

    EACH (line, head)
        grow_line(&file, *line);
    grow_zone(&file);
    EACH (line, event)
        grow_line(&file, *line);
    grow_people(&file, visit);
    grow_line(&file, "END:VEVENT");
    grow_line(&file, "END:VCALENDAR");
    return grown_string(&file);
}
