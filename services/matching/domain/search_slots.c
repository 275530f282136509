/* Who may come at all is found by a glance at everybody; the nearest are asked day by day, and what
 * cannot beat the best so far is passed over. */
#include "services/matching/domain/search_slots.h"
#include "lib/domain/calendar.h"
#include "services/matching/domain/shortlist.h"
#include <assert.h>
#include <string.h>

struct seeking {
    const struct search *search;
    struct shortlist
        *lists; /* one a day from first_date on, or one in all; of a crew one a start */
    size_t list_count;
    int32_t first_date, last_date;
    timestamp first_start_at; /* on the grid */
    /* Of the technician, day and opening that are being asked: */
    struct asked *asked;
    const struct book_day *day;
    struct score base;
    int64_t least_travel_ms;
    bool is_one_list; /* all starts of the opening are of one day, or days do not matter */
};

/* ---- the shortlists ---- */

/* Those who come together are chosen start by start. */
static bool is_crew(const struct search *search)
{
    return search->job->technicians > 1;
}

static struct shortlist *list_of(const struct seeking *seeking, timestamp start_at)
{
    if (seeking->list_count == 1)
        return &seeking->lists[0];
    if (is_crew(seeking->search))
        return &seeking->lists[(start_at - seeking->first_start_at) / SLOT_GRID_MS];
    int32_t date = date_from_timestamp(start_at);
    assert(date >= seeking->first_date && date <= seeking->last_date);
    return &seeking->lists[date - seeking->first_date];
}

static enum shortlist_rule rule_of(const struct search *search)
{
    return is_crew(search)         ? ONE_PER_TECHNICIAN
           : search->one_per_start ? ONE_PER_START
                                   : AS_MANY_AS_FIT;
}

/* ---- one day ---- */

static int64_t waited_ms(const struct seeking *seeking, timestamp start_at)
{
    return start_at - seeking->search->job->starts.from;
}

/* No start from here on in the opening enters the list. An equal score may still win by its
 * technician, so only what is above is cut. */
static bool is_hopeless(const struct seeking *seeking, const struct shortlist *list, timestamp from)
{
    const struct search *search = seeking->search;

    return score_least_ms(search->policy, &seeking->base, seeking->least_travel_ms,
                          waited_ms(seeking, from),
                          search->job->waiting_permille) > shortlist_bar(list);
}

static void note_day(struct seeking *seeking)
{
    struct asked *asked = seeking->asked;

    if (asked->day_count == 0 || asked->days[asked->day_count - 1] != seeking->day)
        asked->days[asked->day_count++] = seeking->day;
}

static bool enters(void *context, int64_t least_travel_ms, struct window starts)
{
    struct seeking *seeking = context;
    struct shortlist *list = list_of(seeking, starts.from);

    seeking->least_travel_ms = least_travel_ms;
    seeking->is_one_list = list == list_of(seeking, starts.until);
    if (seeking->is_one_list && is_hopeless(seeking, list, starts.from))
        return false;
    note_day(seeking);
    return true;
}

static bool takes(void *context, const struct day_start *start)
{
    struct seeking *seeking = context;
    const struct search *search = seeking->search;
    struct shortlist *list = list_of(seeking, start->start_at);
    struct slot slot = { .day = seeking->day, .start = *start };

    slot.score = score_start(search->policy, &seeking->base, start,
                             waited_ms(seeking, start->start_at), search->job->waiting_permille);
    shortlist_add(list, &slot, rule_of(search));
    /* The later ones wait longer. */
    return !seeking->is_one_list || !is_hopeless(seeking, list, start->start_at + SLOT_GRID_MS);
}

/* The day as the caller knows it. */
static const struct book_day *known_day(const struct search *search, const struct book_day *day)
{
    for (size_t i = 0; i < search->instead_count; i++)
        if (search->instead[i].of == day)
            return search->instead[i].day;
    return day;
}

static enum slot_rule visit_day(const struct seeking *seeking, const struct member *member,
                                const struct home_ways *home, const struct start_visitor *visitor)
{
    const struct search *search = seeking->search;

    if (seeking->day->who == member->who)
        return visit_starts(seeking->day, search->roads, search->job, home, visitor);
    const struct home_ways other = home_ways_of(seeking->day->who, search->roads, search->job);
    return visit_starts(seeking->day, search->roads, search->job, &other, visitor);
}

/* His rule becomes the one that the best of his days got to. */
static void ask(struct arena *arena, struct seeking *seeking, struct asked *asked)
{
    const struct search *search = seeking->search;
    const struct member *member = asked->member;
    const struct start_visitor visitor = { enters, takes, seeking };
    const struct home_ways home = home_ways_of(member->who, search->roads, search->job);
    size_t count;
    /* A night shift belongs to the day it begins on. */
    struct book_day *const *days =
        member_days(member, seeking->first_date - 1, seeking->last_date, &count);

    asked->rule = SLOT_NO_SHIFT;
    asked->days = ARENA_ARRAY(arena, const struct book_day *, count + 1);
    seeking->asked = asked;
    seeking->base = score_technician(search->policy, &member->standing,
                                     string_is(member->who->id.text, search->job->again.text),
                                     lacks_part(member, search->job));
    for (size_t i = 0; i < count; i++) {
        seeking->day = known_day(search, days[i]);
        if (!seeking->day)
            continue;
        enum slot_rule rule = seeking->day->who == member->who
                                  ? SLOT_FITS
                                  : check_technician(seeking->day->who, search->roads, search->job);
        if (rule == SLOT_FITS)
            rule = visit_day(seeking, member, &home, &visitor);
        if (rule > asked->rule)
            asked->rule = rule;
    }
}

/* ---- everybody ---- */

static void note_all_days(struct arena *arena, const struct seeking *seeking, struct asked *asked)
{
    size_t count;
    struct book_day *const *days =
        member_days(asked->member, seeking->first_date - 1, seeking->last_date, &count);

    asked->day_count = 0;
    asked->days = ARENA_ARRAY(arena, const struct book_day *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (known_day(seeking->search, days[i]))
            asked->days[asked->day_count++] = known_day(seeking->search, days[i]);
}

static void find_asked(struct arena *arena, const struct search *search, struct slot_search *found)
{
    const struct candidate *candidates;

    found->asked_count = find_candidates(arena, search->roster, search->roads, search->job,
                                         search->but_technician, &candidates);
    found->asked = ARENA_ARRAY(arena, struct asked, found->asked_count + 1);
    for (size_t i = 0; i < found->asked_count; i++)
        found->asked[i] = (struct asked){ .member = candidates[i].member };
}

static void begin(struct arena *arena, const struct search *search, size_t most,
                  struct seeking *ret_seeking)
{
    struct window starts = search->job->starts;
    struct seeking seeking = { .search = search,
                               .list_count = 1,
                               .first_date = date_from_timestamp(starts.from),
                               .last_date = date_from_timestamp(starts.until),
                               .first_start_at = starts.from / SLOT_GRID_MS * SLOT_GRID_MS };
    size_t each = most;

    if (is_crew(search)) {
        seeking.list_count = (size_t)((starts.until - seeking.first_start_at) / SLOT_GRID_MS) + 2;
        each = (size_t)search->job->technicians;
    } else if (search->per_day) {
        seeking.list_count = (size_t)seeking.last_date + 1 - (size_t)seeking.first_date;
        each = search->per_day < most ? search->per_day : most;
    }
    seeking.lists = ARENA_ARRAY(arena, struct shortlist, seeking.list_count);
    for (size_t i = 0; i < seeking.list_count; i++)
        shortlist_init(arena, &seeking.lists[i], each);
    *ret_seeking = seeking;
}

static bool is_full(const struct shortlist *list)
{
    return list->count == list->most;
}

static timestamp start_of(const struct seeking *seeking, size_t list)
{
    return seeking->first_start_at + (timestamp)list * SLOT_GRID_MS;
}

/* Starts at which enough can come, no more of a day than are wanted. */
static size_t count_crews(const struct seeking *seeking)
{
    size_t count = 0, of_day = 0, per_day = seeking->search->per_day;
    int32_t date = 0;

    for (size_t i = 0; i < seeking->list_count; i++) {
        if (!is_full(&seeking->lists[i]))
            continue;
        if (date_from_timestamp(start_of(seeking, i)) != date)
            of_day = 0;
        date = date_from_timestamp(start_of(seeking, i));
        count += !per_day || of_day++ < per_day;
    }
    return count;
}

static size_t count_found(const struct seeking *seeking)
{
    size_t count = 0;

    if (is_crew(seeking->search))
        return count_crews(seeking);
    for (size_t i = 0; i < seeking->list_count; i++)
        count += seeking->lists[i].count;
    return count;
}

static struct shortlist best_of(struct arena *arena, const struct shortlist lists[],
                                size_t list_count, size_t most)
{
    struct shortlist all;

    if (list_count == 1)
        return lists[0];
    shortlist_init(arena, &all, most);
    for (size_t i = 0; i < list_count; i++)
        for (size_t k = 0; k < lists[i].count; k++)
            shortlist_add(&all, &lists[i].slots[k], AS_MANY_AS_FIT);
    return all;
}

/* One start for all of the list; the first of them leads. */
static struct slot slot_of_crew(const struct shortlist *list)
{
    struct slot together = list->slots[0];

    together.crew = list->slots;
    together.crew_count = list->count;
    for (size_t i = 1; i < list->count; i++) {
        const struct slot *mate = &list->slots[i];
        score_add(&together.score, &mate->score);
        together.start.added_travel_ms += mate->start.added_travel_ms;
        together.start.added_travel_m += mate->start.added_travel_m;
        if (mate->start.spare_before_ms < together.start.spare_before_ms)
            together.start.spare_before_ms = mate->start.spare_before_ms;
        if (mate->start.spare_after_ms < together.start.spare_after_ms)
            together.start.spare_after_ms = mate->start.spare_after_ms;
    }
    return together;
}

static struct shortlist best_crews(struct arena *arena, const struct seeking *seeking, size_t most)
{
    const struct search *search = seeking->search;
    size_t days = search->per_day ? (size_t)(seeking->last_date - seeking->first_date) + 1 : 1;
    struct shortlist *by_day = ARENA_ARRAY(arena, struct shortlist, days);

    for (size_t i = 0; i < days; i++)
        shortlist_init(arena, &by_day[i],
                       search->per_day && search->per_day < most ? search->per_day : most);
    for (size_t i = 0; i < seeking->list_count; i++) {
        const struct shortlist *list = &seeking->lists[i];
        if (!is_full(list))
            continue;
        struct slot together = slot_of_crew(list);
        int32_t date = date_from_timestamp(start_of(seeking, i));
        shortlist_add(&by_day[days == 1 ? 0 : date - seeking->first_date], &together,
                      AS_MANY_AS_FIT);
    }
    return best_of(arena, by_day, days, most);
}

static void finish(struct arena *arena, const struct seeking *seeking, size_t most,
                   struct slot_search *found)
{
    struct shortlist all = is_crew(seeking->search)
                               ? best_crews(arena, seeking, most)
                               : best_of(arena, seeking->lists, seeking->list_count, most);

    found->slots = all.slots;
    found->count = all.count;
    if (found->count > 0)
        return;
    /* Who could have come found too few to come with. */
    found->technicians[SLOT_NO_MATE] += found->technicians[SLOT_FITS];
    found->technicians[SLOT_FITS] = 0;
}

void search_slots(struct arena *arena, const struct search *search, struct slot_search *ret_search)
{
    size_t most = search->most && search->most < SLOTS_MOST ? search->most : SLOTS_MOST;
    struct slot_search found = { 0 };
    struct seeking seeking;
    size_t asked = 0;

    assert(search->job->length_ms > 0);
    begin(arena, search, most, &seeking);
    find_asked(arena, search, &found);
    size_t bound = search->rounds_most ? search->rounds_most * (size_t)search->policy->candidates
                                       : found.asked_count;
    while (asked < found.asked_count && asked < bound &&
           (asked == 0 || count_found(&seeking) < most)) {
        size_t until = asked + (size_t)search->policy->candidates;
        for (; asked < until && asked < found.asked_count; asked++) {
            ask(arena, &seeking, &found.asked[asked]);
            found.technicians[found.asked[asked].rule]++;
        }
    }
    found.asked_count = asked;
    finish(arena, &seeking, most, &found);
    if (found.count == 0) {
        count_refused(search->roster, search->roads, search->job, search->but_technician,
                      found.technicians);
        for (size_t i = 0; i < found.asked_count; i++)
            note_all_days(arena, &seeking, &found.asked[i]);
    }
    *ret_search = found;
}
