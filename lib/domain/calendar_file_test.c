/* Calendar entries as bytes; tests/pages reads them with three parsers of other people. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/calendar_file.h"
#include <criterion/criterion.h>
#include <string.h>

static timestamp at(int month, int day, int hour, int minute)
{
    return timestamp_from_civil((struct civil){ 2026, month, day, hour, minute, 0, 0, 0 });
}

static struct calendar_visit visit(void)
{
    return (struct calendar_visit){
        .work_order_id = "01a2034c-98ae-7026-8909-3d9974257d8a",
        .number = "M-000123",
        .partner_name = "Aurora; dom, dom\\ogród\r\nBEGIN:VALARM",
        .technician_name = "Anna",
        .sequence = 3,
        .stamp_at = at(11, 23, 11, 15),
        .start_at = at(11, 24, 10, 15),
        .end_at = at(11, 24, 11, 45),
        .organizer = "kontakt@majster.example",
        .attendee = "jan@example.org",
    };
}

static bool has_line(const char *file, const char *line)
{
    struct text rest = text_of(file);

    while (rest.length) {
        struct text next = text_cut(rest, '\n', &rest);
        if (next.length && text_is((struct text){ next.at, next.length - 1 }, line))
            return true;
    }
    return false;
}

Test(calendar_file, lines)
{
    static const char *const rows[] = {
        "METHOD:REQUEST",
        "TZID:Europe/Warsaw",
        "DTSTART;TZID=Europe/Warsaw:20261124T101500",
        "DTEND;TZID=Europe/Warsaw:20261124T114500",
        "DTSTAMP:20261123T101500Z",
        "UID:01a2034c-98ae-7026-8909-3d9974257d8a",
        "SEQUENCE:3",
        "DESCRIPTION:Przyjedzie Anna.\\nZlecenie M-000123",
        "STATUS:CONFIRMED",
        "ORGANIZER:mailto:kontakt@majster.example",
        "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:jan@example.org",
    };
    struct arena arena = { 0 };
    struct calendar_visit entry = visit();
    const char *file = calendar_file(&arena, &entry);

    EACH (row, rows)
        cr_expect(has_line(file, *row), "%s", *row);
    cr_expect(
        strstr(file, "SUMMARY:Wizyta technika – Aurora\\; dom\\, dom\\\\ogród \\nBEGIN:VALARM"),
        "signs that part values are escaped");
    cr_expect_not(has_line(file, "BEGIN:VALARM"), "a name adds no line");
    arena_done(&arena);
}

Test(calendar_file, who_comes_together)
{
    struct arena arena = { 0 };
    struct calendar_visit entry = visit();
    entry.technician_name = "Anna i Jan";

    cr_expect(has_line(calendar_file(&arena, &entry),
                       "DESCRIPTION:Przyjadą Anna i Jan.\\nZlecenie M-000123"));
    arena_done(&arena);
}

Test(calendar_file, method_and_state)
{
    const struct {
        const char *name, *attendee;
        bool is_cancelled;
        const char *method, *status;
    } rows[] = {
        { "sent to somebody", "jan@example.org", false, "METHOD:REQUEST", "STATUS:CONFIRMED" },
        { "taken from a page", "", false, "METHOD:PUBLISH", "STATUS:CONFIRMED" },
        { "called off, sent", "jan@example.org", true, "METHOD:CANCEL", "STATUS:CANCELLED" },
        { "called off, taken", "", true, "METHOD:CANCEL", "STATUS:CANCELLED" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        struct calendar_visit entry = visit();
        entry.attendee = row->attendee;
        entry.is_cancelled = row->is_cancelled;
        const char *file = calendar_file(&arena, &entry);
        cr_expect(has_line(file, row->method) && has_line(file, row->status), "%s", row->name);
        cr_expect_eq(strstr(file, "ATTENDEE") != NULL, row->attendee[0] != '\0', "%s", row->name);
    }
    arena_done(&arena);
}

Test(calendar_file, hours)
{
    const struct {
        const char *name;
        timestamp start_at;
        const char *line;
    } rows[] = {
        { "winter", at(1, 24, 10, 15), "DTSTART;TZID=Europe/Warsaw:20260124T101500" },
        { "summer", at(7, 1, 10, 15), "DTSTART;TZID=Europe/Warsaw:20260701T101500" },
        { "half past two, the first time", at(10, 25, 2, 30),
          "DTSTART;TZID=Europe/Warsaw:20261025T023000" },
        { "half past two, the second time", at(10, 25, 2, 30) + HOURS(1),
          "DTSTART:20261025T013000Z" },
        { "three o'clock after it", at(10, 25, 3, 0),
          "DTSTART;TZID=Europe/Warsaw:20261025T030000" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        struct calendar_visit entry = visit();
        entry.start_at = row->start_at;
        cr_expect(has_line(calendar_file(&arena, &entry), row->line), "%s", row->name);
    }
    arena_done(&arena);
}

Test(calendar_file, folded_lines_have_at_most_75_octets_and_whole_letters)
{
    struct arena arena = { 0 };
    struct calendar_visit entry = visit();
    struct text rest;

    entry.partner_name =
        "ąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąąą";
    rest = text_of(calendar_file(&arena, &entry));
    while (rest.length) {
        struct text line = text_cut(rest, '\n', &rest);
        cr_expect_leq(line.length, 76, "%.*s", (int)line.length, line.at);
        cr_expect(utf8_valid(line));
    }
    arena_done(&arena);
}
