/* What matching and visits told: two halves of one copy, heard in any order. */
#include "proto/matching.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers.h"
#include <assert.h>

static_assert((int)BOOK_BOOKED == VISIT_STATE__BOOKED, "as on the wire");
static_assert((int)BOOK_CANCELLED == VISIT_STATE__CANCELLED, "as on the wire");
static_assert((int)BOOK_MISSED == VISIT_STATE__MISSED, "as on the wire");
static_assert((int)BOOK_DONE == VISIT_STATE__DONE, "as on the wire");
static_assert((int)COURSE_PLANNED == COURSE_STATE__PLANNED, "as on the wire");
static_assert((int)COURSE_ON_THE_WAY == COURSE_STATE__ON_THE_WAY, "as on the wire");
static_assert((int)COURSE_THERE == COURSE_STATE__THERE, "as on the wire");
static_assert((int)COURSE_DONE == COURSE_STATE__DONE, "as on the wire");
static_assert((int)COURSE_MISSED == COURSE_STATE__MISSED, "as on the wire");
static_assert((int)COURSE_CANCELLED == COURSE_STATE__CANCELLED, "as on the wire");

/* Counts the change from what the row showed before to what it shows now. */
static void tally_visit(struct turn *turn, bool was_known, enum visit_shown before,
                        enum visit_shown after)
{
    if (was_known && before == after)
        return;
    if (was_known)
        store_add_tally(turn, "visit", visit_label(before)->key, -1);
    store_add_tally(turn, "visit", visit_label(after)->key, 1);
}

/* Told again, all visits of an order carry its present sequence, the newest one last. */
static int64_t told_at_sequence(struct turn *turn, const struct visit_row *row)
{
    if (turn->fact.is_retold)
        store_age_visits(turn, row, turn->fact.sequence);
    return turn->fact.sequence;
}

static struct error copy_visit(struct turn *turn, const Visit *visit)
{
    struct visit_row row;
    bool was_known;

    stay_behind_wall(turn, visit->partner_id);
    TRY(store_load_visit_states(turn, visit->visit_id, &row, &was_known));
    enum visit_shown before = show_visit(row.booked, row.course);
    row.work_order_id = visit->work_order_id;
    row.partner_id = visit->partner_id;
    row.technician_name = visit->technician_name;
    row.start_at = visit->start_at;
    row.tolerance_ms = visit->tolerance_ms;
    row.booked = (int)visit->state;
    row.told = told_at_sequence(turn, &row);
    row.shown = show_visit(row.booked, row.course);
    store_save_booking(turn, &row);
    tally_visit(turn, was_known, before, row.shown);
    return OK;
}

static struct error note_visit(struct turn *turn, const Visit *visit, timestamp hour_at)
{
    if (!visit)
        return rejected(PROBLEM_INVALID, "visit", "the fact carries no visit");
    TRY(copy_visit(turn, visit));
    note_fact(turn, visit->partner_id, visit->work_order_id,
              hour_at && !string_empty(visit->continues)
                  ? arena_format(turn->arena, "%s, na dokończenie prac", visit->technician_name)
                  : visit->technician_name,
              hour_at);
    return OK;
}

struct error on_visit_booked(struct turn *turn, const void *message)
{
    const VisitBooked *booked = message;

    return note_visit(turn, booked->visit, booked->visit ? booked->visit->start_at : 0);
}

struct error on_visit_moved(struct turn *turn, const void *message)
{
    const VisitMoved *moved = message;

    return note_visit(turn, moved->visit, moved->visit ? moved->visit->start_at : 0);
}

struct error on_visit_reassigned(struct turn *turn, const void *message)
{
    const VisitReassigned *reassigned = message;

    return note_visit(turn, reassigned->visit, 0);
}

struct error on_visit_cancelled(struct turn *turn, const void *message)
{
    const VisitCancelled *cancelled = message;

    return note_visit(turn, cancelled->visit, 0);
}

/* The missed one first: the newest visit of the order is the one that was told last. */
struct error on_visit_rebooked(struct turn *turn, const void *message)
{
    const VisitRebooked *rebooked = message;

    if (rebooked->missed)
        TRY(copy_visit(turn, rebooked->missed));
    return note_visit(turn, rebooked->visit, rebooked->visit ? rebooked->visit->start_at : 0);
}

/* Nothing changed: noted, not copied. */
struct error on_visit_move_refused(struct turn *turn, const void *message)
{
    const VisitMoveRefused *refused = message;

    if (!refused->visit)
        return rejected(PROBLEM_INVALID, "visit", "the fact carries no visit");
    note_fact(turn, refused->visit->partner_id, refused->visit->work_order_id, "", 0);
    return OK;
}

struct error on_visit_finished(struct turn *turn, const void *message)
{
    const VisitFinished *finished = message;

    return note_visit(turn, finished->visit, 0);
}

struct error on_work_order_unstaffed(struct turn *turn, const void *message)
{
    const WorkOrderUnstaffed *unstaffed = message;

    note_fact(turn, unstaffed->partner_id, unstaffed->work_order_id, "", 0);
    return OK;
}

/* ---- the course ---- */

/* Who, and why his work is not all that there was to do. */
static const char *course_word(struct turn *turn, const Course *course)
{
    const FurtherWork *further = course->further;
    const char *name = course->technician_name;

    if (!further)
        return name;
    if (further->none)
        return arena_format(turn->arena, "%s, %s", name, further_label(further->reason));
    return arena_format(turn->arena, "%s, prace niedokończone%s%s", name,
                        string_empty(further->reason) ? "" : ": ", further_label(further->reason));
}

static struct error note_course(struct turn *turn, const Course *course, timestamp hour_at)
{
    struct visit_row row;
    bool was_known;

    if (!course)
        return rejected(PROBLEM_INVALID, "course", "the fact carries no course");
    stay_behind_wall(turn, course->partner_id);
    TRY(store_load_visit_states(turn, course->visit_id, &row, &was_known));
    enum visit_shown before = show_visit(row.booked, row.course);
    row.work_order_id = course->work_order_id;
    row.partner_id = course->partner_id;
    row.technician_name = course->technician_name;
    row.start_at = course->start_at;
    row.tolerance_ms = course->tolerance_ms;
    row.course = (int)course->state;
    row.eta_at = course->eta_at;
    row.shown = show_visit(row.booked, row.course);
    store_save_course(turn, &row);
    tally_visit(turn, was_known, before, row.shown);
    note_fact(turn, course->partner_id, course->work_order_id, course_word(turn, course), hour_at);
    return OK;
}

struct error on_technician_on_the_way(struct turn *turn, const void *message)
{
    const TechnicianOnTheWay *set_out = message;

    return note_course(turn, set_out->course, set_out->course ? set_out->course->eta_at : 0);
}

struct error on_technician_there(struct turn *turn, const void *message)
{
    const TechnicianThere *there = message;

    return note_course(turn, there->course, 0);
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;

    return note_course(turn, done->course, 0);
}

struct error on_cost_line_asked(struct turn *turn, const void *message)
{
    const CostLineAsked *asked = message;

    note_behind_the_story(turn, asked->course->partner_id, asked->course->work_order_id,
                          asked->item);
    return OK;
}

struct error on_visit_missed(struct turn *turn, const void *message)
{
    const VisitMissed *missed = message;

    return note_course(turn, missed->course, 0);
}
