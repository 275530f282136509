/* Price lists, published once and never changed, over HTTP or from a file. */
#include "lib/service/load_file.h"
#include "lib/service/message.h"
#include "proto/billing.pb-c.h"
#include "services/billing/domain/check_price_list.h"
#include "services/billing/handlers.h"
#include <string.h>

/* Whoever publishes holds it: versions are counted one by one. */
static const char all_lists[] = "price-lists";

static void violate(struct violations *violations, const char *pointer, const char *rule,
                    const char *detail)
{
    violations_add(violations, (struct violation){ pointer, rule, detail });
}

static void check_items(struct turn *turn, const PriceListRequest *request,
                        struct violations *violations)
{
    for (size_t i = 0; i < request->n_items; i++) {
        if (!is_vat_rate(request->items[i]->vat_percent))
            violate(violations, arena_format(turn->arena, "/items/%zu/vat_percent", i), "range",
                    "Stawka VAT to 0, 5, 8 albo 23");
        for (size_t j = 0; j < i; j++)
            if (string_is(request->items[i]->item, request->items[j]->item))
                violate(violations, arena_format(turn->arena, "/items/%zu/item", i), "duplicate",
                        "Ta pozycja jest już na liście");
    }
}

static void check_begin(struct turn *turn, const PriceListRequest *request,
                        const struct price_lists_summary *summary, struct violations *violations)
{
    const struct price_list_begin begin = { request->valid_from, turn->now, summary->has_books,
                                            summary->is_begin_taken };
    enum price_list_verdict verdict = check_price_list(&begin);

    if (verdict == LIST_BEGIN_TAKEN)
        violate(violations, "/valid_from", "taken", "Inny cennik obowiązuje od tej samej chwili");
    if (verdict == LIST_TOO_SOON)
        violate(violations, "/valid_from", "range",
                "Nowy cennik może obowiązywać najwcześniej za godzinę");
}

static PriceListPublished *published(struct turn *turn, const PriceListRequest *request,
                                     int64_t version)
{
    PriceListPublished *told = ARENA_NEW(turn->arena, PriceListPublished);

    *told = (PriceListPublished)PRICE_LIST_PUBLISHED__INIT;
    told->price_list_id = request->price_list_id;
    told->valid_from = request->valid_from;
    told->n_items = request->n_items;
    told->items = request->items;
    told->version = (int32_t)version;
    return told;
}

static void save(struct turn *turn, const PriceListRequest *request, struct text content,
                 int64_t version)
{
    const struct price_list list = { request->price_list_id, version, request->valid_from,
                                     content };
    struct price_item *items = ARENA_ARRAY(turn->arena, struct price_item, request->n_items + 1);

    for (size_t i = 0; i < request->n_items; i++)
        items[i] = (struct price_item){ request->items[i]->item, request->items[i]->name,
                                        request->items[i]->unit, request->items[i]->price_grosz,
                                        request->items[i]->vat_percent };
    store_save_price_list(turn, &list, items, request->n_items);
}

/* Publishes, or does nothing when the same was published before; findings go to `violations`.
 * `ret_told` is the list as it stands, NULL when it was refused. */
static struct error publish_list(struct turn *turn, const PriceListRequest *request,
                                 struct violations *violations, bool *ret_is_new,
                                 const PriceListPublished **ret_told)
{
    struct text content = message_pack(turn->arena, &request->base);
    struct price_lists_summary summary;
    struct price_list known;
    bool is_known;

    *ret_told = NULL;
    *ret_is_new = false;
    TRY(subject_lock(turn, all_lists, NULL));
    TRY(subject_lock(turn, request->price_list_id, NULL));
    TRY(store_load_price_list(turn, request->price_list_id, &is_known, &known));
    if (is_known) {
        if (known.content.length != content.length ||
            memcmp(known.content.at, content.at, content.length) != 0)
            return rejected(PROBLEM_CONFLICT, "/price_list_id",
                            "price list %.40s was published with other prices",
                            request->price_list_id);
        *ret_told = published(turn, request, known.version);
        return OK;
    }
    TRY(store_load_summary(turn, request->valid_from, &summary));
    check_items(turn, request, violations);
    check_begin(turn, request, &summary, violations);
    if (violations->count)
        return OK;
    save(turn, request, content, summary.last_version + 1);
    *ret_told = published(turn, request, summary.last_version + 1);
    *ret_is_new = true;
    emit(turn, request->price_list_id, *ret_told);
    return OK;
}

struct error retell_price_list(struct turn *turn, const char *subject)
{
    ProtobufCMessage *request = NULL;
    struct price_list list;
    bool is_known;

    TRY(store_load_price_list(turn, subject, &is_known, &list));
    if (!is_known)
        return OK;
    TRY(message_unpack(turn->arena, &price_list_request__descriptor, list.content, &request));
    const PriceListRequest *published_as = (const PriceListRequest *)request;
    retell(turn, subject, published(turn, published_as, list.version), published_as->valid_from);
    return OK;
}

struct error post_price_list(struct turn *turn, const void *message, struct reply *reply)
{
    struct violations violations = { 0 };
    const PriceListPublished *told;

    TRY(publish_list(turn, message, &violations, &reply->is_new, &told));
    reply->message = told;
    if (told)
        return OK;
    struct error error = rejected(PROBLEM_INVALID, violations.at[0].pointer, "price list");
    reply_problem(turn, reply, &error, &violations);
    return OK;
}

struct error load_price_lists(struct turn *turn, int count, char **words)
{
    struct loaded file;

    if (count != 1)
        return rejected(PROBLEM_INVALID, NULL, "one FILE is needed, %d words were given", count);
    TRY(load_file(turn, words[0], "price_lists", &price_list_request__descriptor, &file));
    for (size_t i = 0; i < file.count; i++) {
        struct violations violations = { 0 };
        const PriceListPublished *told;
        bool is_new;
        TRY(publish_list(turn, (const PriceListRequest *)file.rows[i], &violations, &is_new,
                         &told));
        if (!told)
            return rejected(
                PROBLEM_INVALID,
                arena_format(turn->arena, "/price_lists/%zu%s", i, violations.at[0].pointer),
                "%s: %s", violations.at[0].rule, violations.at[0].detail);
    }
    return OK;
}
