/* What suppliers say of their purchases, what others ask of them, and dates that pass. */
#include "proto/parts.pb-c.h"
#include "services/parts/handlers.h"

/* ---- reading ---- */

static struct error reply_list(struct turn *turn, const struct purchases *purchases,
                               struct reply *reply)
{
    PurchaseList *list = ARENA_NEW(turn->arena, PurchaseList);

    *list = (PurchaseList)PURCHASE_LIST__INIT;
    list->n_purchases = purchases->count;
    list->purchases = ARENA_ARRAY(turn->arena, PurchaseOrder *, purchases->count + 1);
    for (size_t i = 0; i < purchases->count; i++) {
        list->purchases[i] = purchase_message(turn, &purchases->at[i]);
        if (turn->actor.kind == ACTOR_SUPPLIER) {
            /* Whose customer it is, and who, is not his business. */
            list->purchases[i]->partner_id = "";
            list->purchases[i]->person_id = "";
        }
    }
    reply->message = list;
    return OK;
}

struct error list_purchase_orders(struct turn *turn, const void *message, struct reply *reply)
{
    bool is_supplier = turn->actor.kind == ACTOR_SUPPLIER;
    struct purchases purchases;

    (void)message;
    TRY(store_load_open(turn, is_supplier ? turn->actor.id : query_parameter(turn, "supplier_id"),
                        &purchases));
    return reply_list(turn, &purchases, reply);
}

struct error list_parts(struct turn *turn, const void *message, struct reply *reply)
{
    const char *work_order_id = query_parameter(turn, "work_order_id");
    struct purchases purchases;

    (void)message;
    if (!id_valid(work_order_id))
        return refuse_field(turn, "work_order_id", "pattern",
                            "Podaj identyfikator zlecenia (UUID).");
    if (turn->actor.kind == ACTOR_CUSTOMER && !string_is(turn->actor.scope, work_order_id))
        return rejected(PROBLEM_FORBIDDEN, "work_order_id", "another customer's order");
    TRY(store_load_of_order(turn, work_order_id, &purchases));
    return reply_list(turn, &purchases, reply);
}

/* ---- updates ---- */

static const struct fault {
    const char *pointer, *rule, *says;
} faults[] = {
    [UPDATE_NOT_HIS] = { "/state", "state", "Podaj stan: confirmed, shipped, delivered albo late" },
    [UPDATE_NOT_NOW] = { "/state", "state",
                         "W obecnym stanie zamówienia ta zmiana nie jest możliwa" },
    [UPDATE_AT_WRONG] = { "/at", "range",
                          "Podaj chwilę po złożeniu zamówienia, nie w przyszłości" },
    [UPDATE_DATE_MISSING] = { "/promised_by", "required", "Podaj termin dostawy" },
    [UPDATE_DATE_WRONG] = { "/promised_by", "range",
                            "Termin dostawy jest wcześniejszy niż ta wiadomość" },
    [UPDATE_DATE_NOT_LATER] = { "/promised_by", "range",
                                "Opóźnienie musi podać termin późniejszy niż dotychczasowy" },
};

static struct error refuse(struct turn *turn, struct reply *reply, enum update_verdict verdict)
{
    const struct fault *fault = &faults[verdict];
    struct violations violations = { 1, { { fault->pointer, fault->rule, fault->says } } };
    struct error error = rejected(verdict == UPDATE_NOT_NOW ? PROBLEM_STATE : PROBLEM_INVALID,
                                  fault->pointer, "update refused");

    reply_problem(turn, reply, &error, &violations);
    return OK;
}

/* The caller's last purchase of the order: a new one comes only after the one before was cancelled.
 * NOT_FOUND when there is none of his. */
static struct error find_purchase(struct turn *turn, struct purchase *ret_purchase)
{
    struct purchases all = { .count = 0 };

    if (id_valid(turn->subject))
        TRY(store_load_of_order(turn, turn->subject, &all));
    for (size_t i = all.count; i > 0; i--) {
        const struct purchase *purchase = &all.at[i - 1];
        bool is_his =
            turn->actor.kind == ACTOR_OPERATOR || string_is(purchase->supplier_id, turn->actor.id);
        if (!is_his)
            continue;
        *ret_purchase = *purchase;
        return OK;
    }
    return rejected(PROBLEM_NOT_FOUND, "work_order_id", "no purchase for \"%.60s\"", turn->subject);
}

struct error update_purchase_order(struct turn *turn, const void *message, struct reply *reply)
{
    const SupplierUpdate *request = message;
    const struct supplier_update update = { (enum purchase_state)request->state,
                                            request->at ? request->at : turn->now,
                                            request->promised_by };
    const struct purchase_event event = { update.at, request->reference,
                                          actor_kind_name(turn->actor.kind), turn->actor.id };
    struct purchase purchase;

    TRY(find_purchase(turn, &purchase));
    enum update_verdict verdict = take_update(&purchase.delivery, &update, turn->now);
    if (verdict != UPDATE_TAKEN)
        return refuse(turn, reply, verdict);
    store_save_event(turn, &purchase, &event);
    tell_state(turn, &purchase);
    if (purchase.delivery.state == PURCHASE_LATE)
        purchase.delivery = told_too_late(purchase.delivery);
    tell_if_too_late(turn, &purchase);
    store_update_purchase(turn, &purchase);
    struct purchases updated = { &purchase, 1 };
    TRY(reply_list(turn, &updated, reply));
    reply->message = ((const PurchaseList *)reply->message)->purchases[0];
    return OK;
}

/* ---- dates ---- */

struct error on_promise_passed(struct turn *turn, const char *work_order_id)
{
    const struct purchase_event event = { turn->now, "", "engine", "" };
    struct purchase purchase;
    bool is_bought;

    TRY(store_load_living(turn, work_order_id, &is_bought, &purchase));
    if (!is_bought || !is_overdue(&purchase.delivery, turn->now))
        return OK;
    purchase.delivery = told_overdue(purchase.delivery);
    store_update_purchase(turn, &purchase);
    store_save_event(turn, &purchase, &event);
    tell_late(turn, &purchase);
    return OK;
}
