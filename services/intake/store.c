/* With the other store files the only one of intake that knows SQL. */
#include "services/intake/store.h"
#include "services/intake/queries.h"

static char *keep(struct turn *turn, const char *string)
{
    return arena_string(turn->arena, string);
}

/* ---- partners and contracts ---- */

static void save_contract(struct turn *turn, const char *partner_id, const Contract *contract)
{
    db_write(turn, save_contract, STR(contract->contract_id), STR(partner_id), STR(contract->name),
             INT(contract->chooser), INT(contract->guarantee_sum_grosz),
             INT(contract->tolerance_ms), INT(contract->choose_within_ms),
             INT(contract->answer_within_ms));
    db_write(turn, delete_services, STR(contract->contract_id));
    for (size_t i = 0; i < contract->n_services; i++) {
        const CoveredService *service = contract->services[i];
        db_write(turn, save_service, STR(contract->contract_id), STR(service->service_id),
                 STR(partner_id), STR(service->name), STR(service->skill),
                 INT(service->visit_length_ms), STR(service->part_sku),
                 INT(service->expected_cost_grosz), INT(service->urgency), STR(service->protocol),
                 text_array(turn->arena, service->equipment, service->n_equipment),
                 STR(service->followed_by ? service->followed_by->service_id : ""),
                 INT(service->followed_by ? service->followed_by->gap_ms : 0),
                 INT(service->technicians > 1 ? service->technicians : 1));
    }
}

void store_save_partner(struct turn *turn, const PartnerRequest *partner)
{
    db_write(turn, save_partner, STR(partner->partner_id), STR(partner->name), STR(partner->kind),
             STR(partner->mail_sender));
    for (size_t i = 0; i < partner->n_contracts; i++)
        save_contract(turn, partner->partner_id, partner->contracts[i]);
}

void store_save_api_key(struct turn *turn, const char *sha256, const char *partner_id)
{
    db_write(turn, save_api_key, STR(sha256), STR(partner_id), INT(turn->now));
}

static const char *only_text(const struct rows *rows)
{
    if (rows->count == 0)
        return "";
    struct row row = row_at(rows, 0);
    return next_text(&row);
}

struct error store_load_api_key(struct turn *turn, const char *sha256, const char **ret_partner_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_api_key, STR(sha256)));
    *ret_partner_id = only_text(&rows);
    return OK;
}

static Followed *read_followed(struct row *row, struct turn *turn)
{
    Followed *followed = ARENA_NEW(turn->arena, Followed);

    followed__init(followed);
    followed->service_id = next_text(row);
    followed->gap_ms = next_int(row);
    return followed->service_id[0] ? followed : NULL;
}

static CoveredService *read_service(struct row *row, struct turn *turn)
{
    CoveredService *service = ARENA_NEW(turn->arena, CoveredService);

    covered_service__init(service);
    service->service_id = next_text(row);
    service->name = next_text(row);
    service->skill = next_text(row);
    service->visit_length_ms = next_int(row);
    service->part_sku = next_text(row);
    service->expected_cost_grosz = next_int(row);
    service->urgency = (Urgency)next_int(row);
    service->protocol = next_text(row);
    service->equipment = next_strings(row, turn->arena, &service->n_equipment);
    service->followed_by = read_followed(row, turn);
    service->technicians = next_int(row);
    return service;
}

/* `services` are all of the partner's, in the order of their contracts. */
static Contract *read_contract(struct row *row, struct turn *turn, const struct rows *services)
{
    Contract *contract = ARENA_NEW(turn->arena, Contract);

    contract__init(contract);
    contract->contract_id = next_text(row);
    contract->name = next_text(row);
    contract->chooser = (Chooser)next_int(row);
    contract->guarantee_sum_grosz = next_int(row);
    contract->tolerance_ms = next_int(row);
    contract->choose_within_ms = next_int(row);
    contract->answer_within_ms = next_int(row);
    contract->services = ARENA_ARRAY(turn->arena, CoveredService *, (size_t)services->count + 1);
    for (int i = 0; i < services->count; i++) {
        struct row service = row_at(services, i);
        if (string_is(next_text(&service), contract->contract_id))
            contract->services[contract->n_services++] = read_service(&service, turn);
    }
    return contract;
}

struct error store_load_partner(struct turn *turn, const char *partner_id, bool *ret_found,
                                PartnerChanged *ret_partner)
{
    struct rows partners, contracts, services;

    TRY(db_read(turn, &partners, load_partner, STR(partner_id)));
    *ret_found = partners.count > 0;
    if (!partners.count)
        return OK;
    TRY(db_read(turn, &contracts, load_contracts, STR(partner_id)));
    TRY(db_read(turn, &services, load_services, STR(partner_id)));
    struct row row = row_at(&partners, 0);
    ret_partner->partner_id = partner_id;
    ret_partner->name = next_text(&row);
    ret_partner->kind = next_text(&row);
    ret_partner->adoption = next_adoption(&row, turn);
    ret_partner->contracts = ARENA_ARRAY(turn->arena, Contract *, (size_t)contracts.count + 1);
    for (int i = 0; i < contracts.count; i++) {
        row = row_at(&contracts, i);
        Contract *contract = read_contract(&row, turn, &services);
        contract->partner_id = partner_id;
        ret_partner->contracts[ret_partner->n_contracts++] = contract;
    }
    return OK;
}

struct error store_load_contract_owner(struct turn *turn, const char *contract_id,
                                       const char **ret_partner_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_contract_owner, STR(contract_id)));
    *ret_partner_id = only_text(&rows);
    return OK;
}

struct error store_load_sender(struct turn *turn, const char *address, const char **ret_partner_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_partner_of_sender, STR(address)));
    *ret_partner_id = only_text(&rows);
    return OK;
}

void store_ask_terms(struct turn *turn, const WorkOrderRequest *request)
{
    db_ask_ahead(turn, load_terms, STR(request->contract_id), STR(request->service_id),
                 STR(request->partner_reference));
}

static struct terms read_terms(struct turn *turn, const struct rows *rows)
{
    struct terms terms = { .partner_id = "" };

    if (rows->count) {
        struct row row = row_at(rows, 0);
        terms.partner_id = next_text(&row);
        terms.chooser = (Chooser)next_int(&row);
        terms.guarantee_sum_grosz = next_int(&row);
        terms.tolerance_ms = next_int(&row);
        terms.choose_within_ms = next_int(&row);
        terms.answer_within_ms = next_int(&row);
        terms.is_listed = next_bool(&row);
        terms.skill = next_text(&row);
        terms.visit_length_ms = next_int(&row);
        terms.part_sku = next_text(&row);
        terms.expected_cost_grosz = next_int(&row);
        terms.urgency = (Urgency)next_int(&row);
        terms.equipment = next_strings(&row, turn->arena, &terms.equipment_count);
        terms.technicians = next_int(&row);
        terms.next_number = next_int(&row);
        terms.open_order_id = next_text(&row);
        terms.adoption = next_adoption(&row, turn);
        terms.followed_by = next_text(&row);
        terms.followed_gap_ms = next_int(&row);
    }
    return terms;
}

struct error store_load_terms(struct turn *turn, const WorkOrderRequest *request,
                              struct terms *ret_terms)
{
    struct rows rows;

    if (!db_asked(turn, &rows, load_terms))
        return store_load_more_terms(turn, request, ret_terms);
    *ret_terms = read_terms(turn, &rows);
    return OK;
}

struct error store_load_more_terms(struct turn *turn, const WorkOrderRequest *request,
                                   struct terms *ret_terms)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_terms, STR(request->contract_id), STR(request->service_id),
                STR(request->partner_reference)));
    *ret_terms = read_terms(turn, &rows);
    return OK;
}

/* ---- work orders ---- */

void store_save_order(struct turn *turn, const struct order_record *record)
{
    const WorkOrder *order = record->order;

    db_write(
        turn, save_order, STR(order->work_order_id), STR(order->number), STR(order->partner_id),
        STR(order->contract_id), STR(record->policy), STR(order->partner_reference),
        INT(order->channel), INT(order->chooser), INT(order->urgency), INT(order->state),
        STR(order->service_id), STR(order->skill), STR(order->part_sku), STR(order->person_id),
        REAL(order->place->lat), REAL(order->place->lon), STR(order->place->town),
        STR(order->place->district), INT(order->place->accuracy), INT(order->visit_length_ms),
        INT(order->earliest_at), INT(order->latest_by), INT(order->tolerance_ms),
        INT(order->reserved_grosz), INT(order->opened_at), STR(order->language),
        STR(order->description_key), INT(record->choose_until), STR(order->adoption),
        text_array(turn->arena, order->equipment, order->n_equipment), STR(order->origin),
        STR_OR_NIL(order->after_work_order_id), INT(order->after_gap_ms), INT(order->technicians));
}

static Place *read_place(struct row *row, struct turn *turn)
{
    Place *place = ARENA_NEW(turn->arena, Place);

    place__init(place);
    place->lat = next_real(row);
    place->lon = next_real(row);
    place->town = keep(turn, next_text(row));
    place->district = keep(turn, next_text(row));
    place->accuracy = (Accuracy)next_int(row);
    return place;
}

static struct order_record read_order(struct row *row, struct turn *turn)
{
    WorkOrder *order = ARENA_NEW(turn->arena, WorkOrder);
    struct order_record record = { .order = order };

    work_order__init(order);
    order->work_order_id = keep(turn, next_text(row));
    order->number = keep(turn, next_text(row));
    order->partner_id = keep(turn, next_text(row));
    order->contract_id = keep(turn, next_text(row));
    order->partner_reference = keep(turn, next_text(row));
    order->channel = (Channel)next_int(row);
    order->chooser = (Chooser)next_int(row);
    order->urgency = (Urgency)next_int(row);
    order->state = (WorkOrderState)next_int(row);
    order->service_id = keep(turn, next_text(row));
    order->skill = keep(turn, next_text(row));
    order->part_sku = keep(turn, next_text(row));
    order->person_id = keep(turn, next_text(row));
    order->place = read_place(row, turn);
    order->visit_length_ms = next_int(row);
    order->earliest_at = next_int(row);
    order->latest_by = next_int(row);
    order->tolerance_ms = next_int(row);
    order->reserved_grosz = next_int(row);
    order->used_grosz = next_int(row);
    order->opened_at = next_int(row);
    order->origin = keep(turn, next_text(row));
    order->language = keep(turn, next_text(row));
    order->cancel_reason = keep(turn, next_text(row));
    order->description_key = keep(turn, next_text(row));
    record.policy = next_text(row);
    record.visit_id = next_text(row);
    record.start_at = next_int(row);
    record.technician_name = next_text(row);
    record.lines_expected = next_int(row);
    record.lines_answered = next_int(row);
    record.lines_booked = next_int(row);
    record.choose_until = next_int(row);
    order->adoption = keep(turn, next_text(row));
    order->equipment = next_strings(row, turn->arena, &order->n_equipment);
    order->after_work_order_id = keep(turn, next_text(row));
    order->after_gap_ms = next_int(row);
    order->technicians = next_int(row);
    record.continues = next_text(row);
    return record;
}

struct error store_load_order(struct turn *turn, const char *work_order_id,
                              struct order_record *ret_record)
{
    struct rows rows;

    if (!id_valid(work_order_id))
        return rejected(PROBLEM_NOT_FOUND, "work_order_id", "\"%.40s\" is no work order",
                        work_order_id);
    TRY(db_read(turn, &rows, load_order, STR(work_order_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "work_order_id", "no work order %s behind this wall",
                        work_order_id);
    struct row row = row_at(&rows, 0);
    *ret_record = read_order(&row, turn);
    return OK;
}

static void read_orders(struct turn *turn, const struct rows *rows,
                        struct order_record **ret_records, size_t *ret_count)
{
    *ret_count = (size_t)rows->count;
    *ret_records = ARENA_ARRAY(turn->arena, struct order_record, *ret_count + 1);
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        (*ret_records)[i] = read_order(&row, turn);
    }
}

struct error store_load_orders(struct turn *turn, const char *partner_reference,
                               struct order_record **ret_records, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_orders, STR(partner_reference)));
    read_orders(turn, &rows, ret_records, ret_count);
    return OK;
}

struct error store_load_orders_of(struct turn *turn, const char *const person_ids[], size_t count,
                                  struct order_record **ret_records, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_orders_of, text_array(turn->arena, person_ids, count)));
    read_orders(turn, &rows, ret_records, ret_count);
    return OK;
}

void store_forget_words(struct turn *turn, const char *work_order_id)
{
    db_write(turn, forget_words, STR(work_order_id));
}

void store_save_progress(struct turn *turn, const struct order_record *record)
{
    const WorkOrder *order = record->order;

    db_write(turn, save_progress, STR(order->work_order_id), INT(order->state),
             STR(record->visit_id), INT(record->start_at), STR(record->technician_name),
             INT(order->reserved_grosz), INT(order->used_grosz), STR(order->cancel_reason),
             INT(record->lines_expected), INT(record->lines_answered), INT(record->lines_booked),
             INT(record->choose_until), STR(record->continues));
}
