/* Gaps: number, moment, name (comes, is, will_be agree with it), eta, part, date, item, total,
 * covered, left, mean, message, reason, state. */
#include "services/notifications/domain/order_events.h"
#include "lib/base/array.h"
#include <assert.h>

static const struct {
    const char *type, *says, *plain;
} kinds[] = {
    [ORDER_WAS_OPENED] = { "order.opened", "Przyjęliśmy zlecenie {number}.",
                           "Przyjęliśmy zlecenie." },
    [ORDER_WAS_REFUSED] = { "order.refused", "Zgłoszenie nie zostało przyjęte: {reason}.",
                            "Zgłoszenie nie zostało przyjęte." },
    [ORDER_WAS_CANCELLED] = { "order.cancelled", "Zlecenie {number} anulowano: {reason}.",
                              "Zlecenie anulowano." },
    [ORDER_PROGRESSED] = { "order.progressed", "Zlecenie {number} ma nowy stan: {state}.",
                           "Zlecenie ma nowy stan." },
    [ORDER_IS_UNSTAFFED] = { "order.unstaffed",
                             "Dla zlecenia {number} nie ma teraz wolnego technika.",
                             "Nie ma teraz wolnego technika." },
    [CALL_TASK_WAS_OPENED] = { "call_task.opened",
                               "Zadzwonimy do klienta w sprawie zlecenia {number}.",
                               "Zadzwonimy do klienta." },
    [CALL_TASK_WAS_CLOSED] = { "call_task.closed",
                               "Rozmowa z klientem w sprawie zlecenia {number} jest zakończona.",
                               "Rozmowa z klientem jest zakończona." },
    [VISIT_WAS_BOOKED] = { "visit.booked", "Umówiono wizytę: {moment}, {comes} {name}.",
                           "Umówiono wizytę." },
    [VISIT_WAS_MOVED] = { "visit.moved", "Wizyta ma nową godzinę: {moment}, {comes} {name}.",
                          "Wizyta ma nową godzinę." },
    [VISIT_WAS_REASSIGNED] = { "visit.reassigned",
                               "Na wizytę {moment} {comes} {name}; godzina się nie zmienia.",
                               "Wizytę przejmuje inny technik; godzina się nie zmienia." },
    [VISIT_WAS_CANCELLED] = { "visit.cancelled", "Wizyta ({moment}) została odwołana.",
                              "Wizyta została odwołana." },
    [VISIT_WAS_MISSED] = { "visit.missed", "Wizyta ({moment}) się nie odbyła: {reason}.",
                           "Wizyta się nie odbyła." },
    [VISIT_WAS_REBOOKED] = { "visit.rebooked",
                             "Zamiast wcześniejszej godziny: {moment}, {comes} {name}.",
                             "Umówiono wizytę zamiast tej, która nie odbywa się o swojej "
                             "godzinie." },
    [TECHNICIAN_ON_THE_WAY] = { "technician.on_the_way",
                                "{name} {is} w drodze i {will_be} około {eta}.",
                                "Technik jest w drodze." },
    [TECHNICIAN_THERE] = { "technician.there", "{name} {is} na miejscu.",
                           "Technik jest na miejscu." },
    [VISIT_IS_DONE] = { "visit.done", "Wizyta w zleceniu {number} jest zakończona.",
                        "Wizyta jest zakończona." },
    [VISIT_IS_UNFINISHED] = { "visit.unfinished",
                              "Wizyta w zleceniu {number} jest zakończona, ale prace jeszcze nie: "
                              "{reason}.",
                              "Wizyta jest zakończona, ale prace jeszcze nie." },
    [VISIT_CONTINUES] = { "visit.continued",
                          "Następna wizyta, na dokończenie prac: {moment}, {comes} {name}.",
                          "Umówiono następną wizytę, na dokończenie prac." },
    [PART_WAS_ORDERED] = { "part.ordered", "Zamówiono część „{part}”.", "Zamówiono część." },
    [PART_WAS_CONFIRMED] = { "part.confirmed",
                             "Dostawca potwierdził część „{part}”, będzie do {date}.",
                             "Dostawca potwierdził część." },
    [PART_WAS_SHIPPED] = { "part.shipped", "Część „{part}” jest wysłana, będzie do {date}.",
                           "Część jest wysłana." },
    [PART_WAS_DELIVERED] = { "part.delivered", "Część „{part}” jest dostarczona.",
                             "Część jest dostarczona." },
    [PART_IS_LATE] = { "part.late", "Część „{part}” nie zdąży na wizytę, będzie do {date}.",
                       "Część nie zdąży na wizytę." },
    [PART_WAS_CANCELLED] = { "part.cancelled", "Zamówienie części „{part}” anulowano.",
                             "Zamówienie części anulowano." },
    [PART_IS_IN_VAN] = { "part.in_van", "Część „{part}” ma technik w aucie.",
                         "Część ma technik w aucie." },
    [COST_WAS_ACCEPTED] = { "cost.accepted",
                            "Koszt {total} przyjęto, z sumy gwarancyjnej {covered}; zostaje "
                            "{left}.",
                            "Koszt przyjęto." },
    [COST_WAS_REFUSED] = { "cost.refused",
                           "Koszt {total} nie mieści się w umowie i jest po stronie klienta.",
                           "Koszt nie mieści się w umowie i jest po stronie klienta." },
    [MESSAGE_WAS_SENT] = { "message.sent", "Wysłano do klienta wiadomość: {message}.",
                           "Wysłano do klienta wiadomość." },
    [SURVEY_WAS_ANSWERED] = { "survey.answered", "Klient ocenił wizytę, średnia {mean}.",
                              "Klient ocenił wizytę." },
    [SETTLEMENT_WAS_MADE] = { "settlement.made", "Rozliczenie jest gotowe, razem {total}.",
                              "Rozliczenie jest gotowe." },
};
static_assert(COUNT(kinds) == ORDER_EVENT_KINDS, "every kind has its row");

const char *order_event_type(enum order_event_kind kind)
{
    assert(kind < ORDER_EVENT_KINDS);
    return kinds[kind].type;
}

const char *order_event_says(struct arena *arena, enum order_event_kind kind,
                             const struct word words[])
{
    const char *says = NULL, *missing;

    assert(kind < ORDER_EVENT_KINDS);
    return fill(arena, kinds[kind].says, words, &says, &missing) ? says : kinds[kind].plain;
}

struct wording {
    const char *key, *words;
};

static const char *worded(const struct wording wordings[], size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(wordings[i].key, key))
            return wordings[i].words;
    return "";
}

const char *cancel_words(const char *reason)
{
    static const struct wording wordings[] = {
        { "already_repaired", "usterka jest już naprawiona" },
        { "nobody_at_home", "nikogo nie będzie w domu" },
        { "too_late_for_me", "termin jest za późny" },
        { "ordered_by_mistake", "zlecenie powstało przez pomyłkę" },
        { "other", "inny powód" },
    };
    const char *words = worded(wordings, COUNT(wordings), reason);

    return words[0] ? words : reason; /* a partner's own word comes back as he sent it */
}

const char *refusal_words(const char *rule)
{
    static const struct wording wordings[] = {
        { "not_covered", "usługa nie jest objęta umową" },
        { "guarantee_sum", "suma gwarancyjna nie wystarcza" },
        { "contract_unknown", "nie ma takiej umowy" },
        { "address_unknown", "nie ma takiego adresu" },
        { "address_ambiguous", "adres pasuje do kilku miejsc" },
        { "point", "punkt na mapie leży poza Polską" },
        { "phone", "numer telefonu jest niepoprawny" },
    };

    return worded(wordings, COUNT(wordings), rule);
}

const char *further_words(const char *reason)
{
    static const struct wording wordings[] = {
        { "time", "zabrakło czasu" },
        { "part", "brakuje części" },
        { "second_person", "potrzebna jest druga osoba" },
        { "other_trade", "potrzebny jest inny fachowiec" },
        { "drying", "najpierw musi wyschnąć" },
        { "irreparable", "nie da się naprawić" },
        { "customer_declined", "klient rezygnuje" },
    };

    return worded(wordings, COUNT(wordings), reason);
}

const char *order_state_words(const char *state)
{
    static const struct wording wordings[] = {
        { "opened", "przyjęte" },
        { "scheduled", "umówione" },
        { "under_way", "w trakcie" },
        { "done", "wykonane" },
        { "settled", "rozliczone" },
        { "cancelled", "anulowane" },
        { "unstaffed", "czeka na technika" },
        { "waiting_for_part", "czeka na część" },
    };

    return worded(wordings, COUNT(wordings), state);
}
