/* Needs are met one after another, in order of time; each takes from its own town's technicians. */
#include "services/matching/domain/reserve.h"
#include "lib/domain/calendar.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 60 * 60 * 1000, FRACTILE_PERCENT = 80, HOURS_A_DAY = 25 };

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return left < right ? -1 : left > right;
}

int64_t reserve_hours(const int64_t weekly[RESERVE_WEEKS], int64_t length_ms)
{
    int64_t sorted[RESERVE_WEEKS];
    const int rank = (RESERVE_WEEKS * FRACTILE_PERCENT + 99) / 100;

    assert(length_ms >= 0);
    memcpy(sorted, weekly, sizeof sorted);
    qsort(sorted, RESERVE_WEEKS, sizeof *sorted, by_size);
    return (sorted[rank - 1] * length_ms + HOUR_MS - 1) / HOUR_MS;
}

/* ---- whose town is it ---- */

/* Without a sine: a degree of latitude is 111 km, and one of longitude more than 63 km up to 55
 * degrees north, beyond which nobody lives here (place_valid). */
static bool is_surely_far(struct place a, struct place b)
{
    return fabs(a.lat - b.lat) * 110000 > RESERVE_REACH_M ||
           fabs(a.lon - b.lon) * 63000 > RESERVE_REACH_M;
}

static int town_of(const struct book_day *day, const struct place centres[], size_t count)
{
    int64_t nearest_m = RESERVE_REACH_M;
    int town = -1;

    for (size_t i = 0; i < count; i++) {
        if (is_surely_far(day->who->home, centres[i]))
            continue;
        int64_t away_m = distance_m(day->who->home, centres[i]);
        if (away_m > nearest_m || (town >= 0 && away_m == nearest_m))
            continue;
        nearest_m = away_m;
        town = (int)i;
    }
    return town;
}

static int by_town_and_turn(const void *a, const void *b)
{
    const struct reserve_candidate *left = a, *right = b;

    if (left->town != right->town)
        return left->town < right->town ? -1 : 1;
    if (left->hours_before != right->hours_before)
        return left->hours_before < right->hours_before ? -1 : 1;
    return strcmp(left->day->who->id.text, right->day->who->id.text);
}

static int by_hour(const void *a, const void *b)
{
    const struct reserve_need *left = a, *right = b;

    if (left->hour.from != right->hour.from)
        return left->hour.from < right->hour.from ? -1 : 1;
    if (left->town != right->town)
        return left->town < right->town ? -1 : 1;
    return left->skill < right->skill ? -1 : left->skill > right->skill;
}

/* ---- one technician, one hour ---- */

static uint32_t hour_bit(int32_t date, struct window hour)
{
    int64_t number = (hour.from - date_start(date)) / HOUR_MS;

    assert(number >= 0 && number < HOURS_A_DAY);
    return 1U << number;
}

/* On call somebody is there for emergencies anyway. */
static bool is_at_work(const struct book_day *day, struct window hour)
{
    if (!day->who->is_active || day->is_unreadable)
        return false;
    for (size_t i = 0; i < day->stretch_count; i++)
        if (!day->stretches[i].is_on_call && window_covers(day->stretches[i].work, hour))
            return true;
    return false;
}

static bool is_visiting(const struct book_day *day, struct window hour)
{
    for (size_t i = 0; i < day->stop_count; i++)
        if (window_overlaps((struct window){ day->stops[i].start_at, stop_end(&day->stops[i]) },
                            hour))
            return true;
    return false;
}

static bool is_able(const struct book_day *day, const struct reserve_need *need,
                    struct place centre)
{
    struct visit_job job = { .place = centre, .skill = need->skill };

    return is_at_work(day, need->hour) &&
           check_technician(day->who, &estimated_roads, &job) == SLOT_FITS;
}

/* One hour more is no more than the share of his day. */
static bool has_share_left(const struct reserve_candidate *candidate, int64_t share_permille)
{
    int64_t work_ms = 0;

    for (size_t i = 0; i < candidate->day->stretch_count; i++)
        if (!candidate->day->stretches[i].is_on_call)
            work_ms += window_length_ms(candidate->day->stretches[i].work);
    int64_t kept_ms = (__builtin_popcount(candidate->hours_of_day) + 1) * (int64_t)HOUR_MS;
    return kept_ms * 1000 <= work_ms * share_permille;
}

/* ---- one need ---- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How many of the town's may be taken for it, beside those who are kept in that hour already. */
static int64_t most_of(const struct reserve_candidate town[], size_t count,
                       const struct reserve_need *need, struct place centre, int64_t share_permille)
{
    const uint32_t bit = hour_bit(town[0].day->date, need->hour);
    int64_t at_work = 0, kept = 0, able = 0, able_kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_at_work(town[i].day, need->hour))
            continue;
        bool is_kept = town[i].hours_of_day & bit;
        bool can = is_able(town[i].day, need, centre);
        at_work++;
        kept += is_kept;
        able += can;
        able_kept += can && is_kept;
    }
    return least(need->hours, least(at_work * share_permille / 1000 - kept, able - 1 - able_kept));
}

static void meet(struct reserve_question *question, struct reserve_candidate town[], size_t count,
                 const struct reserve_need *need, struct reserve_choice *choices,
                 size_t *choice_count)
{
    const uint32_t bit = hour_bit(town[0].day->date, need->hour);
    struct place centre = question->centres[need->town];
    int64_t left = most_of(town, count, need, centre, question->share_permille);

    for (size_t i = 0; i < count && left > 0; i++) {
        if ((town[i].hours_of_day & bit) || !is_able(town[i].day, need, centre) ||
            is_visiting(town[i].day, need->hour) ||
            !has_share_left(&town[i], question->share_permille))
            continue;
        town[i].hours_of_day |= bit;
        choices[(*choice_count)++] = (struct reserve_choice){ town[i].day, *need };
        left--;
    }
}

static size_t hours_wanted(const struct reserve_question *question)
{
    const size_t most = question->candidate_count * HOURS_A_DAY; /* nobody is kept twice for one */
    size_t wanted = 0;

    for (size_t i = 0; i < question->need_count; i++)
        wanted += (size_t)question->needs[i].hours;
    return wanted < most ? wanted : most;
}

void choose_reserve(struct arena *arena, struct reserve_question *question,
                    struct reserve_choice **ret_choices, size_t *ret_count)
{
    size_t candidates = question->candidate_count, choice_count = 0;
    size_t *first = ARENA_ARRAY(arena, size_t, question->centre_count + 1);
    struct reserve_choice *choices =
        ARENA_ARRAY(arena, struct reserve_choice, hours_wanted(question) + 1);

    for (size_t i = 0; i < candidates; i++)
        question->candidates[i].town =
            town_of(question->candidates[i].day, question->centres, question->centre_count);
    if (candidates)
        qsort(question->candidates, candidates, sizeof *question->candidates, by_town_and_turn);
    if (question->need_count)
        qsort(question->needs, question->need_count, sizeof *question->needs, by_hour);
    size_t at = 0;
    for (size_t town = 0; town <= question->centre_count; town++) {
        while (at < candidates && question->candidates[at].town < (int)town)
            at++;
        first[town] = at;
    }
    for (size_t i = 0; i < question->need_count; i++) {
        const struct reserve_need *need = &question->needs[i];
        assert(need->town >= 0 && (size_t)need->town < question->centre_count);
        size_t count = first[need->town + 1] - first[need->town];
        if (count)
            meet(question, question->candidates + first[need->town], count, need, choices,
                 &choice_count);
    }
    *ret_choices = choices;
    *ret_count = choice_count;
}
