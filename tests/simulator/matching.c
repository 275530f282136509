/* Matching: its book as it is, and as a search remembers it. */
#include "tests/simulator/world.h"
#include <stdio.h>
#include <string.h>

enum { TRIES = 5 };

void drop_stop(struct world *world, struct visit *visit)
{
    struct kept_day *kept = &world->days[visit->day];
    struct book_day *day = &kept->day;

    CHANGING(*kept);
    for (size_t i = 0; i < day->stop_count; i++) {
        if (day->stops[i].start_at != visit->start_at)
            continue;
        day->stop_count--;
        memmove(&day->stops[i], &day->stops[i + 1], (day->stop_count - i) * sizeof day->stops[0]);
        break;
    }
    day->version++;
}

void add_stop(struct world *world, const struct visit *visit, int64_t length_ms)
{
    struct kept_day *kept = &world->days[visit->day];
    struct day all = { .stops = kept->stops,
                       .count = kept->day.stop_count,
                       .capacity = STOPS_MOST };

    CHANGING(*kept);
    day_insert(&all, &(struct stop){ .start_at = visit->start_at,
                                     .work_ms = length_ms,
                                     .place = world->orders[visit->order].place,
                                     .kind = STOP_VISIT });
    kept->day.stop_count = (uint8_t)all.count;
    kept->day.version++;
}

/* Memory hears of the day as it is; what it points to stays its own. */
void tell_memory(struct world *world, int number)
{
    const struct kept_day *from = &world->days[number];
    struct kept_day *to = &world->memory[number];

    memcpy(to->stops, from->stops, sizeof to->stops);
    to->stretch = from->stretch;
    to->day.is_unreadable = from->day.is_unreadable;
    to->day.stop_count = from->day.stop_count;
    to->day.version = from->day.version;
}

/* What a search sees: memory's days, each technician with his. */
struct book_of_memory {
    struct member members[TECHNICIANS];
    struct book_day *days[DAYS_COUNT];
    int32_t dates[DAYS_COUNT];
};

static void look(struct world *world, struct book_of_memory *book)
{
    memset(book, 0, sizeof *book);
    for (int i = 0; i < TECHNICIANS; i++) {
        struct member *member = &book->members[i];
        member->who = &world->technicians[i];
        member->days = book->days + i * DAYS_COUNT / TECHNICIANS;
        member->dates = book->dates + i * DAYS_COUNT / TECHNICIANS;
    }
    for (int i = 0; i < DAYS_COUNT; i++) {
        struct book_day *day = &world->memory[i].day;
        struct member *member = &book->members[day->who - world->technicians];
        member->dates[member->day_count] = day->date;
        member->days[member->day_count++] = day;
    }
}

/* Looks in memory, promises on the truth, looks again at what memory had wrong. */
bool promise(struct world *world, int order)
{
    static struct book_of_memory book;
    static struct arena arena;
    struct visit_job job = { .place = world->orders[order].place,
                             .length_ms = HOURS(1),
                             .skill = SKILL_PLUMBING,
                             .starts = { world->now, world->now + DAYS(3) },
                             .waiting_permille = 20 };

    if (world->visit_count == VISITS_MOST)
        return false;
    for (int try = 0; try < TRIES; try++) {
        struct slot_search found;
        arena_reset(&arena);
        look(world, &book);
        struct roster seen = { .members = book.members, .count = TECHNICIANS };
        for (size_t i = 0; i < TECHNICIANS; i++)
            roster_list(&arena, &seen, i);
        struct search search = { .roster = &seen,
                                 .roads = &estimated_roads,
                                 .policy = &usual_policy,
                                 .job = &job,
                                 .most = 4 };
        search_slots(&arena, &search, &found);
        if (!found.count)
            return false;
        const struct slot *slot = &found.slots[0];
        int day = (int)((const struct kept_day *)(const void *)slot->day - world->memory);
        struct visit visit = { order, day, slot->start.start_at, true, false };
        if (check_start(&world->days[day].day, &estimated_roads, &job, visit.start_at, NULL) !=
                SLOT_FITS ||
            world->days[day].day.stop_count == STOPS_MOST) {
            tell_memory(world, day);
            continue;
        }
        CHANGING(world->visit_count);
        CHANGING(world->visits[world->visit_count]);
        world->visits[world->visit_count] = visit;
        add_stop(world, &visit, job.length_ms);
        check_day(world, day);
        tell_hour(world, VISIT_WAS_BOOKED, world->visit_count++);
        return true;
    }
    return false;
}

void matching_hears(struct world *world, const struct fact *fact)
{
    bool wants_new = fact->kind == ORDER_WAS_OPENED;

    for (int i = 0; i < world->visit_count; i++) {
        struct visit *visit = &world->visits[i];
        bool is_meant = fact->visit < 0 ? visit->order == fact->order : i == fact->visit;
        if (!visit->is_live || visit->is_done || !is_meant)
            continue;
        CHANGING(*visit);
        visit->is_done = fact->kind == VISIT_WAS_DONE;
        visit->is_live = visit->is_done;
        if (!visit->is_live)
            drop_stop(world, visit);
        wants_new = wants_new || fact->kind == VISIT_WAS_MISSED;
    }
    if (fact->kind == ORDER_WAS_OPENED || fact->kind == ORDER_WAS_CANCELLED) {
        CHANGING(world->knows[MATCHING][fact->order]);
        world->knows[MATCHING][fact->order] = fact->kind == ORDER_WAS_OPENED;
    }
    if (wants_new && world->knows[MATCHING][fact->order] && !promise(world, fact->order))
        tell(world, (struct fact){ MATCHING, NOBODY_WAS_FOUND, fact->order, -1, 0, 0 });
    check_promises(world);
}

struct place some_place(struct world *world)
{
    return (struct place){ 52.13 + 0.002 * below(world, 100), 20.9 + 0.003 * below(world, 100) };
}

static void open_day(struct world *world, struct kept_day *kept, int number)
{
    timestamp midnight = HOURS(480000) + DAYS(number % DATES);

    kept->stretch.work = (struct window){ midnight + HOURS(8), midnight + HOURS(16) };
    kept->day = (struct book_day){ .who = &world->technicians[number / DATES],
                                   .date = 20000 + number % DATES,
                                   .stretch_count = 1,
                                   .stretches = &kept->stretch,
                                   .stops = kept->stops };
}

void open_book(struct world *world)
{
    for (int i = 0; i < TECHNICIANS; i++) {
        struct technician *who = &world->technicians[i];
        who->is_active = who->is_readable = true;
        who->skills = SKILL_BIT(SKILL_PLUMBING);
        snprintf(who->id.text, sizeof who->id.text, "00000000-0000-7000-8000-%012d", i);
    }
    for (int i = 0; i < DAYS_COUNT; i++) {
        if (i % DATES == 0)
            world->technicians[i / DATES].home = some_place(world);
        open_day(world, &world->days[i], i);
        open_day(world, &world->memory[i], i);
    }
}
