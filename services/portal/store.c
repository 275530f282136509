/* The only file of portal that knows SQL. */
#include "services/portal/store.h"
#include "lib/service/db.h"
#include "services/portal/queries.h"

/* ---- accounts ---- */

struct error store_save_token(struct turn *turn, const char *sha256, const struct account *account)
{
    struct rows rows;

    /* Read, so that a refusal is known before the token is shown. */
    return db_read(turn, &rows, save_token, STR(sha256), STR(actor_kind_name(account->kind)),
                   STR(account->id), STR(account->partner), INT(turn->machine_now),
                   INT(account->expires_at));
}

struct error store_revoke_tokens(struct turn *turn, const struct account *account, int *ret_revoked)
{
    struct rows rows;

    TRY(db_read(turn, &rows, revoke_tokens, STR(actor_kind_name(account->kind)), STR(account->id),
                INT(turn->machine_now)));
    *ret_revoked = rows.count;
    return OK;
}

struct error store_load_token(struct turn *turn, const char *sha256, struct account *ret_account)
{
    struct rows rows;
    struct account account = { .kind = ACTOR_NOBODY };

    TRY(db_read(turn, &rows, load_token, STR(sha256), INT(turn->machine_now)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        account.kind = actor_kind_of(next_text(&row));
        account.id = next_text(&row);
        account.partner = next_text(&row);
        account.expires_at = next_int(&row);
    }
    *ret_account = account;
    return OK;
}

/* ---- links ---- */

void store_save_link(struct turn *turn, const struct link *link, timestamp expires_at)
{
    db_write(turn, save_link, STR(link->sha256), STR(link->work_order_id), STR(link->partner_id),
             STR(link->person_id), STR(link->purpose), INT(expires_at));
}

void store_forget_links(struct turn *turn, const char *work_order_id)
{
    db_write(turn, forget_links, STR(work_order_id));
}

struct error store_load_link(struct turn *turn, const char *sha256, struct link *ret_link,
                             bool *ret_is_known)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_link, STR(sha256), INT(turn->now)));
    *ret_is_known = rows.count == 1;
    if (!*ret_is_known)
        return OK;
    struct row row = row_at(&rows, 0);
    struct link link = { .sha256 = next_text(&row) };
    link.work_order_id = next_text(&row);
    link.partner_id = next_text(&row);
    link.person_id = next_text(&row);
    link.purpose = next_text(&row);
    *ret_link = link;
    return OK;
}

/* ---- copies ---- */

void store_save_partner(struct turn *turn, const char *partner_id, const char *name)
{
    db_write(turn, save_partner, STR(partner_id), STR(name));
}

void store_save_service(struct turn *turn, const char *partner_id, const char *service_id,
                        const char *name)
{
    db_write(turn, save_service, STR(partner_id), STR(service_id), STR(name));
}

struct error store_load_order_state(struct turn *turn, const char *work_order_id,
                                    enum order_state *ret_state)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_order_state, STR(work_order_id)));
    *ret_state = ORDER_STATES;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_state = (enum order_state)next_int(&row);
    }
    return OK;
}

void store_save_order(struct turn *turn, const struct order_row *order)
{
    db_write(turn, save_order, STR(order->work_order_id), STR(order->partner_id),
             STR(order->number), INT(order->state), STR(order->service_id), STR(order->town),
             STR(order->district), STR(order->partner_reference), STR(order->contract_id),
             STR(order->person_id), INT(order->opened_at), REAL(order->lat), REAL(order->lon),
             STR(order->skill), INT(order->visit_length_ms));
}

struct error store_load_visit_states(struct turn *turn, const char *visit_id,
                                     struct visit_row *ret_visit, bool *ret_is_known)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_visit_states, STR(visit_id)));
    *ret_is_known = rows.count == 1;
    *ret_visit = (struct visit_row){ .visit_id = visit_id };
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    ret_visit->booked = (int)next_int(&row);
    ret_visit->told = next_int(&row);
    ret_visit->course = (int)next_int(&row);
    ret_visit->eta_at = next_int(&row);
    return OK;
}

void store_save_booking(struct turn *turn, const struct visit_row *visit)
{
    db_write(turn, save_booking, STR(visit->visit_id), STR(visit->work_order_id),
             STR(visit->partner_id), STR(visit->technician_name), INT(visit->start_at),
             INT(visit->tolerance_ms), INT(visit->booked), INT(visit->told), INT(visit->shown));
}

void store_age_visits(struct turn *turn, const struct visit_row *visit, int64_t sequence)
{
    db_write(turn, age_visits, STR(visit->work_order_id), STR(visit->visit_id), INT(sequence));
}

void store_save_course(struct turn *turn, const struct visit_row *visit)
{
    db_write(turn, save_course, STR(visit->visit_id), STR(visit->work_order_id),
             STR(visit->partner_id), STR(visit->technician_name), INT(visit->start_at),
             INT(visit->tolerance_ms), INT(visit->course), INT(visit->eta_at), INT(visit->shown));
}

void store_save_part(struct turn *turn, const struct part_row *part)
{
    db_write(turn, save_part, STR(part->purchase_order_id), STR(part->work_order_id),
             STR(part->partner_id), STR(part->name), INT(part->state), INT(part->promised_by),
             STR(part->sku));
}

void store_drop_part(struct turn *turn, const char *purchase_order_id)
{
    db_write(turn, drop_part, STR(purchase_order_id));
}

void store_forget_contract(struct turn *turn, const char *contract_id)
{
    db_write(turn, forget_contract, STR(contract_id));
}

void store_save_offer(struct turn *turn, const struct offer_row *offer)
{
    db_write(turn, save_contract_service, STR(offer->contract_id), STR(offer->service_id),
             STR(offer->partner_id), STR(offer->contract_name), STR(offer->service_name));
}

void store_save_cost(struct turn *turn, const struct cost_row *cost)
{
    db_write(turn, save_cost, STR(cost->line_id), STR(cost->work_order_id), STR(cost->partner_id),
             STR(cost->item), INT(cost->quantity), INT(cost->total_grosz), INT(cost->covered_grosz),
             INT(cost->is_accepted), INT(cost->at));
}

void store_save_price(struct turn *turn, const struct price_row *price)
{
    db_write(turn, save_price, STR(price->item), STR(price->name), STR(price->unit),
             INT(price->price_grosz), INT(price->valid_from));
}

/* ---- the day ---- */

void store_save_event(struct turn *turn, const struct event_row *event)
{
    db_write(turn, save_event, STR(event->partner_id), STR_OR_NIL(event->work_order_id),
             STR(event->type), STR(event->word), INT(event->hour_at), INT(event->is_story),
             INT(turn->fact.at), STR(turn->fact.id), STR(turn->fact.source),
             STR(turn->fact.subject), INT(turn->fact.sequence), STR(turn->fact.trace),
             STR(turn->fact.cause));
}

void store_add_tally(struct turn *turn, const char *kind, const char *state, int delta)
{
    db_write(turn, add_tally, STR(kind), STR(state), INT(delta));
}

void store_fold_tally(struct turn *turn)
{
    db_write(turn, fold_tally);
}

void store_sweep(struct turn *turn, timestamp links_before, timestamp events_before)
{
    db_write(turn, sweep_links, INT(links_before));
    db_write(turn, sweep_events, INT(events_before));
}

/* ---- what pages show ---- */

struct error store_load_customer_order(struct turn *turn, const char *work_order_id,
                                       struct customer_order *ret_order, bool *ret_is_known)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_customer_order, STR(work_order_id)));
    *ret_is_known = rows.count == 1;
    if (!*ret_is_known)
        return OK;
    struct row row = row_at(&rows, 0);
    struct customer_order order = { .number = next_text(&row) };
    order.state = (enum order_state)next_int(&row);
    order.town = next_text(&row);
    order.partner_name = next_text(&row);
    order.service_name = next_text(&row);
    order.has_visit = next_bool(&row);
    order.visit.technician_name = next_text(&row);
    order.visit.start_at = next_int(&row);
    order.visit.tolerance_ms = next_int(&row);
    order.visit.shown = (enum visit_shown)next_int(&row);
    order.visit.eta_at = next_int(&row);
    order.visit.told = next_int(&row);
    order.visit_length_ms = next_int(&row);
    *ret_order = order;
    return OK;
}

struct error store_load_parts(struct turn *turn, const char *work_order_id,
                              struct part_row **ret_parts, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_customer_parts, STR(work_order_id)));
    struct part_row *parts = ARENA_ARRAY(turn->arena, struct part_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        parts[i].name = next_text(&row);
        parts[i].state = (int)next_int(&row);
        parts[i].promised_by = next_int(&row);
        parts[i].sku = next_text(&row);
    }
    *ret_parts = parts;
    *ret_count = rows.count;
    return OK;
}

struct error store_position_is_heard(struct turn *turn, struct text service, struct text subject,
                                     int64_t sequence, bool *ret_is_heard)
{
    struct rows rows;

    TRY(db_read(turn, &rows, position_is_heard, TXT(service), TXT(subject), INT(sequence)));
    *ret_is_heard = rows.count > 0;
    return OK;
}

struct error store_load_counts(struct turn *turn, struct count_row **ret_counts, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_counts));
    struct count_row *counts = ARENA_ARRAY(turn->arena, struct count_row, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        counts[i].kind = next_text(&row);
        counts[i].state = next_text(&row);
        counts[i].count = next_int(&row);
    }
    *ret_counts = counts;
    *ret_count = rows.count;
    return OK;
}

struct error store_load_next_visits(struct turn *turn, timestamp from, timestamp until,
                                    struct next_visit **ret_visits, int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_next_visits, INT(from), INT(until)));
    struct next_visit *visits = ARENA_ARRAY(turn->arena, struct next_visit, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        visits[i].start_at = next_int(&row);
        visits[i].technician_name = next_text(&row);
        visits[i].town = next_text(&row);
        visits[i].district = next_text(&row);
        visits[i].number = next_text(&row);
        visits[i].shown = (enum visit_shown)next_int(&row);
    }
    *ret_visits = visits;
    *ret_count = rows.count;
    return OK;
}
