/* Hours that matching offers, on the customer's page and on the consultant's. */
#include "services/portal/handlers/offer.h"
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"

/* Some hours of each of several days: people choose a day first. */
enum { SLOT_ID_MOST = 500, HOURS_SHOWN = 18, HOURS_A_DAY = 6 };

struct error ask_offer(struct turn *turn, const struct actor *actor, const char *work_order_id,
                       handle_answer on_offer, struct reply *reply)
{
    SlotSearch search = SLOT_SEARCH__INIT;
    int64_t after = 0;

    search.work_order_id = arena_string(turn->arena, work_order_id);
    search.most = HOURS_SHOWN;
    search.per_day = HOURS_A_DAY;
    if (text_number(text_of(query_parameter(turn, "after")), &after) && after > turn->now)
        search.from = after;
    return ask_owner(turn, actor,
                     &(struct question){ .urls = config.matching_urls,
                                         .method = "POST",
                                         .path = "/v1/slot-searches",
                                         .body = &search,
                                         .on_answer = on_offer },
                     reply);
}

bool read_offer(struct turn *turn, const struct answer *answer, const Offer **ret_offer)
{
    ProtobufCMessage *offer = NULL;

    if (answer->status != 200)
        return false;
    struct error error = foreign_parse(turn, &offer__descriptor, answer->body, &offer);
    *ret_offer = (const Offer *)offer;
    return error.kind == ERROR_NONE;
}

struct view *add_slot(struct turn *turn, struct view *view, struct slot_days *days,
                      const Slot *slot)
{
    int32_t date = date_from_timestamp(slot->start_at);

    if (!days->day || date != days->date) {
        days->date = date;
        days->day = view_item(view, "days");
        view_text(days->day, "day", date_text_long(turn->arena, date));
    }
    struct view *item = view_item(days->day, "slots");
    view_text(item, "slot_id", slot->slot_id);
    view_text(item, "hour", clock_text(turn->arena, slot->start_at));
    view_text(item, "technician_name", slot->technician_name);
    view_text(item, "comes", agreed(slot->technician_name, "przyjedzie", "przyjadą"));
    return item;
}

void add_later_hours(struct turn *turn, struct view *view, const char *home, const Offer *offer)
{
    const Slot *last = offer->n_slots ? offer->slots[offer->n_slots - 1] : NULL;

    view_text(
        view, "later",
        last ? arena_format(turn->arena, "%s/hours?after=%lld", home, (long long)last->start_at + 1)
             : "");
    view_flag(view, "waits_for_other",
              offer->n_refused > 0 && string_is(offer->refused[0]->rule, "waits_for_other"));
    view_flag(view, "is_later", query_parameter(turn, "after")[0] != '\0');
}

char *chosen_slot(struct turn *turn)
{
    const char *slot_id = form_field(turn, "slot_id");

    return arena_string(turn->arena, text_of(slot_id).length <= SLOT_ID_MOST ? slot_id : "");
}
