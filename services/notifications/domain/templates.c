/* The texts themselves. Gaps: partner, number, day, hour, tolerance, name, eta, part, link, and
 * verbs that agree with name: Comes, is, will_be. A text never holds the customer's name or
 * address: it lies in the ledger. */
#include "services/notifications/domain/templates.h"
#include "lib/base/array.h"
#include <assert.h>

#define GREETING "Dzień dobry,\n\n"
#define CLOSING "\n\nMajster w imieniu: {partner}\nZlecenie {number}\n"
#define VISIT "{day}, godz. {hour} (±{tolerance} min)"

static const struct message_template templates[] = {
    [CHOOSE_HOUR] = {
        .name = "choose_hour", .version = 1, .label = "prośba o wybór godziny",
        .channels = BY_ALL, .binding = BOUND_TO_OPEN_ORDER, .link = "visit",
        .deadline = AFTER_CUE, .deadline_ms = HOURS(24),
        .sms = "{partner}: przyjęto zlecenie {number}. Prosimy wybrać godzinę wizyty: {link}",
        .subject = "Prosimy wybrać godzinę wizyty – zlecenie {number}",
        .mail = GREETING "przyjęliśmy zlecenie {number} od {partner}.\n"
                         "Prosimy wybrać godzinę wizyty technika:\n{link}\n\n"
                         "Link jest ważny 30 dni i prowadzi tylko do tego zlecenia." CLOSING,
    },
    [BOOKING_CONFIRMATION] = {
        .name = "booking_confirmation", .version = 2, .label = "potwierdzenie wizyty",
        .channels = BY_ALL, .binding = BOUND_TO_VISIT, .link = "visit",
        .deadline = BEFORE_START, .calendar = CALENDAR_REQUEST,
        .sms = "Potwierdzamy wizytę: " VISIT ". {Comes} {name}. Szczegóły i zmiana: {link}",
        .subject = "Wizyta {day}, godz. {hour}",
        .mail = GREETING "potwierdzamy wizytę technika:\n" VISIT ".\n{Comes} {name}.\n\n"
                         "Szczegóły, zmiana godziny i odwołanie:\n{link}\n\n"
                         "W załączniku jest wpis do kalendarza." CLOSING,
    },
    [REMINDER_DAY_BEFORE] = {
        .name = "reminder_day_before", .version = 2, .label = "przypomnienie dzień przed wizytą",
        .channels = BY_FIRST, .binding = BOUND_TO_PROMISED, .waits_for_morning = true,
        .link = "visit", .deadline = BEFORE_START, .deadline_ms = HOURS(3),
        .sms = "Przypominamy o wizycie: " VISIT ". {Comes} {name}. Zmiana: {link}",
        .subject = "Przypomnienie o wizycie {day}, godz. {hour}",
        .mail = GREETING "przypominamy o wizycie technika:\n" VISIT ".\n{Comes} {name}.\n\n"
                         "Zmiana godziny i odwołanie:\n{link}" CLOSING,
    },
    [REMINDER_HOUR_BEFORE] = {
        .name = "reminder_hour_before", .version = 2, .label = "przypomnienie godzinę przed wizytą",
        .channels = BY_FIRST, .binding = BOUND_TO_PROMISED, .deadline = BEFORE_START,
        .sms = "Już za chwilę: {name} {will_be} u Państwa o godz. {hour} (±{tolerance} min). "
               "Zlecenie {number}.",
        .subject = "{name} {will_be} u Państwa o godz. {hour}",
        .mail = GREETING "{name} {will_be} u Państwa o godz. {hour} (±{tolerance} min)." CLOSING,
    },
    [ON_THE_WAY] = {
        .name = "on_the_way", .version = 2, .label = "technik jest w drodze",
        .channels = BY_FIRST, .binding = BOUND_TO_VISIT,
        .deadline = AFTER_CUE, .deadline_ms = MINUTES(30),
        .sms = "{name} {is} w drodze i {will_be} u Państwa około {eta}. Zlecenie {number}.",
        .subject = "{name} {is} w drodze, około {eta} u Państwa",
        .mail = GREETING "{name} {is} w drodze i {will_be} u Państwa około {eta}." CLOSING,
    },
    [MOVED] = {
        .name = "moved", .version = 2, .label = "nowa godzina wizyty",
        .channels = BY_ALL, .binding = BOUND_TO_VISIT, .link = "visit",
        .deadline = BEFORE_START, .calendar = CALENDAR_REQUEST,
        .sms = "Nowa godzina wizyty: " VISIT ". {Comes} {name}. Szczegóły i zmiana: {link}",
        .subject = "Nowa godzina wizyty: {day}, godz. {hour}",
        .mail = GREETING "wizyta technika ma nową godzinę:\n" VISIT ".\n{Comes} {name}.\n\n"
                         "Szczegóły, zmiana godziny i odwołanie:\n{link}" CLOSING,
    },
    [REBOOKED] = {
        .name = "rebooked", .version = 2, .label = "przeprosiny i nowa godzina wizyty",
        .channels = BY_ALL, .binding = BOUND_TO_VISIT, .link = "visit",
        .deadline = BEFORE_START, .calendar = CALENDAR_REQUEST,
        .sms = "Przepraszamy, wizyta nie odbywa się o umówionej godzinie. Nowa godzina: " VISIT
               ". {Comes} {name}. Szczegóły i zmiana: {link}",
        .subject = "Przepraszamy – nowa godzina wizyty: {day}, godz. {hour}",
        .mail = GREETING "przepraszamy, wizyta nie odbywa się o umówionej godzinie. Nowa godzina:\n" VISIT
                         ".\n{Comes} {name}.\n\n"
                         "Szczegóły, zmiana godziny i odwołanie:\n{link}" CLOSING,
    },
    [POSTPONED] = {
        .name = "postponed", .version = 2, .label = "nowa godzina wizyty po wcześniejszej pracy",
        .channels = BY_ALL, .binding = BOUND_TO_VISIT, .link = "visit",
        .deadline = BEFORE_START, .calendar = CALENDAR_REQUEST,
        .sms = "Przepraszamy, wcześniejsza praca u Państwa ma nową godzinę, więc następna też: " VISIT
               ". {Comes} {name}. Szczegóły i zmiana: {link}",
        .subject = "Przepraszamy – nowa godzina wizyty: {day}, godz. {hour}",
        .mail = GREETING "przepraszamy, wcześniejsza praca u Państwa ma nową godzinę, a ta wizyta może się\n"
                         "odbyć dopiero po niej. Jej nowa godzina:\n" VISIT ".\n{Comes} {name}.\n\n"
                         "Szczegóły, zmiana godziny i odwołanie:\n{link}" CLOSING,
    },
    [FURTHER_VISIT] = {
        .name = "further_visit", .version = 2, .label = "następna wizyta, na dokończenie prac",
        .channels = BY_ALL, .binding = BOUND_TO_VISIT, .link = "visit",
        .deadline = BEFORE_START, .calendar = CALENDAR_REQUEST,
        .sms = "Prace nie są jeszcze skończone. Następna wizyta: " VISIT
               ". {Comes} {name}. Szczegóły i zmiana: {link}",
        .subject = "Następna wizyta: {day}, godz. {hour}",
        .mail = GREETING "prace nie są jeszcze skończone. Następna wizyta technika:\n" VISIT
                         ".\n{Comes} {name}.\n\n"
                         "Szczegóły, zmiana godziny i odwołanie:\n{link}\n\n"
                         "W załączniku jest wpis do kalendarza." CLOSING,
    },
    [CANCELLED] = {
        .name = "cancelled", .version = 2, .label = "odwołanie wizyty",
        .channels = BY_ALL, .binding = BOUND_TO_CANCELLED_VISIT,
        .deadline = AFTER_CUE, .deadline_ms = HOURS(12), .calendar = CALENDAR_CANCEL,
        .sms = "Odwołana wizyta: {day}, godz. {hour}. Zlecenie {number}.",
        .subject = "Odwołana wizyta: {day}, godz. {hour}",
        .mail = GREETING "wizyta technika ({day}, godz. {hour}) została odwołana." CLOSING,
    },
    [ORDER_CANCELLED] = {
        .name = "order_cancelled", .version = 1, .label = "anulowanie zlecenia",
        .channels = BY_ALL, .binding = BOUND_TO_NOTHING,
        .deadline = AFTER_CUE, .deadline_ms = HOURS(24),
        .sms = "{partner}: zlecenie {number} zostało anulowane.",
        .subject = "Zlecenie {number} anulowane",
        .mail = GREETING "zlecenie {number} zostało anulowane." CLOSING,
    },
    [PART_LATE] = {
        .name = "part_late", .version = 2, .label = "opóźnienie części",
        .channels = BY_FIRST, .binding = BOUND_TO_VISIT, .link = "visit",
        .deadline = BEFORE_START,
        .sms = "Część „{part}” nie dotrze przed wizytą ({day}, godz. {hour}). "
               "Prosimy wybrać inną godzinę: {link}",
        .subject = "Część dotrze później – prosimy wybrać inną godzinę",
        .mail = GREETING "część „{part}” nie dotrze przed wizytą ({day}, godz. {hour}).\n"
                         "Prosimy wybrać inną godzinę:\n{link}" CLOSING,
    },
    [SURVEY_INVITATION] = {
        .name = "survey_invitation", .version = 1, .label = "zaproszenie do ankiety",
        .channels = BY_FIRST, .binding = BOUND_TO_NOTHING, .waits_for_morning = true,
        .link = "survey", .deadline = AFTER_CUE, .deadline_ms = HOURS(72),
        .sms = "Jak poszło? Prosimy o ocenę wizyty, to minuta: {link}",
        .subject = "Jak poszło? Prosimy o ocenę wizyty",
        .mail = GREETING "prosimy o ocenę wizyty technika, to zajmie minutę:\n{link}" CLOSING,
    },
};
static_assert(COUNT(templates) == TEMPLATE_COUNT, "every template has its row");

const struct message_template *template_at(enum template_name name)
{
    assert(name < TEMPLATE_COUNT);
    return &templates[name];
}

const struct message_template *template_find(const char *name)
{
    EACH (row, templates)
        if (string_is(row->name, name))
            return row;
    return NULL;
}

bool template_still_true(const struct message_template *template, const char *occurrence,
                         const char *live, enum visit_course course, bool order_has_ended)
{
    bool is_this_visit = string_is(occurrence, live);

    switch (template->binding) {
    case BOUND_TO_OPEN_ORDER:
        return !order_has_ended && course != VISIT_PROMISED && course != VISIT_UNDER_WAY;
    case BOUND_TO_VISIT:
        return is_this_visit && (course == VISIT_PROMISED || course == VISIT_UNDER_WAY);
    case BOUND_TO_PROMISED:
        return is_this_visit && course == VISIT_PROMISED;
    case BOUND_TO_CANCELLED_VISIT:
        return is_this_visit && course == VISIT_CALLED_OFF;
    case BOUND_TO_NOTHING:
        break;
    }
    return true;
}
