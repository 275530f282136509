/* Several who come together, at one hour: their days change with the leader's, in the same turn. */
#include "services/matching/handlers.h"

struct error crew_check(struct turn *turn, const struct order_copy *order,
                        struct slot_choice *choice)
{
    TechnicianDay *day = NULL;
    bool is_taken;

    if (choice->mate_count + 1 != (size_t)order->technicians)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "%lld have to come, %zu were chosen",
                        (long long)order->technicians, choice->mate_count + 1);
    for (size_t i = 0; i < choice->mate_count; i++) {
        struct day_choice *mate = &choice->mates[i];
        choice->refused = i + 1;
        TRY(day_open(turn, mate->technician_id, mate->day, &day));
        TRY(promise_check(turn, order, day, choice->start_at, NULL, &mate->seen));
        /* A night's work may stand in the day before. */
        TRY(store_is_taken(turn, mate->technician_id, choice->start_at, order->visit_length_ms,
                           &is_taken));
        if (is_taken)
            return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "the hour was taken meanwhile");
    }
    choice->refused = 0;
    return OK;
}

static void name_all(struct turn *turn, Visit *visit, const char *leader_name)
{
    const char *names[CREW_MOST] = { leader_name };
    size_t count = 1;

    for (size_t i = 0; i < visit->n_mates && count < CREW_MOST; i++)
        names[count++] = visit->mates[i]->technician_name;
    visit->technicians = (int64_t)count;
    visit->technician_name = arena_string(turn->arena, names_together(turn->arena, names, count));
    store_save_crew(turn, visit);
}

struct error crew_rename(struct turn *turn, Visit *visit, const char *leader_name)
{
    if (visit->technicians <= 1)
        return OK;
    TRY(store_name_mates(turn, visit));
    name_all(turn, visit, leader_name);
    return OK;
}

static Mate *mate_of(struct turn *turn, const TechnicianDay *day)
{
    Mate *mate = ARENA_NEW(turn->arena, Mate);

    mate__init(mate);
    mate->technician_id = day->technician_id;
    mate->technician_name = day->first_name;
    return mate;
}

struct error crew_add(struct turn *turn, const struct order_copy *order,
                      const struct slot_choice *choice, Visit *visit)
{
    TechnicianDay *day = NULL;
    bool is_added = false;

    if (choice->mate_count == 0)
        return OK;
    visit->n_mates = 0;
    visit->mates = ARENA_ARRAY(turn->arena, Mate *, choice->mate_count);
    for (size_t i = 0; i < choice->mate_count; i++) {
        TRY(day_open(turn, choice->mates[i].technician_id, choice->mates[i].day, &day));
        Visit *along = visit_make(turn, order, day, visit->start_at, visit->state);
        along->mate_of = visit->visit_id;
        TRY(store_add_visit(turn, along, choice->mates[i].day, &is_added));
        if (!is_added) /* the day was locked and asked: only the whole turn can be taken back */
            return temporary("the hour of %s is taken", day->technician_id);
        day_add_visit(turn, day, along);
        TRY(day_tell(turn, day));
        visit->mates[visit->n_mates++] = mate_of(turn, day);
    }
    name_all(turn, visit, visit->technician_name);
    return OK;
}

struct error crew_release(struct turn *turn, const Visit *visit, VisitState state)
{
    Visit **mates;
    int32_t *days;
    size_t count;

    TRY(store_load_mates(turn, visit, visit->state, &mates, &days, &count));
    for (size_t i = 0; i < count; i++)
        TRY(day_leave(turn, mates[i], days[i], state));
    return OK;
}

/* Into his day again, as it is now; he stays out when something else is in it meanwhile. */
static struct error turn_one(struct turn *turn, const struct order_copy *order, Visit *mate,
                             int32_t date, VisitState state)
{
    TechnicianDay *day = NULL;
    bool is_moved = false;

    TRY(day_open(turn, mate->technician_id, date, &day));
    if (order) {
        struct order_copy as_promised = *order;
        as_promised.visit_length_ms = mate->length_ms;
        struct error fits =
            promise_fits(turn, &as_promised, day, mate->start_at, mate->visit_id, NULL);
        if (fits.kind == ERROR_REJECTED)
            return OK;
        TRY(fits);
    }
    mate->state = state;
    mate->hold_until = 0;
    TRY(store_move_visit(turn, mate, date, &is_moved));
    if (!is_moved)
        return OK;
    /* A hold that is taken is booked now. */
    store_set_visit_state(turn, mate->visit_id, state);
    day_drop_visit(day, mate->visit_id);
    day_add_visit(turn, day, mate);
    return day_tell(turn, day);
}

struct error crew_turn(struct turn *turn, const struct order_copy *order, Visit *visit,
                       VisitState was, VisitState state)
{
    Visit **mates;
    int32_t *days;
    size_t count;

    TRY(store_load_mates(turn, visit, was, &mates, &days, &count));
    for (size_t i = 0; i < count; i++)
        TRY(turn_one(turn, order, mates[i], days[i], state));
    return OK;
}

struct error crew_complete(struct turn *turn, Visit *visit)
{
    if (visit->technicians <= 1)
        return OK;
    TRY(store_name_mates(turn, visit));
    if (visit->n_mates + 1 != (size_t)visit->technicians)
        return rejected(PROBLEM_HOUR_TAKEN, "/visit_id", "%zu of %lld can still come",
                        visit->n_mates + 1, (long long)visit->technicians);
    return OK;
}
