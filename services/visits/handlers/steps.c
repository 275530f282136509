/* The visit's steps: what the technician's phone says, perhaps late and twice, and what follows
 * when nothing was said. What changes nothing is kept in the log and answered with the course as it
 * is. */
#include "lib/domain/calendar.h"
#include "lib/domain/place.h"
#include "lib/service/service.h"
#include "services/visits/domain/missed_due.h"
#include "services/visits/handlers.h"

enum { ETA_MOST_MS = 12 * 60 * 60 * 1000 };

static void keep_step(struct turn *turn, const struct course *course,
                      const struct course_entry *entry)
{
    store_save_course(turn, course);
    store_save_event(turn, course, entry);
}

/* ---- on the way ---- */

static struct error check_eta(struct turn *turn, timestamp eta_at, timestamp at)
{
    if (eta_at != 0 && (eta_at < at || eta_at > at + ETA_MOST_MS))
        return refuse_field(turn, "/eta_at", "range",
                            "Przewidywany przyjazd: nie wcześniej niż wyjazd i nie później niż "
                            "12 godzin po nim");
    return OK;
}

struct error post_on_the_way(struct turn *turn, const void *message, struct reply *reply)
{
    const OnTheWayRequest *request = message;
    struct course_list courses = { 0 };
    struct news news;
    Course *told;

    TRY(load_own_courses(turn, &courses));
    TRY(take_news(turn, courses, EVENT_SET_OUT, request->at, &news));
    TRY(check_eta(turn, request->eta_at, news.at));
    struct course *course = news.course;
    enum course_state was = course->state;
    course->state = news.becomes;
    if (course->on_the_way_at == 0)
        course->on_the_way_at = news.at;
    if (course->state == COURSE_ON_THE_WAY && request->eta_at != 0)
        course->eta_at = request->eta_at;
    course->missed_due_at = missed_due_at(course, missed_after_ms);
    keep_step(turn, course,
              &(struct course_entry){ .event = EVENT_SET_OUT, .was = was, .at = news.at });
    TRY(course_message(turn, course, &told));
    if (was == COURSE_PLANNED) {
        TechnicianOnTheWay fact = TECHNICIAN_ON_THE_WAY__INIT;
        fact.course = told;
        emit(turn, course->work_order_id, &fact);
    }
    reply->message = told;
    return OK;
}

/* ---- there ---- */

/* The restored visit takes its place back: what was planned instead is called off. Matching does
 * the same with its book. */
static void take_place_back(struct turn *turn, struct course_list courses,
                            const struct course *restored)
{
    for (size_t i = 0; i < courses.count; i++)
        if (courses.at[i].ordinal > restored->ordinal)
            call_off(turn, &courses.at[i]);
}

static struct course_entry arrival_entry(const ThereRequest *request, enum course_state was,
                                         timestamp at)
{
    struct place place = { request->lat, request->lon };
    struct course_entry entry = { .event = EVENT_COME, .was = was, .at = at };

    if (place_valid(place)) {
        place = place_rounded(place);
        entry.has_place = true;
        entry.lat = place.lat;
        entry.lon = place.lon;
    }
    return entry;
}

struct error post_there(struct turn *turn, const void *message, struct reply *reply)
{
    const ThereRequest *request = message;
    struct course_list courses = { 0 };
    struct news news;
    Course *told;

    TRY(load_own_courses(turn, &courses));
    TRY(take_news(turn, courses, EVENT_COME, request->at, &news));
    struct course *course = news.course;
    enum course_state was = course->state;
    struct course_entry entry = arrival_entry(request, was, news.at);
    course->state = news.becomes;
    if (course->state == was) {
        store_save_event(turn, course, &entry);
        return reply_course(turn, course, reply);
    }
    course->there_at = news.at;
    metric_add("majster_promises_total",
               news.at <= course->start_at + course->tolerance_ms ? "result=\"kept\""
                                                                  : "result=\"late\"",
               1);
    course->ended_at = 0;
    keep_step(turn, course, &entry);
    if (was == COURSE_MISSED)
        take_place_back(turn, courses, course);
    TRY(course_message(turn, course, &told));
    TechnicianThere fact = TECHNICIAN_THERE__INIT;
    fact.course = told;
    emit(turn, course->work_order_id, &fact);
    reply->message = told;
    return OK;
}

/* ---- missed ---- */

static struct error tell_missed(struct turn *turn, const struct course *course, Course **ret_told)
{
    VisitMissed fact = VISIT_MISSED__INIT;

    TRY(course_message(turn, course, ret_told));
    fact.course = *ret_told;
    emit(turn, course->work_order_id, &fact);
    return OK;
}

static void keep_absence_note(struct turn *turn, struct course *course, const char *note,
                              timestamp at)
{
    if (string_empty(note))
        return;
    course->protocol_key = arena_string(turn->arena, new_id(turn).text);
    store_save_protocol(turn, course,
                        &(struct protocol){ .key = course->protocol_key,
                                            .findings = "",
                                            .work_done = "",
                                            .solved = "",
                                            .signer_name = "",
                                            .refusal_reason = "",
                                            .absence_note = note,
                                            .at = at });
}

struct error post_customer_absent(struct turn *turn, const void *message, struct reply *reply)
{
    const NobodyCameRequest *request = message;
    struct course_list courses = { 0 };
    struct news news;
    Course *told;

    TRY(load_own_courses(turn, &courses));
    TRY(take_news(turn, courses, EVENT_NOBODY_HOME, request->at, &news));
    struct course *course = news.course;
    struct course_entry entry = { .event = EVENT_NOBODY_HOME, .was = course->state, .at = news.at };
    if (news.at < absence_from(course))
        return refuse_field(turn, "/at", "too_early",
                            arena_format(turn->arena,
                                         "Nieobecność klienta można zapisać od godziny %s",
                                         clock_text(turn->arena, absence_from(course))));
    course->state = news.becomes;
    if (course->state == entry.was) {
        store_save_event(turn, course, &entry);
        return reply_course(turn, course, reply);
    }
    course->ended_at = news.at;
    keep_absence_note(turn, course, request->note, news.at);
    keep_step(turn, course, &entry);
    TRY(tell_missed(turn, course, &told));
    reply->message = told;
    return OK;
}

struct error on_missed_due(struct turn *turn, const char *work_order_id)
{
    struct course_list courses = { 0 };
    Course *told;

    TRY(store_load_courses(turn, work_order_id, &courses));
    for (size_t i = 0; i < courses.count; i++) {
        struct course *course = &courses.at[i];
        struct course_entry entry = { .event = EVENT_NOT_COME,
                                      .was = course->state,
                                      .at = turn->now };
        if (course->missed_due_at > turn->now ||
            !course_move(entry.was, EVENT_NOT_COME, &course->state))
            continue;
        turn_belongs_to(turn, course->partner_id);
        course->ended_at = turn->now;
        keep_step(turn, course, &entry);
        TRY(tell_missed(turn, course, &told));
    }
    return OK;
}
