/* Polish endings; nothing is decided here. */
#include "services/portal/domain/spoken.h"
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"
#include <string.h>

bool is_womans_name(const char *first_name)
{
    static const char *const men[] = { "Barnaba", "Bonawentura", "Illa",  "Illia", "Ilia",
                                       "Jarema",  "Kosma",       "Kuba",  "Luka",  "Mykola",
                                       "Mykyta",  "Nikita",      "Sasza", "Sawa",  "Mikita" };
    static const char *const women[] = {
        "Beatrycze", "Carmen", "Doris", "Ingrid", "Karmen", "Luba",
        "Lubow",     "Miriam", "Nel",   "Noemi",  "Rut",    "Ruth"
    };
    size_t length = strlen(first_name);

    EACH (man, men)
        if (string_is(first_name, *man))
            return false;
    EACH (woman, women)
        if (string_is(first_name, *woman))
            return true;
    return length > 0 && first_name[length - 1] == 'a';
}

/* "24 listopada" of "wtorek, 24 listopada 2026". */
static const char *day_and_month(struct arena *arena, timestamp at)
{
    struct text rest, whole = text_of(date_text_long(arena, date_from_timestamp(at)));

    text_cut(whole, ' ', &rest);
    while (rest.length && rest.at[rest.length - 1] != ' ')
        rest.length--;
    return arena_text(arena, text_trim(rest));
}

const char *spoken_day(struct arena *arena, timestamp at)
{
    static const char *const days[] = {
        "",           "w poniedziałek", "we wtorek", "w środę",
        "w czwartek", "w piątek",       "w sobotę",  "w niedzielę"
    };

    return arena_format(arena, "%s %s", days[civil_from_timestamp(at).weekday],
                        day_and_month(arena, at));
}

const char *spoken_promise(struct arena *arena, const char *technician, const char *customer,
                           timestamp start_at)
{
    const char *at_whose = string_empty(customer)     ? "Państwa"
                           : is_womans_name(customer) ? "Pani"
                                                      : "Pana";

    const char *title = agreed(technician, is_womans_name(technician) ? "Pani " : "Pan ", "");

    return arena_format(arena, "%s%s %s u %s %s o %s.", title, technician,
                        agreed(technician, "będzie", "będą"), at_whose, spoken_day(arena, start_at),
                        clock_text(arena, start_at));
}
