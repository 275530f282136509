/* What lies in a van: entered as it was counted, shown, told whole with every change. */
#include "proto/parts.pb-c.h"
#include "services/parts/handlers.h"
#include "services/parts/store_van.h"

struct error tell_van(struct turn *turn, const char *technician_id)
{
    VanStockChanged changed = VAN_STOCK_CHANGED__INIT;

    TRY(store_next_version(turn, technician_id));
    TRY(store_load_van(turn, technician_id, &changed.van));
    emit_unowned(turn, technician_id, &changed);
    return OK;
}

/* ---- entering ---- */

static void find_fault(struct turn *turn, size_t at, const char *rule, const char *says)
{
    const char *pointer = arena_format(turn->arena, "/items/%zu/sku", at);

    violations_add(request_violations(turn), (struct violation){ pointer, rule, says });
}

/* Both faults of a list of parts: one twice, and one that nobody can order. */
static struct error check_items(struct turn *turn, const VanStockRequest *request)
{
    const char **skus = ARENA_ARRAY(turn->arena, const char *, request->n_items + 1);
    size_t *unknown, count;

    for (size_t i = 0; i < request->n_items; i++) {
        skus[i] = request->items[i]->sku;
        for (size_t k = 0; k < i; k++)
            if (string_is(skus[i], skus[k])) {
                find_fault(turn, i, "duplicate", "Ta część jest już na liście");
                break;
            }
    }
    TRY(store_find_unknown(turn, skus, request->n_items, &unknown, &count));
    for (size_t i = 0; i < count; i++)
        find_fault(turn, unknown[i], "catalogue", "Tej części nie ma w katalogu");
    return request_violations(turn)->count
               ? rejected(PROBLEM_INVALID, "items", "%zu faults in a van's stock",
                          request_violations(turn)->count)
               : OK;
}

static const VanCount *find_given(const VanStockRequest *request, const char *sku)
{
    for (size_t i = 0; i < request->n_items; i++)
        if (string_is(request->items[i]->sku, sku))
            return request->items[i];
    return NULL;
}

/* What lay there before is counted anew; what is not there any more loses its reservations. */
static void recount(struct turn *turn, const VanStock *before, const VanStockRequest *request)
{
    for (size_t i = 0; i < before->n_items; i++) {
        const VanItem *item = before->items[i];
        const VanCount *given = find_given(request, item->sku);
        const struct van_change change = van_recount(
            (struct van_count){ item->quantity, item->reserved }, given ? given->quantity : 0);
        store_save_count(turn, before->technician_id, item->sku, &change);
        if (!given)
            store_drop_count(turn, before->technician_id, item->sku);
    }
}

static bool lies_there(const VanStock *van, const char *sku)
{
    for (size_t i = 0; van && i < van->n_items; i++)
        if (string_is(van->items[i]->sku, sku))
            return true;
    return false;
}

static struct error reply_van(struct turn *turn, const char *technician_id, struct reply *reply)
{
    VanStock *van;

    TRY(store_load_van(turn, technician_id, &van));
    if (!van) {
        van = ARENA_NEW(turn->arena, VanStock);
        van_stock__init(van);
        van->technician_id = arena_string(turn->arena, technician_id);
    }
    reply->message = van;
    return OK;
}

struct error put_van_stock(struct turn *turn, const void *message, struct reply *reply)
{
    const char *technician_id = path_parameter(turn, "technician_id");
    const VanStockRequest *request = message;
    VanStock *before;

    if (!id_valid(technician_id))
        return refuse_field(turn, "technician_id", "pattern",
                            "Podaj identyfikator technika (UUID).");
    TRY(check_items(turn, request));
    TRY(store_load_van(turn, technician_id, &before));
    if (before)
        recount(turn, before, request);
    else
        TRY(store_next_version(turn, technician_id));
    for (size_t i = 0; i < request->n_items; i++)
        if (!lies_there(before, request->items[i]->sku))
            store_save_count(turn, technician_id, request->items[i]->sku,
                             &(struct van_change){ { request->items[i]->quantity, 0 }, 0 });
    TRY(tell_van(turn, technician_id));
    return reply_van(turn, technician_id, reply);
}

/* ---- showing ---- */

struct error show_van_stock(struct turn *turn, const void *message, struct reply *reply)
{
    const char *technician_id = path_parameter(turn, "technician_id");

    (void)message;
    if (turn->actor.kind == ACTOR_TECHNICIAN && !string_is(turn->actor.id, technician_id))
        return rejected(PROBLEM_FORBIDDEN, "technician_id", "another technician's van");
    if (!id_valid(technician_id))
        return refuse_field(turn, "technician_id", "pattern",
                            "Podaj identyfikator technika (UUID).");
    return reply_van(turn, technician_id, reply);
}
