/* With store.c and store_nightly.c the only file of matching that knows SQL: shadow hours. */
#include "services/matching/store_shadow.h"
#include "lib/domain/calendar.h"
#include "services/matching/queries.h"

void store_save_shadow(struct turn *turn, const struct order_copy *order, const struct slot *slot)
{
    timestamp start_at = slot ? slot->start.start_at : 0;

    db_write(turn, save_shadow, STR(order->work_order_id), STR(order->partner_id), INT(turn->now),
             slot ? INT(start_at) : NIL, slot ? INT(date_from_timestamp(start_at)) : NIL,
             slot ? STR(slot->day->who->id.text) : NIL, INT(slot ? slot->start.added_travel_ms : 0),
             INT(slot ? slot->score.total_ms : 0));
}

void store_agree_shadow(struct turn *turn, const Visit *visit, const Actor *by)
{
    db_write(turn, agree_shadow, STR(visit->work_order_id), INT(turn->now), INT(visit->start_at),
             INT(date_from_timestamp(visit->start_at)), STR(visit->technician_id), STR(by->kind));
}

static ShadowHour *read_hour(struct row *row, struct turn *turn)
{
    ShadowHour *hour = ARENA_NEW(turn->arena, ShadowHour);

    shadow_hour__init(hour);
    hour->work_order_id = arena_string(turn->arena, next_text(row));
    hour->at = next_int(row);
    hour->would_start_at = next_int(row);
    hour->would_technician_id = arena_string(turn->arena, next_text(row));
    hour->added_travel_ms = next_int(row);
    hour->score_ms = next_int(row);
    hour->agreed_at = next_int(row);
    hour->agreed_start_at = next_int(row);
    hour->agreed_technician_id = arena_string(turn->arena, next_text(row));
    hour->agreed_by = arena_string(turn->arena, next_text(row));
    if (hour->would_start_at && hour->agreed_start_at)
        hour->later_ms = hour->agreed_start_at - hour->would_start_at;
    return hour;
}

struct error store_load_shadow(struct turn *turn, const char *partner_id, timestamp from,
                               ShadowReport *ret_report)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_shadow, STR(partner_id), INT(from)));
    struct row row = row_at(&rows, 0);
    ret_report->orders = next_int(&row);
    ret_report->nobody = next_int(&row);
    ret_report->agreed = next_int(&row);
    ret_report->compared = next_int(&row);
    ret_report->same_day = next_int(&row);
    ret_report->within_hour = next_int(&row);
    ret_report->later = next_int(&row);
    ret_report->sooner = next_int(&row);
    TRY(db_read(turn, &rows, load_shadow, STR(partner_id), INT(from)));
    ret_report->hours = ARENA_ARRAY(turn->arena, ShadowHour *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        row = row_at(&rows, i);
        ret_report->hours[ret_report->n_hours++] = read_hour(&row, turn);
    }
    return OK;
}
