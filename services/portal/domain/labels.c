/* Tables of words; nothing is decided here. */
#include "services/portal/domain/labels.h"
#include "lib/base/array.h"
#include "lib/base/text.h"

static const struct label orders[ORDER_STATES] = {
    [ORDER_NONE] = { "received", "sprawdzane" },
    [ORDER_OPENED] = { "opened", "czekające na godzinę" },
    [ORDER_SCHEDULED] = { "scheduled", "umówione" },
    [ORDER_UNDER_WAY] = { "under_way", "w toku" },
    [ORDER_DONE] = { "done", "wykonane" },
    [ORDER_SETTLED] = { "settled", "rozliczone" },
    [ORDER_CANCELLED] = { "cancelled", "odwołane" },
    [ORDER_UNSTAFFED] = { "unstaffed", "bez technika" },
    [ORDER_WAITING_FOR_PART] = { "waiting_for_part", "czekające na część" },
};

static const struct label visits[VISIT_SHOWN_STATES] = {
    [VISIT_NONE] = { "none", "nieznane" },
    [VISIT_AGREED] = { "booked", "umówione" },
    [VISIT_ON_THE_WAY] = { "on_the_way", "technik w drodze" },
    [VISIT_THERE] = { "there", "technik na miejscu" },
    [VISIT_OVER] = { "done", "zakończone" },
    [VISIT_NOT_HELD] = { "missed", "nieodbyte" },
    [VISIT_CALLED_OFF] = { "cancelled", "odwołane" },
};

static const struct label message_states[] = {
    { "sent", "wysłane" },
    { "failed", "nieudane" },
    { "dropped", "pominięte" },
};

static const struct label events[] = {
    { "WorkOrderOpened", "zlecenie przyjęte" },
    { "WorkOrderProgressed", "zlecenie zmieniło stan" },
    { "WorkOrderCancelled", "zlecenie odwołane" },
    { "AddressLocated", "adres odnaleziony" },
    { "ReservationChanged", "zmiana rezerwacji" },
    { "PersonForgotten", "dane klienta usunięte" },
    { "ReportRefused", "zgłoszenie odrzucone" },
    { "ReportQuarantined", "zgłoszenie do sprawdzenia" },
    { "CallTaskOpened", "telefon do wykonania" },
    { "CallTaskClosed", "telefon wykonany" },
    { "CostLineAccepted", "koszt przyjęty" },
    { "CostLineRefused", "koszt odrzucony" },
    { "CostLineAsked", "koszt do zatwierdzenia" },
    { "VisitBooked", "wizyta umówiona" },
    { "VisitMoved", "wizyta przeniesiona" },
    { "VisitReassigned", "zmiana technika" },
    { "VisitCancelled", "wizyta odwołana" },
    { "VisitRebooked", "wizyta umówiona ponownie" },
    { "VisitMoveRefused", "zmiana godziny odrzucona" },
    { "VisitFinished", "wizyta zamknięta" },
    { "WorkOrderUnstaffed", "brak technika" },
    { "TechnicianOnTheWay", "technik w drodze" },
    { "TechnicianThere", "technik na miejscu" },
    { "VisitDone", "wizyta wykonana" },
    { "VisitMissed", "wizyta nieodbyta" },
    { "PartOrdered", "część zamówiona" },
    { "PartConfirmed", "część potwierdzona" },
    { "PartShipped", "część wysłana" },
    { "PartDelivered", "część dostarczona" },
    { "PartLate", "część opóźniona" },
    { "PartCancelled", "zamówienie części odwołane" },
    { "PartReserved", "część w aucie technika" },
    { "PartReleased", "część zwolniona z auta" },
    { "MessageSent", "wiadomość wysłana" },
    { "MessageFailed", "wiadomość nieudana" },
    { "MessageDropped", "wiadomość pominięta" },
    { "LinkIssued", "link wydany" },
    { "VisitMoveAsked", "prośba o zmianę godziny" },
    { "SurveyOpened", "ankieta otwarta" },
    { "SurveyAnswered", "ankieta wypełniona" },
    { "CostLineBooked", "koszt zaksięgowany" },
};

static const struct label messages[] = {
    { "choose_hour", "prośba o wybór godziny" },
    { "booking_confirmation", "potwierdzenie wizyty" },
    { "reminder_day_before", "przypomnienie dzień przed wizytą" },
    { "reminder_hour_before", "przypomnienie godzinę przed wizytą" },
    { "on_the_way", "technik jest w drodze" },
    { "moved", "nowa godzina wizyty" },
    { "rebooked", "przeprosiny i nowa godzina wizyty" },
    { "postponed", "nowa godzina wizyty po wcześniejszej pracy" },
    { "further_visit", "następna wizyta, na dokończenie prac" },
    { "cancelled", "odwołanie wizyty" },
    { "order_cancelled", "anulowanie zlecenia" },
    { "part_late", "opóźnienie części" },
    { "survey_invitation", "zaproszenie do ankiety" },
};

static const struct label reasons[] = {
    { "already_repaired", "Usterka jest już naprawiona" },
    { "nobody_at_home", "Nikogo nie będzie w domu" },
    { "too_late_for_me", "Termin jest za późny" },
    { "ordered_by_mistake", "Zlecenie powstało przez pomyłkę" },
    { "other", "Inny powód" },
};

static const struct label reasons_to_come[] = {
    { "time", "zabrakło czasu" },
    { "part", "brakuje części" },
    { "second_person", "potrzebna druga osoba" },
    { "other_trade", "potrzebny inny fachowiec" },
    { "drying", "musi wyschnąć" },
};
static const struct label reasons_to_end[] = {
    { "irreparable", "nie da się naprawić" },
    { "customer_declined", "klient rezygnuje" },
};

static const struct flash flashes[] = {
    { "booked", "Gotowe. Wizyta jest umówiona.", true },
    { "moved", "Gotowe. Wizyta ma nową godzinę.", true },
    { "cancelled", "Zlecenie jest odwołane.", true },
    { "hour_taken", "Tę godzinę ktoś właśnie zajął. Oto wolne godziny, prosimy wybrać jeszcze raz.",
      false },
    { "too_late", "Tego nie można już zmienić. Poniżej jest aktualny stan wizyty.", false },
    { "hour_gone", "Ta propozycja wygasła. Oto aktualne godziny.", false },
    { "no_hour", "Prosimy wybrać jedną z godzin.", false },
    { "no_reason", "Prosimy zaznaczyć powód odwołania.", false },
    { "incomplete", "Prosimy odpowiedzieć na wszystkie pytania.", false },
    { "set_out", "Zapisane: jedziesz. Klient dostaje wiadomość.", true },
    { "arrived", "Zapisane: jesteś na miejscu.", true },
    { "visit_done", "Wizyta zakończona. Protokół jest zapisany.", true },
    { "visit_unfinished",
      "Wizyta zakończona. Następną, na dokończenie prac, umawiamy od razu; klient dostaje "
      "wiadomość.",
      true },
    { "absent", "Zapisane: klienta nie było.", true },
    { "photo_kept", "Zdjęcie jest zapisane.", true },
    { "signature_kept", "Podpis jest zapisany.", true },
    { "absence_entered", "Nieobecność zapisana. Wizyty z tych godzin przejmie ktoś inny.", true },
    { "absence_taken_back", "Nieobecność cofnięta.", true },
    { "order_taken", "Zgłoszenie przyjęte. Teraz godzina.", true },
    { "order_joined", "To zgłoszenie już u nas było; oto jego zlecenie.", true },
    { "hour_booked", "Godzina jest umówiona.", true },
    { "hour_moved", "Wizyta ma nową godzinę.", true },
    { "order_cancelled", "Zlecenie jest odwołane.", true },
    { "call_closed", "Rozmowa zapisana.", true },
    { "state_changed", "Tego nie można już zmienić. Oto aktualny stan.", false },
    { "hour_was_taken", "Tę godzinę ktoś właśnie zajął. Oto wolne godziny.", false },
};

static const struct label outcomes[] = {
    { "hour_agreed", "Godzina uzgodniona" },
    { "no_answer", "Nikt nie odebrał" },
    { "asked_to_call_later", "Prosi o telefon później" },
    { "does_not_want", "Rezygnuje" },
    { "no_hour_found", "Żadna godzina nie pasuje" },
};

static const struct label call_reasons[] = {
    { "no_choice", "klient nie wybrał godziny" },
    { "unstaffed", "nie ma technika na czas" },
};

static const struct label rules[] = {
    { "unreadable", "nie da się odczytać" },
    { "sender_unknown", "nieznany nadawca" },
    { "no_order", "to nie jest zlecenie" },
    { "contract_unknown", "nieznana umowa" },
    { "address_unknown", "nieznana miejscowość" },
    { "address_ambiguous", "kilka takich miejscowości" },
    { "phone", "błędny telefon" },
    { "required", "brak wymaganego pola" },
    { "pattern", "pole w złej postaci" },
    { "guarantee_sum", "suma gwarancyjna wyczerpana" },
    { "not_covered", "usługa nie jest objęta umową" },
};

static const struct label services[] = {
    { "intake", "Przyjęcia" },   { "workforce", "Kadry" },
    { "matching", "Umawianie" }, { "routing", "Trasy" },
    { "visits", "Wizyty" },      { "parts", "Części" },
    { "surveys", "Ankiety" },    { "billing", "Rozliczenia" },
    { "portal", "Strony" },      { "notifications", "Powiadomienia" },
};

static const struct label held[] = {
    { "early", "czeka na wcześniejsze zdarzenie" },
    { "rejected", "odłożone: nie daje się zastosować" },
    { "unreadable", "odłożone: nie daje się odczytać" },
    { "behind", "odłożone: stoi za innym odłożonym" },
    { "crashed", "odłożone: trzy razy przerwało pracę" },
};

static const struct label channels[] = { { "sms", "SMS" }, { "email", "e-mail" } };

struct table {
    const struct label *at;
    size_t count;
};

static int place_in(struct table table, const char *key)
{
    size_t i = 0;

    while (i < table.count && !string_is(table.at[i].key, key))
        i++;
    return (int)i;
}

static const char *find(struct table table, const char *key)
{
    size_t place = (size_t)place_in(table, key);

    return place < table.count ? table.at[place].polish : key;
}

static struct table table_of(const char *kind)
{
    if (string_is(kind, "order"))
        return (struct table){ orders, COUNT(orders) };
    if (string_is(kind, "visit"))
        return (struct table){ visits, COUNT(visits) };
    if (string_is(kind, "message"))
        return (struct table){ message_states, COUNT(message_states) };
    return (struct table){ events, COUNT(events) };
}

const struct label *order_label(enum order_state order)
{
    return &orders[(unsigned)order < ORDER_STATES ? order : ORDER_NONE];
}

const struct label *visit_label(enum visit_shown visit)
{
    return &visits[(unsigned)visit < VISIT_SHOWN_STATES ? visit : VISIT_NONE];
}

const char *label_of(const char *kind, const char *key)
{
    return find(table_of(kind), key);
}

int label_rank(const char *kind, const char *key)
{
    return place_in(table_of(kind), key);
}

const char *message_label(const char *template_key)
{
    return find((struct table){ messages, COUNT(messages) }, template_key);
}

const char *channel_label(const char *channel_key)
{
    return find((struct table){ channels, COUNT(channels) }, channel_key);
}

const char *service_label(const char *service)
{
    return find((struct table){ services, COUNT(services) }, service);
}

const char *held_label(const char *kind)
{
    return find((struct table){ held, COUNT(held) }, kind);
}

const char *delivery_label(int message_state)
{
    static const char *const words[] = {
        "",          "czeka na wysłanie", "wysyłana", "wysłana",
        "doręczona", "nieudana",          "niepewna", "pominięta"
    };

    return words[message_state > 0 && message_state < (int)COUNT(words) ? message_state : 0];
}

const char *call_label(const char *reason)
{
    return find((struct table){ call_reasons, COUNT(call_reasons) }, reason);
}

const char *further_label(const char *reason)
{
    const char *words = find((struct table){ reasons_to_come, COUNT(reasons_to_come) }, reason);

    return find((struct table){ reasons_to_end, COUNT(reasons_to_end) }, words);
}

const char *rule_label(const char *rule)
{
    return find((struct table){ rules, COUNT(rules) }, rule);
}

const char *channel_name(int channel)
{
    static const char *const names[] = { "", "system partnera", "e-mail", "konsultant", "klient" };

    return names[channel > 0 && channel < (int)COUNT(names) ? channel : 0];
}

const char *course_label(enum visit_shown visit)
{
    static const char *const words[VISIT_SHOWN_STATES] = {
        "", "zaplanowana", "w drodze", "na miejscu", "zakończona", "nieodbyta", "odwołana",
    };

    return words[(unsigned)visit < VISIT_SHOWN_STATES ? visit : VISIT_NONE];
}

const char *part_label(int purchase_state)
{
    static const char *const words[] = { "w przygotowaniu", "zamówiona",
                                         "potwierdzona",    "w drodze",
                                         "dostarczona",     "opóźniona",
                                         "odwołana",        "technik ma ją w aucie" };

    return words[purchase_state > 0 && purchase_state < (int)COUNT(words) ? purchase_state : 0];
}

struct label_list cancel_reasons(void)
{
    return (struct label_list){ reasons, COUNT(reasons) };
}

struct label_list further_reasons(bool ends)
{
    return ends ? (struct label_list){ reasons_to_end, COUNT(reasons_to_end) }
                : (struct label_list){ reasons_to_come, COUNT(reasons_to_come) };
}

struct label_list call_outcomes(void)
{
    return (struct label_list){ outcomes, COUNT(outcomes) };
}

const struct label *cancel_reason(const char *key)
{
    EACH (reason, reasons)
        if (string_is(reason->key, key))
            return reason;
    return NULL;
}

const struct flash *flash_of(const char *key)
{
    EACH (flash, flashes)
        if (string_is(flash->key, key))
            return flash;
    return NULL;
}
