/* Rows are the only moves there are; what is not listed does not happen. */
#include "services/intake/domain/work_order_states.h"
#include "lib/base/array.h"

static const struct {
    enum order_state from;
    enum order_event event;
    enum order_state to;
} moves[] = {
    { ORDER_OPENED, ORDER_GETS_HOUR, ORDER_SCHEDULED },
    { ORDER_OPENED, ORDER_FINDS_NOBODY, ORDER_UNSTAFFED },
    { ORDER_OPENED, ORDER_IS_CANCELLED, ORDER_CANCELLED },
    { ORDER_UNSTAFFED, ORDER_GETS_HOUR, ORDER_SCHEDULED },
    { ORDER_UNSTAFFED, ORDER_FINDS_NOBODY, ORDER_UNSTAFFED },
    { ORDER_UNSTAFFED, ORDER_IS_CANCELLED, ORDER_CANCELLED },
    /* A visit that was missed is done after all, or its booking is heard of later. */
    { ORDER_OPENED, ORDER_IS_DONE, ORDER_DONE },
    { ORDER_UNSTAFFED, ORDER_IS_DONE, ORDER_DONE },
    { ORDER_SCHEDULED, ORDER_GETS_HOUR, ORDER_SCHEDULED },
    { ORDER_SCHEDULED, ORDER_LOSES_HOUR, ORDER_OPENED },
    { ORDER_SCHEDULED, ORDER_FINDS_NOBODY, ORDER_UNSTAFFED },
    { ORDER_SCHEDULED, ORDER_IS_WORKED_ON, ORDER_UNDER_WAY },
    { ORDER_SCHEDULED, ORDER_IS_MISSED, ORDER_OPENED },
    { ORDER_SCHEDULED, ORDER_IS_DONE, ORDER_DONE },
    { ORDER_SCHEDULED, ORDER_IS_CANCELLED, ORDER_CANCELLED },
    { ORDER_SCHEDULED, ORDER_IS_UNFINISHED, ORDER_OPENED },
    { ORDER_UNDER_WAY, ORDER_GETS_HOUR, ORDER_SCHEDULED },
    { ORDER_UNDER_WAY, ORDER_LOSES_HOUR, ORDER_OPENED },
    { ORDER_UNDER_WAY, ORDER_IS_WORKED_ON, ORDER_UNDER_WAY },
    { ORDER_UNDER_WAY, ORDER_IS_MISSED, ORDER_OPENED },
    { ORDER_UNDER_WAY, ORDER_IS_DONE, ORDER_DONE },
    { ORDER_UNDER_WAY, ORDER_IS_UNFINISHED, ORDER_OPENED },
    /* Matching has heard first that a visit was missed, or that it has left work. */
    { ORDER_UNDER_WAY, ORDER_FINDS_NOBODY, ORDER_UNSTAFFED },
    { ORDER_DONE, ORDER_IS_SETTLED, ORDER_SETTLED },
};

bool order_move(enum order_state from, enum order_event event, enum order_state *ret_state)
{
    EACH (move, moves) {
        if (move->from != from || move->event != event)
            continue;
        *ret_state = move->to;
        return true;
    }
    return false;
}

const char *order_says(enum order_state state)
{
    static const char *const sentences[ORDER_STATES] = {
        [ORDER_NONE] = "Zgłoszenie jest sprawdzane.",
        [ORDER_OPENED] = "Zgłoszenie przyjęte, ustalamy godzinę wizyty.",
        [ORDER_SCHEDULED] = "Wizyta jest umówiona.",
        [ORDER_UNDER_WAY] = "Technik jest w drodze lub na miejscu.",
        [ORDER_DONE] = "Naprawa zakończona.",
        [ORDER_SETTLED] = "Naprawa zakończona i rozliczona.",
        [ORDER_CANCELLED] = "Zgłoszenie odwołane.",
        [ORDER_UNSTAFFED] = "Szukamy technika, skontaktujemy się telefonicznie.",
        [ORDER_WAITING_FOR_PART] = "Czekamy na część.",
    };

    return sentences[state < ORDER_STATES ? state : ORDER_NONE];
}
