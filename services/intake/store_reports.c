/* SQL about reports: what came in, sealed, and what became of it. */
#include "lib/service/person/seal.h"
#include "services/intake/queries.h"
#include "services/intake/store.h"

struct error store_save_mail(struct turn *turn, const char *report_id, struct text raw,
                             const char *mail_key, bool *ret_is_new)
{
    struct sealed sealed = seal_bytes(turn->arena, raw);
    struct rows rows;

    TRY(db_read(turn, &rows, save_mail, STR(report_id), INT(CHANNEL__MAIL), BYTES(sealed.bytes),
                INT(turn->now), STR(mail_key), STR(sealed.id), BYTES(sealed.wrapped_key),
                INT(turn->machine_now)));
    *ret_is_new = rows.count == 1;
    return OK;
}

void store_end_report(struct turn *turn, const struct report *report, const char *outcome,
                      const char *rule, const char *partner_id, const WorkOrder *order)
{
    const char *work_order_id = order ? order->work_order_id : NULL;
    const char *person_id = order ? order->person_id : NULL;

    if (report->is_saved) {
        db_write(turn, end_report, STR(report->report_id), STR(outcome), STR(rule), STR(partner_id),
                 STR_OR_NIL(work_order_id));
        if (person_id)
            db_write(turn, own_report, STR(report->report_id), STR(person_id));
        return;
    }
    struct sealed sealed = seal_bytes(turn->arena, report->raw);
    db_write(turn, save_report, STR(report->report_id), INT(report->channel), STR(partner_id),
             BYTES(sealed.bytes), INT(turn->now), STR(outcome), STR(rule),
             STR_OR_NIL(work_order_id), STR(sealed.id), STR_OR_NIL(person_id),
             BYTES(sealed.wrapped_key), INT(turn->machine_now));
}

struct error store_load_report(struct turn *turn, const char *report_id, struct text *ret_raw,
                               const char **ret_outcome)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_report, STR(report_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "report_id", "no report %s", report_id);
    struct row row = row_at(&rows, 0);
    struct text raw = next_bytes(&row, turn->arena);
    const char *seal_id = next_text(&row);
    *ret_outcome = next_text(&row);
    *ret_raw = raw;
    return seal_id[0] ? seal_open(turn, seal_id, raw, ret_raw) : OK;
}

struct error store_load_quarantine(struct turn *turn, QuarantineList *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_quarantine));
    ret_list->n_reports = (size_t)rows.count;
    ret_list->reports = ARENA_ARRAY(turn->arena, Quarantined *, ret_list->n_reports + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        Quarantined *report = ret_list->reports[i] = ARENA_NEW(turn->arena, Quarantined);
        quarantined__init(report);
        report->report_id = arena_string(turn->arena, next_text(&row));
        report->partner_id = arena_string(turn->arena, next_text(&row));
        report->channel = (Channel)next_int(&row);
        report->rule = arena_string(turn->arena, next_text(&row));
        report->received_at = next_int(&row);
    }
    return OK;
}

struct error store_load_conservation(struct turn *turn, ConservationReply *ret_reply)
{
    struct rows rows;

    TRY(db_read(turn, &rows, conservation));
    ret_reply->holds = true;
    ret_reply->n_channels = (size_t)rows.count;
    ret_reply->channels = ARENA_ARRAY(turn->arena, ChannelCount *, ret_reply->n_channels + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ChannelCount *count = ret_reply->channels[i] = ARENA_NEW(turn->arena, ChannelCount);
        channel_count__init(count);
        count->channel = (Channel)next_int(&row);
        count->received = next_int(&row);
        count->opened = next_int(&row);
        count->joined = next_int(&row);
        count->duplicate = next_int(&row);
        count->quarantined = next_int(&row);
        count->refused = next_int(&row);
        count->in_progress = next_int(&row);
        ret_reply->holds &= count->received == count->opened + count->joined + count->duplicate +
                                                   count->quarantined + count->refused +
                                                   count->in_progress;
    }
    return OK;
}

struct error store_take_mail_lease(struct turn *turn, timestamp until, bool *ret_taken)
{
    struct rows rows;

    TRY(db_read(turn, &rows, take_mail_lease, INT(turn->machine_now), INT(until)));
    *ret_taken = rows.count == 1;
    return OK;
}

void store_end_mail_lease(struct turn *turn)
{
    db_write(turn, end_mail_lease);
}
