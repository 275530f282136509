/* SQL of the improvements. */
#include "services/routing/store_plans.h"
#include "lib/domain/calendar.h"
#include "lib/service/message.h"
#include "services/routing/improve_region.h"
#include "services/routing/queries.h"

void store_save_change(struct turn *turn, const char *region, const TechnicianDay *day)
{
    db_write(turn, save_region, STR(region));
    db_write(turn, save_change, STR(region), INT(day->day), STR(day->technician_id),
             INT(day->version), INT(turn->machine_now));
}

void store_forget_changes(struct turn *turn, int32_t before_day)
{
    db_write(turn, forget_changes, INT(before_day));
}

struct error store_take_region(struct turn *turn, int32_t first_day, struct change *ret_change)
{
    struct change change = { .region = "" };
    struct rows rows;

    TRY(db_read(turn, &rows, take_region, INT(turn->machine_now), INT(first_day)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        change.region = next_text(&row);
        change.day = (int32_t)next_int(&row);
        change.technician_id = next_text(&row);
    }
    *ret_change = change;
    return OK;
}

static struct error read_day(struct turn *turn, struct row *row, TechnicianDay **ret_day)
{
    ProtobufCMessage *message = NULL;

    TRY(message_unpack(turn->arena, &technician_day__descriptor, next_bytes(row, turn->arena),
                       &message));
    *ret_day = (TechnicianDay *)message;
    return OK;
}

struct error store_load_neighbours(struct turn *turn, const struct change *change, int64_t most,
                                   TechnicianDay ***ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_neighbours, STR(change->region), INT(change->day),
                STR(change->technician_id), INT(most)));
    TechnicianDay **days = ARENA_ARRAY(turn->arena, TechnicianDay *, (size_t)rows.count);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        int64_t version = next_int(&row);
        TRY(read_day(turn, &row, &days[i]));
        days[i]->version = version;
    }
    *ret_days = days;
    *ret_count = (size_t)rows.count;
    return OK;
}

static struct value technician_ids(struct turn *turn, TechnicianDay *const days[], size_t count)
{
    const char **ids = ARENA_ARRAY(turn->arena, const char *, count);

    for (size_t i = 0; i < count; i++)
        ids[i] = days[i]->technician_id;
    return text_array(turn->arena, ids, count);
}

struct error store_load_under_way(struct turn *turn, TechnicianDay *const days[], size_t count,
                                  int32_t day, const char ***ret_visit_ids, size_t *ret_count)
{
    struct rows rows;

    /* A night's work may begin on one date and end on the next. */
    TRY(db_read(turn, &rows, load_under_way, technician_ids(turn, days, count),
                INT(date_start(day)), INT(date_end(day + 1))));
    const char **ids = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ids[i] = next_text(&row);
    }
    *ret_visit_ids = ids;
    *ret_count = (size_t)rows.count;
    return OK;
}

void store_save_computing(struct turn *turn, const struct change *change,
                          TechnicianDay *const days[], size_t count, const char *input_hash,
                          timestamp until)
{
    int64_t *versions = ARENA_ARRAY(turn->arena, int64_t, count);

    for (size_t i = 0; i < count; i++)
        versions[i] = days[i]->version;
    db_write(turn, save_computing, STR(change->region), INT(until), INT(turn->machine_now),
             INT(change->day), technician_ids(turn, days, count),
             int_array(turn->arena, versions, count), STR(input_hash));
}

struct error store_load_computing(struct turn *turn, const char *region, const char *input_hash,
                                  struct computing *ret_computing)
{
    struct computing computing = { 0 };
    struct rows rows;

    TRY(db_read(turn, &rows, load_computing, STR(region), STR(input_hash)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        computing.is_found = true;
        computing.day = (int32_t)next_int(&row);
        computing.taken_at = next_int(&row);
    }
    *ret_computing = computing;
    return OK;
}

struct error store_load_computed_days(struct turn *turn, const char *region,
                                      const int64_t numbers[], size_t count,
                                      TechnicianDay **ret_days)
{
    struct rows rows;

    for (size_t i = 0; i < count; i++)
        ret_days[i] = NULL;
    TRY(db_read(turn, &rows, load_computed_days, STR(region),
                int_array(turn->arena, numbers, count)));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        int64_t number = next_int(&row);
        TechnicianDay *day;
        if (!next_bool(&row))
            continue;
        TRY(read_day(turn, &row, &day));
        for (size_t k = 0; k < count; k++)
            if (numbers[k] == number)
                ret_days[k] = day;
    }
    return OK;
}

void store_end_changes(struct turn *turn, const char *region)
{
    db_write(turn, end_changes, STR(region));
}

void store_rest_region(struct turn *turn, const char *region, timestamp until)
{
    db_write(turn, rest_region, STR(region), INT(until));
}

struct error store_is_refused(struct turn *turn, const char *input_hash, bool *ret_is_refused)
{
    struct rows rows;

    TRY(db_read(turn, &rows, is_refused, STR(input_hash)));
    *ret_is_refused = rows.count > 0;
    return OK;
}

void store_save_plan(struct turn *turn, const char *region, const PlanProposed *plan,
                     struct text input, struct text answer, timestamp wait_until)
{
    db_write(turn, save_plan, STR(plan->plan_id), STR(region), INT(plan->day), INT(turn->now),
             INT(plan->n_swaps), INT(plan->saved_travel_ms), INT(plan->saved_travel_m),
             STR(plan->input_hash), INT(SWAP_RULE_VERSION), BYTES(input), BYTES(answer));
    for (size_t i = 0; i < plan->n_swaps; i++) {
        const ProposedSwap *swap = plan->swaps[i];
        db_write(turn, save_swap, STR(plan->plan_id), STR(swap->visit_id), STR(swap->work_order_id),
                 STR(swap->from_technician_id), STR(swap->to_technician_id));
    }
    db_write(turn, save_proposed, STR(region), INT(wait_until), STR(plan->plan_id));
}

void store_expire_plans(struct turn *turn, const char *region)
{
    db_write(turn, expire_plans, STR(region));
}

struct error store_accept_swap(struct turn *turn, const char *visit_id, const char *technician_id,
                               int64_t rest_ms)
{
    struct rows taken, left;

    TRY(db_read(turn, &taken, take_swap, STR(visit_id), STR(technician_id)));
    for (int i = 0; i < taken.count; i++) {
        struct row row = row_at(&taken, i);
        const char *plan_id = next_text(&row);
        TRY(db_read(turn, &left, accept_swap, STR(plan_id)));
        row = row_at(&left, 0);
        if (next_int(&row) == 0)
            db_write(turn, end_proposed, STR(plan_id), INT(rest_ms));
    }
    return OK;
}

void store_refuse_plan(struct turn *turn, const PlanRefused *refused, int64_t rest_ms)
{
    db_write(turn, refuse_plan, STR(refused->plan_id), STR(refused->rule),
             STR(refused->technician_id));
    db_write(turn, end_proposed, STR(refused->plan_id), INT(rest_ms));
}

struct error store_load_plans_of(struct turn *turn, timestamp from, timestamp until,
                                 const char ***ret_plan_ids, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_plans_of, INT(from), INT(until)));
    *ret_plan_ids = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    *ret_count = (size_t)rows.count;
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_plan_ids)[i] = next_text(&row);
    }
    return OK;
}

struct error store_load_plan(struct turn *turn, const char *plan_id, struct kept_plan *ret_plan)
{
    struct rows rows;

    if (!id_valid(plan_id))
        return rejected(PROBLEM_NOT_FOUND, "ID", "\"%.40s\" is no plan", plan_id);
    TRY(db_read(turn, &rows, load_plan, STR(plan_id)));
    if (!rows.count)
        return rejected(PROBLEM_NOT_FOUND, "ID", "there is no plan %s", plan_id);
    struct row row = row_at(&rows, 0);
    ret_plan->rule_version = next_int(&row);
    ret_plan->input = next_bytes(&row, turn->arena);
    ret_plan->answer = next_bytes(&row, turn->arena);
    return OK;
}
