/* What parts, notifications, surveys and billing told. */
#include "lib/domain/money.h"
#include "proto/billing.pb-c.h"
#include "proto/notifications.pb-c.h"
#include "proto/parts.pb-c.h"
#include "proto/surveys.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/part_says.h"
#include "services/portal/handlers.h"
#include <assert.h>

/* ---- parts ---- */

static_assert((int)PURCHASE_ORDERED == PURCHASE_STATE__ORDERED, "as on the wire");
static_assert((int)PURCHASE_CONFIRMED == PURCHASE_STATE__CONFIRMED, "as on the wire");
static_assert((int)PURCHASE_SHIPPED == PURCHASE_STATE__SHIPPED, "as on the wire");
static_assert((int)PURCHASE_DELIVERED == PURCHASE_STATE__DELIVERED, "as on the wire");
static_assert((int)PURCHASE_LATE == PURCHASE_STATE__LATE, "as on the wire");
static_assert((int)PURCHASE_CANCELLED == PURCHASE_STATE__CANCELLED, "as on the wire");

static struct error note_purchase(struct turn *turn, const PurchaseOrder *purchase)
{
    if (!purchase)
        return rejected(PROBLEM_INVALID, "purchase", "the fact carries no purchase order");
    note_fact(turn, purchase->partner_id, purchase->work_order_id, purchase->name, 0);
    store_save_part(turn, &(struct part_row){ .purchase_order_id = purchase->purchase_order_id,
                                              .work_order_id = purchase->work_order_id,
                                              .partner_id = purchase->partner_id,
                                              .name = purchase->name,
                                              .sku = purchase->sku,
                                              .state = (int)purchase->state,
                                              .promised_by = purchase->promised_by });
    return OK;
}

struct error on_part_ordered(struct turn *turn, const void *message)
{
    return note_purchase(turn, ((const PartOrdered *)message)->purchase);
}

struct error on_part_confirmed(struct turn *turn, const void *message)
{
    return note_purchase(turn, ((const PartConfirmed *)message)->purchase);
}

struct error on_part_shipped(struct turn *turn, const void *message)
{
    return note_purchase(turn, ((const PartShipped *)message)->purchase);
}

struct error on_part_delivered(struct turn *turn, const void *message)
{
    return note_purchase(turn, ((const PartDelivered *)message)->purchase);
}

struct error on_part_late(struct turn *turn, const void *message)
{
    return note_purchase(turn, ((const PartLate *)message)->purchase);
}

struct error on_part_cancelled(struct turn *turn, const void *message)
{
    return note_purchase(turn, ((const PartCancelled *)message)->purchase);
}

/* It stands among the purchases, under a name that no purchase has. */
static const char *van_part_id(struct turn *turn, const PartReservation *reservation)
{
    return arena_format(turn->arena, "van/%s", reservation->work_order_id);
}

struct error on_part_reserved(struct turn *turn, const void *message)
{
    const PartReservation *told = ((const PartReserved *)message)->reservation;

    if (!told)
        return rejected(PROBLEM_INVALID, "reservation", "the fact carries no reservation");
    note_fact(turn, told->partner_id, told->work_order_id, told->name, 0);
    store_save_part(turn, &(struct part_row){ .purchase_order_id = van_part_id(turn, told),
                                              .work_order_id = told->work_order_id,
                                              .partner_id = told->partner_id,
                                              .name = told->name,
                                              .sku = told->sku,
                                              .state = PART_IN_VAN });
    return OK;
}

/* Used, or wanted no more; or it comes from elsewhere, which is told, too. */
struct error on_part_released(struct turn *turn, const void *message)
{
    const PartReservation *told = ((const PartReleased *)message)->reservation;

    if (!told)
        return rejected(PROBLEM_INVALID, "reservation", "the fact carries no reservation");
    note_fact(turn, told->partner_id, told->work_order_id, told->name, 0);
    store_drop_part(turn, van_part_id(turn, told));
    return OK;
}

/* ---- notifications ---- */

/* A message that was sent and failed later counts under both: each is what happened. */
static struct error note_message(struct turn *turn, const Message *told, const char *state)
{
    if (!told)
        return rejected(PROBLEM_INVALID, "message", "the fact carries no message");
    const char *word = arena_format(turn->arena, "%s, %s", message_label(told->template_),
                                    channel_label(told->channel));
    note_fact(turn, told->partner_id, told->work_order_id, word, 0);
    store_add_tally(turn, "message", state, 1);
    return OK;
}

struct error on_message_sent(struct turn *turn, const void *message)
{
    return note_message(turn, ((const MessageSent *)message)->message, "sent");
}

struct error on_message_failed(struct turn *turn, const void *message)
{
    return note_message(turn, ((const MessageFailed *)message)->message, "failed");
}

struct error on_message_dropped(struct turn *turn, const void *message)
{
    return note_message(turn, ((const MessageDropped *)message)->message, "dropped");
}

struct error on_link_issued(struct turn *turn, const void *message)
{
    const LinkIssued *issued = message;

    /* A link comes with its message, which is told. */
    note_behind_the_story(turn, issued->partner_id, issued->work_order_id, "");
    store_save_link(turn,
                    &(struct link){ .sha256 = issued->sha256,
                                    .work_order_id = issued->work_order_id,
                                    .partner_id = issued->partner_id,
                                    .person_id = issued->person_id,
                                    .purpose = issued->purpose },
                    issued->expires_at);
    return OK;
}

struct error on_visit_move_asked(struct turn *turn, const void *message)
{
    const VisitMoveAsked *asked = message;

    note_fact(turn, asked->partner_id, asked->work_order_id, "", asked->start_at);
    return OK;
}

/* ---- surveys and billing ---- */

static struct error note_survey(struct turn *turn, const Survey *survey, const char *word)
{
    if (!survey)
        return rejected(PROBLEM_INVALID, "survey", "the fact carries no survey");
    note_fact(turn, survey->partner_id, survey->work_order_id, word, 0);
    return OK;
}

struct error on_survey_opened(struct turn *turn, const void *message)
{
    return note_survey(turn, ((const SurveyOpened *)message)->survey, "");
}

struct error on_survey_answered(struct turn *turn, const void *message)
{
    const Survey *survey = ((const SurveyAnswered *)message)->survey;
    int64_t hundredths = survey ? (int64_t)(survey->mean * 100 + 0.5) : 0;

    return note_survey(turn, survey,
                       hundredths ? arena_format(turn->arena, "średnia %lld,%02lld",
                                                 (long long)(hundredths / 100),
                                                 (long long)(hundredths % 100))
                                  : "");
}

struct error on_cost_line_booked(struct turn *turn, const void *message)
{
    const BookedLine *line = ((const CostLineBooked *)message)->line;

    if (!line)
        return rejected(PROBLEM_INVALID, "line", "the fact carries no line");
    note_fact(turn, line->partner_id, line->work_order_id,
              money_text(turn->arena, line->total_grosz), 0);
    return OK;
}

struct error on_price_list_published(struct turn *turn, const void *message)
{
    const PriceListPublished *published = message;

    for (size_t i = 0; i < published->n_items; i++) {
        const PriceItem *item = published->items[i];
        store_save_price(turn, &(struct price_row){ .item = item->item,
                                                    .name = item->name,
                                                    .unit = item->unit,
                                                    .price_grosz = item->price_grosz,
                                                    .valid_from = published->valid_from });
    }
    return OK;
}
