/* What can be ordered, from whom and how fast; and orders whose part nobody has entered yet. */
#include "lib/service/load_file.h"
#include "proto/parts.pb-c.h"
#include "services/parts/handlers.h"

static void save_item(struct turn *turn, const CatalogueItem *given)
{
    const struct catalogue_item item = { given->sku, given->name, given->supplier_id,
                                         given->price_grosz, given->lead_time_ms };

    store_save_catalogue_item(turn, &item);
}

struct error post_catalogue(struct turn *turn, const void *message, struct reply *reply)
{
    const CatalogueRequest *request = message;
    CatalogueReply *saved = ARENA_NEW(turn->arena, CatalogueReply);

    for (size_t i = 0; i < request->n_items; i++)
        save_item(turn, request->items[i]);
    *saved = (CatalogueReply)CATALOGUE_REPLY__INIT;
    saved->items = (int64_t)request->n_items;
    reply->message = saved;
    return OK;
}

struct error load_catalogue(struct turn *turn, int count, char **words)
{
    struct loaded file;

    if (count != 1)
        return rejected(PROBLEM_INVALID, NULL, "one FILE is needed, %d words were given", count);
    TRY(load_file(turn, words[0], "items", &catalogue_item__descriptor, &file));
    for (size_t i = 0; i < file.count; i++)
        save_item(turn, (const CatalogueItem *)file.rows[i]);
    return OK;
}

struct error list_questions(struct turn *turn, const void *message, struct reply *reply)
{
    PartQuestionList *list = ARENA_NEW(turn->arena, PartQuestionList);
    struct part_question *questions;
    size_t count;

    (void)message;
    TRY(store_load_questions(turn, &questions, &count));
    *list = (PartQuestionList)PART_QUESTION_LIST__INIT;
    list->n_questions = count;
    list->questions = ARENA_ARRAY(turn->arena, PartQuestion *, count + 1);
    for (size_t i = 0; i < count; i++) {
        PartQuestion *question = list->questions[i] = ARENA_NEW(turn->arena, PartQuestion);
        *question = (PartQuestion)PART_QUESTION__INIT;
        question->work_order_id = questions[i].work_order_id;
        question->number = questions[i].number;
        question->sku = questions[i].sku;
        question->asked_at = questions[i].asked_at;
    }
    reply->message = list;
    return OK;
}

struct error on_question_answered(struct turn *turn, const char *work_order_id)
{
    struct work_order order;
    bool is_known;

    TRY(store_load_work_order(turn, work_order_id, &is_known, &order));
    if (!is_known)
        return OK;
    turn_belongs_to(turn, order.partner_id);
    return supply_part(turn, &order);
}
