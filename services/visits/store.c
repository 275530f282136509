/* The only file of visits that knows SQL: one reader a query. */
#include "services/visits/store.h"
#include "services/visits/queries.h"

/* ---- copies of intake's ---- */

void store_save_work_order(struct turn *turn, const WorkOrder *order)
{
    db_write(turn, save_work_order, STR(order->work_order_id), STR(order->partner_id),
             STR(order->contract_id), STR(order->service_id), STR(order->person_id),
             STR(order->description_key), STR(order->number));
}

struct error store_load_work_order(struct turn *turn, const char *work_order_id, bool *ret_found,
                                   struct order_copy *ret_order)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_work_order, STR(work_order_id)));
    *ret_found = rows.count > 0;
    if (!*ret_found)
        return OK;
    struct row row = row_at(&rows, 0);
    struct order_copy order = { .partner_id = next_text(&row) };
    order.contract_id = next_text(&row);
    order.service_id = next_text(&row);
    order.person_id = next_text(&row);
    order.description_key = next_text(&row);
    order.number = next_text(&row);
    *ret_order = order;
    return OK;
}

void store_drop_work_orders(struct turn *turn, struct value work_order_ids)
{
    db_write(turn, drop_work_orders, work_order_ids);
}

void store_drop_protocol_rules(struct turn *turn, struct value partner_ids)
{
    db_write(turn, drop_protocol_rules, partner_ids);
}

void store_save_protocol_rules(struct turn *turn, const PartnerChanged *partner)
{
    size_t count = 0, room = 0;

    for (size_t i = 0; i < partner->n_contracts; i++)
        room += partner->contracts[i]->n_services;
    const char **contracts = ARENA_ARRAY(turn->arena, const char *, room + 1);
    const char **services = ARENA_ARRAY(turn->arena, const char *, room + 1);
    const char **words = ARENA_ARRAY(turn->arena, const char *, room + 1);
    for (size_t i = 0; i < partner->n_contracts; i++) {
        const Contract *contract = partner->contracts[i];
        for (size_t k = 0; k < contract->n_services; k++, count++) {
            contracts[count] = contract->contract_id;
            services[count] = contract->services[k]->service_id;
            words[count] = contract->services[k]->protocol;
        }
    }
    db_write(turn, forget_protocol_rules, STR(partner->partner_id));
    db_write(turn, save_protocol_rules, STR(partner->partner_id),
             text_array(turn->arena, contracts, count), text_array(turn->arena, services, count),
             text_array(turn->arena, words, count));
}

struct error store_load_protocol_words(struct turn *turn, const struct course *course,
                                       const char **ret_words)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_protocol_rule, STR(course->partner_id), STR(course->contract_id),
                STR(course->service_id)));
    *ret_words = "photo,signature";
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_words = next_text(&row);
    }
    return OK;
}

/* ---- courses ---- */

void store_save_course(struct turn *turn, const struct course *course)
{
    db_write(turn, save_course, STR(course->visit_id), STR(course->work_order_id),
             STR(course->partner_id), STR(course->technician_id), STR(course->technician_name),
             STR(course->person_id), STR(course->description_key), STR(course->contract_id),
             STR(course->service_id), STR(course->number), INT(course->state),
             INT(course->start_at), INT(course->tolerance_ms), INT(course->length_ms),
             INT(course->on_the_way_at), INT(course->eta_at), INT(course->there_at),
             INT(course->ended_at), INT(course->missed_due_at), STR(course->protocol_key),
             STR(course->solved), STR(course->further), STR(course->further_reason),
             INT(course->further_length_ms), INT(course->further_earliest_at));
}

static struct course read_course(struct row row)
{
    struct course course = { .visit_id = next_text(&row) };

    course.work_order_id = next_text(&row);
    course.partner_id = next_text(&row);
    course.technician_id = next_text(&row);
    course.technician_name = next_text(&row);
    course.person_id = next_text(&row);
    course.description_key = next_text(&row);
    course.contract_id = next_text(&row);
    course.service_id = next_text(&row);
    course.number = next_text(&row);
    course.state = (enum course_state)next_int(&row);
    course.start_at = next_int(&row);
    course.tolerance_ms = next_int(&row);
    course.length_ms = next_int(&row);
    course.on_the_way_at = next_int(&row);
    course.eta_at = next_int(&row);
    course.there_at = next_int(&row);
    course.ended_at = next_int(&row);
    course.missed_due_at = next_int(&row);
    course.protocol_key = next_text(&row);
    course.solved = next_text(&row);
    course.further = next_text(&row);
    course.further_reason = next_text(&row);
    course.further_length_ms = next_int(&row);
    course.further_earliest_at = next_int(&row);
    course.ordinal = next_int(&row);
    return course;
}

static struct course_list read_courses(struct turn *turn, const struct rows *rows)
{
    struct course_list list = { .at =
                                    ARENA_ARRAY(turn->arena, struct course, (size_t)rows->count) };

    for (int i = 0; i < rows->count; i++)
        list.at[list.count++] = read_course(row_at(rows, i));
    return list;
}

struct error store_load_courses(struct turn *turn, const char *work_order_id,
                                struct course_list *ret_courses)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_courses, STR(work_order_id)));
    *ret_courses = read_courses(turn, &rows);
    return OK;
}

struct error store_load_course(struct turn *turn, const char *visit_id, struct course *ret_course)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_course, STR(visit_id)));
    *ret_course =
        rows.count ? read_course(row_at(&rows, 0)) : (struct course){ .state = COURSE_NONE };
    return OK;
}

struct error store_load_day(struct turn *turn, const char *technician_id, timestamp from,
                            timestamp until, struct course_list *ret_courses)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_day, STR(technician_id), INT(from), INT(until)));
    *ret_courses = read_courses(turn, &rows);
    return OK;
}

void store_save_mates(struct turn *turn, const Visit *visit)
{
    const char **mates = ARENA_ARRAY(turn->arena, const char *, visit->n_mates + 1);

    for (size_t i = 0; i < visit->n_mates; i++)
        mates[i] = visit->mates[i]->technician_id;
    db_write(turn, save_mates, STR(visit->visit_id), STR(visit->partner_id),
             text_array(turn->arena, mates, visit->n_mates));
}

struct error store_count_mates(struct turn *turn, const char *visit_id, int64_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_mates, STR(visit_id)));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    return OK;
}

void store_save_event(struct turn *turn, const struct course *course,
                      const struct course_entry *entry)
{
    db_write(turn, save_course_event, STR(course->visit_id), STR(course->partner_id),
             STR(course->technician_id), STR(course_event_name(entry->event)), INT(entry->was),
             INT(course->state), INT(entry->at), INT(turn->now), INT(course->eta_at),
             entry->has_place ? REAL(entry->lat) : NIL, entry->has_place ? REAL(entry->lon) : NIL);
}

/* ---- proof ---- */

void store_save_proof(struct turn *turn, const struct course *course,
                      const struct proof_picture *picture)
{
    db_write(turn, save_proof_file, STR(course->visit_id), STR(picture->kind), STR(picture->sha256),
             STR(course->work_order_id), STR(course->partner_id), STR(course->technician_id),
             INT(picture->size), STR(picture->media_type), INT(picture->width),
             INT(picture->height), INT(turn->now), STR(picture->stored), STR(picture->seal_id));
}

struct error store_has_proof(struct turn *turn, const char *visit_id, const char *kind,
                             const char *sha256, bool *ret_has)
{
    struct rows rows;

    TRY(db_read(turn, &rows, has_proof_file, STR(visit_id), STR(kind), STR(sha256)));
    *ret_has = rows.count > 0;
    return OK;
}

struct error store_forget_proof(struct turn *turn, const char *work_order_id,
                                const char ***ret_stored, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, forget_proof_files, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    *ret_stored = ARENA_ARRAY(turn->arena, const char *, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_stored)[i] = arena_string(turn->arena, next_text(&row));
    }
    db_write(turn, forget_protocols, STR(work_order_id));
    db_write(turn, forget_keys, STR(work_order_id));
    return OK;
}

struct error store_load_proof(struct turn *turn, const char *visit_id, size_t *ret_count,
                              ProofFile ***ret_files)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_proof_files, STR(visit_id)));
    ProofFile **files = ARENA_ARRAY(turn->arena, ProofFile *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ProofFile *file = files[i] = ARENA_NEW(turn->arena, ProofFile);
        proof_file__init(file);
        file->kind = next_text(&row);
        file->sha256 = next_text(&row);
        file->size = next_int(&row);
        file->media_type = next_text(&row);
        file->at = next_int(&row);
    }
    *ret_files = files;
    *ret_count = (size_t)rows.count;
    return OK;
}

struct error store_find_proof(struct turn *turn, const char *work_order_id, const char *sha256,
                              struct proof_picture *ret_picture, const char **ret_technician_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, find_proof_file, STR(work_order_id), STR(sha256)));
    *ret_picture = (struct proof_picture){ .media_type = "", .stored = "", .seal_id = "" };
    *ret_technician_id = "";
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        ret_picture->media_type = next_text(&row);
        *ret_technician_id = next_text(&row);
        ret_picture->stored = next_text(&row);
        ret_picture->seal_id = next_text(&row);
    }
    return OK;
}

void store_save_protocol(struct turn *turn, const struct course *course,
                         const struct protocol *protocol)
{
    db_write(turn, save_protocol, STR(course->visit_id), STR(protocol->key),
             STR(course->partner_id), STR(protocol->findings), STR(protocol->work_done),
             STR(protocol->solved), INT(protocol->card_payment_offered), STR(protocol->signer_name),
             STR(protocol->refusal_reason), STR(protocol->absence_note), INT(protocol->at),
             INT(turn->now));
}

void store_save_line(struct turn *turn, const struct course *course, size_t position,
                     const LineAsked *line)
{
    db_write(turn, save_protocol_line, STR(line->line_id), STR(course->visit_id),
             STR(course->work_order_id), STR(course->partner_id), INT(position), STR(line->item),
             INT(line->quantity));
}

void store_save_part(struct turn *turn, const struct course *course, size_t position,
                     const UsedPart *part)
{
    db_write(turn, save_used_part, STR(course->visit_id), INT(position), STR(course->partner_id),
             STR(part->sku), INT(part->quantity));
}

void store_accept_line(struct turn *turn, const CostLineAccepted *accepted)
{
    db_write(turn, answer_protocol_line, STR(accepted->line_id), STR("accepted"),
             INT(accepted->total_grosz), INT(accepted->covered_grosz), INT(accepted->left_grosz),
             STR(""));
}

void store_refuse_line(struct turn *turn, const CostLineRefused *refused)
{
    db_write(turn, answer_protocol_line, STR(refused->line_id), STR("refused"),
             INT(refused->total_grosz), INT(0), INT(0), STR(refused->rule));
}

static struct error load_line_replies(struct turn *turn, const char *visit_id, ProtocolReply *reply)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_protocol_lines, STR(visit_id)));
    reply->lines = ARENA_ARRAY(turn->arena, ProtocolLineReply *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ProtocolLineReply *line = ARENA_NEW(turn->arena, ProtocolLineReply);
        protocol_line_reply__init(line);
        line->line_id = next_text(&row);
        line->item = next_text(&row);
        line->quantity = next_int(&row);
        line->answer = next_text(&row);
        line->total_grosz = next_int(&row);
        line->covered_grosz = next_int(&row);
        line->left_grosz = next_int(&row);
        line->rule = next_text(&row);
        reply->lines[reply->n_lines++] = line;
    }
    return OK;
}

static struct error load_parts(struct turn *turn, const char *visit_id, ProtocolReply *reply)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_used_parts, STR(visit_id)));
    reply->parts = ARENA_ARRAY(turn->arena, UsedPart *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        UsedPart *part = ARENA_NEW(turn->arena, UsedPart);
        used_part__init(part);
        part->sku = next_text(&row);
        part->quantity = next_int(&row);
        reply->parts[reply->n_parts++] = part;
    }
    return OK;
}

struct error store_load_protocol(struct turn *turn, const char *visit_id, ProtocolReply *reply)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_protocol, STR(visit_id)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        reply->findings = next_text(&row);
        reply->work_done = next_text(&row);
        reply->card_payment_offered = next_bool(&row);
        reply->signer_name = next_text(&row);
        reply->refusal_reason = next_text(&row);
        reply->absence_note = next_text(&row);
    }
    TRY(load_line_replies(turn, visit_id, reply));
    return load_parts(turn, visit_id, reply);
}

struct error store_load_lines(struct turn *turn, const char *visit_id, size_t *ret_count,
                              LineAsked ***ret_lines)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_protocol_lines, STR(visit_id)));
    LineAsked **lines = ARENA_ARRAY(turn->arena, LineAsked *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        LineAsked *line = lines[i] = ARENA_NEW(turn->arena, LineAsked);
        line_asked__init(line);
        line->line_id = next_text(&row);
        line->item = next_text(&row);
        line->quantity = next_int(&row);
    }
    *ret_lines = lines;
    *ret_count = (size_t)rows.count;
    return OK;
}
