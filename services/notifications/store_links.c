/* Links that were minted, by the hash of their token; the token itself left in a message. */
#include "services/notifications/queries.h"
#include "services/notifications/store.h"

void store_save_link(struct turn *turn, const LinkIssued *link, timestamp issued_at)
{
    db_write(turn, save_link, STR(link->sha256), STR(link->link_id), STR(link->work_order_id),
             STR(link->partner_id), STR(link->person_id), STR(link->purpose), INT(issued_at),
             INT(link->expires_at));
}

struct error store_load_links(struct turn *turn, const char *work_order_id, LinkIssued **ret_links,
                              timestamp **ret_issued_at, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_links, STR(work_order_id), INT(turn->now)));
    *ret_count = (size_t)rows.count;
    *ret_links = ARENA_ARRAY(turn->arena, LinkIssued, *ret_count + 1);
    *ret_issued_at = ARENA_ARRAY(turn->arena, timestamp, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        LinkIssued *link = &(*ret_links)[i];
        link_issued__init(link);
        link->work_order_id = work_order_id;
        link->sha256 = next_text(&row);
        link->link_id = next_text(&row);
        link->partner_id = next_text(&row);
        link->person_id = next_text(&row);
        link->purpose = next_text(&row);
        (*ret_issued_at)[i] = next_int(&row);
        link->expires_at = next_int(&row);
    }
    return OK;
}

void store_forget_links(struct turn *turn, const char *work_order_id)
{
    db_write(turn, forget_links, STR(work_order_id));
}

void store_prune_links(struct turn *turn)
{
    db_write(turn, prune_links, INT(turn->now));
}
