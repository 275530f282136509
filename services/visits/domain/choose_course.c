/* An order may have several visits: missed ones, their replacements, a second one for the rest. */
#include "services/visits/domain/choose_course.h"
#include "lib/base/text.h"

static bool has_begun(enum course_state state)
{
    return state == COURSE_ON_THE_WAY || state == COURSE_THERE || state == COURSE_DONE ||
           state == COURSE_ABSENT;
}

static bool is_replaced(const struct course courses[], size_t count, const struct course *missed)
{
    for (size_t i = 0; i < count; i++)
        if (courses[i].ordinal > missed->ordinal && has_begun(courses[i].state))
            return true;
    return false;
}

static bool is_then(const struct course *course, const struct course_news *news)
{
    return news->at >= course->start_at - EARLIEST_BEFORE_MS &&
           news->at <= news->now + CLOCK_SLACK_MS;
}

/* Missed comes back by "there" alone, in time and while nothing took its place. */
static bool may_restore(const struct course courses[], size_t count, const struct course *course,
                        const struct course_news *news)
{
    return news->event != EVENT_COME || (news->at <= course->start_at + RESTORE_WITHIN_MS &&
                                         !is_replaced(courses, count, course));
}

static bool is_possible(const struct course courses[], size_t count, const struct course *course,
                        const struct course_news *news)
{
    enum course_state to;

    if (!course_move(course->state, news->event, &to))
        return false;
    if (course->state == COURSE_MISSED)
        return may_restore(courses, count, course, news);
    return !course_is_ended(course->state) || news->at <= course->ended_at;
}

static int64_t distance_ms(const struct course *course, timestamp at)
{
    return at > course->start_at ? at - course->start_at : course->start_at - at;
}

static bool is_nearer(const struct course *a, const struct course *b, timestamp at)
{
    int64_t to_a = distance_ms(a, at), to_b = distance_ms(b, at);

    return to_a < to_b || (to_a == to_b && a->ordinal > b->ordinal);
}

/* How far this course comes: possible at all, and then at that time. */
static enum course_verdict judge_course(const struct course courses[], size_t count,
                                        const struct course *course, const struct course_news *news)
{
    if (!is_possible(courses, count, course, news))
        return COURSE_NOT_ALLOWED;
    return is_then(course, news) ? COURSE_CHOSEN : COURSE_NOT_THEN;
}

struct course_choice choose_course(const struct course courses[], size_t count,
                                   const struct course_news *news)
{
    struct course_choice choice = { .verdict = COURSE_NOT_HIS };
    const struct course *chosen = NULL, *newest = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct course *course = &courses[i];
        if (!string_is(course->technician_id, news->technician_id))
            continue;
        if (!newest || course->ordinal > newest->ordinal)
            newest = course;
        enum course_verdict verdict = judge_course(courses, count, course, news);
        if (verdict < choice.verdict)
            choice.verdict = verdict;
        if (verdict == COURSE_CHOSEN && (!chosen || is_nearer(course, chosen, news->at)))
            chosen = course;
    }
    if (chosen)
        choice.at = (size_t)(chosen - courses);
    choice.was = newest ? newest->state : COURSE_NONE;
    return choice;
}

size_t live_course(const struct course courses[], size_t count)
{
    size_t live = count;

    for (size_t i = 0; i < count; i++) {
        if (courses[i].state == COURSE_THERE)
            return i;
        if (live == count) {
            live = i;
            continue;
        }
        bool is_open = !course_is_ended(courses[i].state);
        bool live_is_open = !course_is_ended(courses[live].state);
        if (is_open != live_is_open ? is_open : courses[i].ordinal > courses[live].ordinal)
            live = i;
    }
    return live;
}

size_t proof_course(const struct course courses[], size_t count, const char *technician_id)
{
    size_t found = count;

    for (size_t i = 0; i < count; i++) {
        if (!string_is(courses[i].technician_id, technician_id) ||
            courses[i].state == COURSE_CANCELLED)
            continue;
        if (courses[i].state == COURSE_THERE)
            return i;
        if (found == count || courses[i].ordinal > courses[found].ordinal)
            found = i;
    }
    return found;
}
