/* The checker: whole days recomputed from the database. */
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"
#include "services/matching/read_day.h"

struct checking {
    int32_t yesterday; /* memory begins there: load_book */
    BookCheckReply *answer;
};

/* Work ends in its stretch, or in the overtime behind it. */
static bool is_inside(const struct book_day *day, const struct stop *stop)
{
    for (size_t i = 0; i < day->stretch_count; i++) {
        const struct stretch *stretch = &day->stretches[i];
        if (window_contains(stretch->work, stop->start_at) &&
            stop_end(stop) <= stretch->work.until + stretch->overtime_ms)
            return true;
    }
    return false;
}

static void check_stretches(const struct book_day *day, BookCheckReply *answer)
{
    for (size_t i = 0; i < day->stretch_count; i++) {
        struct day shift = day_of_stretch(day, i, 0);
        struct day_violation violation = day_check(&shift, &estimated_roads);
        answer->travel_too_short += violation.fit == FIT_TRAVEL_BEFORE ||
                                    violation.fit == FIT_TRAVEL_AFTER ||
                                    violation.fit == FIT_HOME_LATE;
        answer->overlaps += violation.fit == FIT_OVERLAP;
    }
    for (size_t i = 0; i < day->stop_count; i++)
        answer->outside_shift += !is_inside(day, &day->stops[i]);
}

static bool is_skilled(const struct technician *who, const Visit *visit)
{
    struct visit_job job = { .place = who->home, .relaxed = RELAX_AREA | RELAX_EQUIPMENT };

    return skill_parse(text_of(visit->skill), &job.skill) &&
           check_technician(who, &estimated_roads, &job) != SLOT_NO_SKILL &&
           check_technician(who, &estimated_roads, &job) != SLOT_NO_LICENCE;
}

/* This process's memory, which follows what is told. */
static bool is_behind(const TechnicianDay *technician_day)
{
    return book_version(technician_day->technician_id, technician_day->day) !=
           technician_day->version;
}

static void check_day(const TechnicianDay *technician_day, void *context)
{
    static struct day_read read;
    const struct checking *checking = context;
    BookCheckReply *answer = checking->answer;

    answer->technician_days++;
    answer->visits += (int64_t)technician_day->n_visits;
    answer->version_differs +=
        technician_day->day >= checking->yesterday && is_behind(technician_day);
    read_day(technician_day, &read);
    if (read.day.is_unreadable) {
        answer->outside_shift += (int64_t)technician_day->n_visits;
        return;
    }
    check_stretches(&read.day, answer);
    for (size_t i = 0; i < technician_day->n_visits; i++)
        answer->unskilled += !is_skilled(&read.who, technician_day->visits[i]);
}

struct error check_book(struct turn *turn, const void *message, struct reply *reply)
{
    BookCheckReply *answer = ARENA_NEW(turn->arena, BookCheckReply);
    struct checking checking = { date_from_timestamp(turn->now) - 1, answer };
    int64_t overlaps;

    (void)message;
    book_check_reply__init(answer);
    TRY(store_walk_book(turn, checking.yesterday - 1, check_day, &checking));
    TRY(store_count_overlaps(turn, &overlaps));
    answer->overlaps += overlaps;
    TRY(store_count_broken_crews(turn, &answer->crews_broken));
    TRY(store_count_missing_fences(turn, &answer->constraint_missing));
    TRY(store_count_broken_chains(turn, &answer->chains_broken));
    reply->message = answer;
    return OK;
}
