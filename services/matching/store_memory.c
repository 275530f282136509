/* What is read whole into memory: the book, a few hundred technicians at a time, scores, vans,
 * weights. */
#include "lib/service/message.h"
#include "services/matching/queries.h"
#include "services/matching/store.h"
#include <string.h>

static const char FIRST_ID[] = "00000000-0000-0000-0000-000000000000";

static int compare_key(const Visit *visit, int32_t visit_day, const TechnicianDay *day)
{
    int order = strcmp(visit->technician_id, day->technician_id);

    return order ? order : visit_day < day->day ? -1 : visit_day > day->day;
}

/* Days of the technicians in (after, last]. */
static struct error walk_part(struct turn *turn, int32_t from, const char *after, const char *last,
                              void (*take)(const TechnicianDay *day, void *context), void *context)
{
    struct rows rows, visit_rows;
    Visit **visits;
    int32_t *visit_days;
    size_t at = 0;

    /* Days first: a booking between the two reads is then in the visits of an older version, which
     * the fact puts right. */
    TRY(db_read(turn, &rows, load_days_from, INT(from), STR(after), STR(last)));
    TRY(db_read(turn, &visit_rows, load_visits_from, INT(from), STR(after), STR(last)));
    size_t visit_count = (size_t)visit_rows.count;
    store_read_visits(turn, &visit_rows, &visits, &visit_days);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        TechnicianDay *day;
        next_text(&row);
        next_int(&row);
        int64_t version = next_int(&row);
        TRY(store_read_shape(turn, next_bytes(&row, turn->arena), version, &day));
        while (at < visit_count && compare_key(visits[at], visit_days[at], day) < 0)
            at++;
        day->visits = visits + at;
        while (at < visit_count && compare_key(visits[at], visit_days[at], day) == 0) {
            day->n_visits++;
            at++;
        }
        take(day, context);
    }
    return OK;
}

struct error store_walk_book(struct turn *turn, int32_t from,
                             void (*take)(const TechnicianDay *day, void *context), void *context)
{
    struct arena part = { 0 }, *whole = turn->arena;
    const size_t mark = db_mark_rows();
    char after[37] = "", last[37];
    struct rows rows;
    struct error error;

    memcpy(last, FIRST_ID, sizeof last);
    turn->arena = &part;
    do {
        memcpy(after, last, sizeof after);
        db_drop_rows(mark);
        arena_reset(&part);
        error = db_read(turn, &rows, load_technicians_after, STR(after), INT(from));
        if (error.kind != ERROR_NONE || rows.count == 0)
            break;
        struct row row = row_at(&rows, rows.count - 1);
        memcpy(last, next_text(&row), sizeof last);
        error = walk_part(turn, from, after, last, take, context);
    } while (error.kind == ERROR_NONE);
    turn->arena = whole;
    db_drop_rows(mark);
    arena_done(&part);
    return error;
}

void store_save_score(struct turn *turn, const char *technician_id, int64_t answers, int64_t sum)
{
    db_write(turn, save_score, STR(technician_id), INT(answers), INT(sum));
}

struct error store_walk_scores(struct turn *turn, void (*take)(const char *technician_id,
                                                               int64_t answers, int64_t sum))
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_scores));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        const char *technician_id = next_text(&row);
        int64_t answers = next_int(&row);
        take(technician_id, answers, next_int(&row));
    }
    return OK;
}

void store_save_van(struct turn *turn, const VanStock *van)
{
    db_write(turn, save_van, STR(van->technician_id), INT(van->version),
             BYTES(message_pack(turn->arena, &van->base)));
}

void store_drop_vans(struct turn *turn, struct value technician_ids)
{
    db_write(turn, drop_vans, technician_ids);
}

static struct error walk_some_vans(struct turn *turn, void (*take)(const VanStock *van),
                                   char last[37], int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_vans_after, STR(last)));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ProtobufCMessage *message = NULL;
        memcpy(last, next_text(&row), sizeof FIRST_ID);
        TRY(message_unpack(turn->arena, &van_stock__descriptor, next_bytes(&row, turn->arena),
                           &message));
        take((const VanStock *)message);
    }
    *ret_count = rows.count;
    return OK;
}

struct error store_walk_vans(struct turn *turn, void (*take)(const VanStock *van))
{
    struct arena part = { 0 }, *whole = turn->arena;
    const size_t mark = db_mark_rows();
    struct error error;
    char last[37];
    int count = 0;

    memcpy(last, FIRST_ID, sizeof last);
    turn->arena = &part;
    do {
        db_drop_rows(mark);
        arena_reset(&part);
        error = walk_some_vans(turn, take, last, &count);
    } while (error.kind == ERROR_NONE && count > 0);
    turn->arena = whole;
    db_drop_rows(mark);
    arena_done(&part);
    return error;
}

struct error store_load_policy(struct turn *turn, Policy **ret_policy)
{
    ProtobufCMessage *message;
    struct rows rows;

    *ret_policy = NULL;
    TRY(db_read(turn, &rows, load_policy));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    TRY(message_unpack(turn->arena, &policy__descriptor, next_bytes(&row, turn->arena), &message));
    *ret_policy = (Policy *)message;
    return OK;
}

void store_save_policy(struct turn *turn, const Policy *policy)
{
    db_write(turn, save_policy, INT(policy->version),
             BYTES(message_pack(turn->arena, &policy->base)));
}
