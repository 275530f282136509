/* From matching's message to what decisions are made of. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "services/routing/read_day.h"
#include <criterion/criterion.h>

static struct arena arena;

Test(read_day, a_skill_counts_only_while_its_paper_is_valid_all_day)
{
    const int32_t day = 20781; /* 24 November 2026 */
    const struct window whole = date_window(day);
    const struct {
        const char *name, *skill, *paper;
        timestamp from, until;
        bool counts;
    } rows[] = {
        { "no paper needed", "plumbing", "gas", 0, 0, true },
        { "a paper for the whole day and no longer", "gas", "gas", whole.from, whole.until, true },
        { "ends during the day", "gas", "gas", 0, whole.until - 1, false },
        { "begins during the day", "gas", "gas", whole.from + 1, whole.until, false },
        { "another paper", "gas", "electricity", 0, whole.until, false },
        { "a skill that we do not know", "sorcery", "gas", 0, whole.until, false },
    };

    EACH (row, rows) {
        Licence licence = LICENCE__INIT, *licences[] = { &licence };
        TechnicianDay read = TECHNICIAN_DAY__INIT;
        const char *skills[] = { arena_string(&arena, row->skill) };
        licence.kind = arena_string(&arena, row->paper);
        licence.valid_from = row->from;
        licence.valid_until = row->until;
        read.day = day;
        read.skills = skills;
        read.n_skills = 1;
        read.licences = licences;
        read.n_licences = 1;
        cr_expect_eq(skills_on_day(&read) != 0, row->counts, "%s", row->name);
    }
    arena_done(&arena);
}

static Visit *visit(const char *id, timestamp start_at, VisitState state, Place *place)
{
    Visit *made = ARENA_NEW(&arena, Visit);

    visit__init(made);
    made->visit_id = arena_string(&arena, id);
    made->start_at = start_at;
    made->length_ms = HOURS(1);
    made->state = state;
    made->skill = arena_string(&arena, "plumbing");
    made->place = place;
    return made;
}

Test(read_day, who_may_change_hands)
{
    Place place = PLACE__INIT, unknown = PLACE__INIT;
    TechnicianDay day = TECHNICIAN_DAY__INIT, *days[] = { &day };
    const char *under_way[] = { "d" };

    place.lat = 52.2;
    place.lon = 21;
    Visit *visits[] = {
        visit("b", HOURS(2), VISIT_STATE__HELD, &place),
        visit("a", HOURS(1), VISIT_STATE__BOOKED, &place),
        visit("e", HOURS(5), VISIT_STATE__DONE, &place),
        visit("d", HOURS(4), VISIT_STATE__BOOKED, &place),
        visit("c", HOURS(3), VISIT_STATE__BOOKED, &unknown),
        visit("f", HOURS(6), VISIT_STATE__BOOKED, NULL),
        visit("g", HOURS(7), VISIT_STATE__BOOKED, &place),
        visit("h", HOURS(8), VISIT_STATE__BOOKED, &place),
    };
    const bool pinned[] = { false, true, true, true, true, true, true, false };
    visits[6]->technicians = 2; /* those who come together are not torn apart */
    visits[7]->technicians = 1;
    day.home = &place;
    day.visits = visits;
    day.n_visits = COUNT(visits);
    day.active = true;
    struct region_day region = read_region(&arena, days, 1, under_way, 1);
    cr_assert_eq(region.visit_count, 8);
    for (int32_t i = 0; i < region.visit_count; i++) {
        cr_expect_eq(region.visits[i].start_at, HOURS(i + 1), "in order of start");
        cr_expect_eq(region.visits[i].is_pinned, pinned[i], "visit %d", i);
    }
    cr_expect(is_on_route(visits[1]) && is_on_route(visits[2]) && !is_on_route(visits[0]),
              "a hold is no promise");
    arena_done(&arena);
}

Test(read_day, stretches_of_work_are_in_order_and_apart)
{
    Window windows[] = { WINDOW__INIT, WINDOW__INIT, WINDOW__INIT, WINDOW__INIT };
    const int64_t given[][2] = { { 14, 20 }, { 8, 12 }, { 11, 13 }, { 15, 16 } };
    Window *work[COUNT(windows)];
    TechnicianDay day = TECHNICIAN_DAY__INIT;

    for (size_t i = 0; i < COUNT(windows); i++) {
        windows[i].from = HOURS(given[i][0]);
        windows[i].until = HOURS(given[i][1]);
        work[i] = &windows[i];
    }
    day.work = work;
    day.n_work = COUNT(work);
    day.active = true;
    struct workday read = workday_of(&arena, &day);
    cr_assert_eq(read.work_count, 3, "what lies inside another adds nothing");
    cr_expect(read.work[0].from == HOURS(8) && read.work[0].until == HOURS(12));
    cr_expect(read.work[1].from == HOURS(12) && read.work[1].until == HOURS(13));
    cr_expect(read.work[2].from == HOURS(14) && read.work[2].until == HOURS(20));
    day.active = false;
    cr_expect_eq(workday_of(&arena, &day).work_count, 0, "who is not active does not work");
    arena_done(&arena);
}
