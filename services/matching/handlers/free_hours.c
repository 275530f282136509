/* How free the coming days are, by place: an overview for partners, from memory. */
#include "services/matching/domain/free_hours.h"
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"

static FreeDay *free_day(struct turn *turn, const struct visit_job *job, int32_t date)
{
    FreeDay *found = ARENA_NEW(turn->arena, FreeDay);
    struct window day = date_window(date);

    free_day__init(found);
    found->from = day.from;
    found->n_technicians = (size_t)(window_length_ms(day) / HOURS(1));
    found->technicians = ARENA_ARRAY(turn->arena, int32_t, found->n_technicians);
    count_free_hours(turn->arena, book_roster(date_from_timestamp(turn->now)), &estimated_roads,
                     job, day.from, found->n_technicians, found->technicians);
    return found;
}

static FreePlace *free_place(struct turn *turn, const Place *place, struct visit_job job,
                             int32_t days)
{
    FreePlace *found = ARENA_NEW(turn->arena, FreePlace);
    int32_t today = date_from_timestamp(turn->now);

    free_place__init(found);
    found->town = place->town;
    found->hours = ARENA_ARRAY(turn->arena, int32_t, (size_t)days);
    found->days = ARENA_ARRAY(turn->arena, FreeDay *, (size_t)days);
    job.place = (struct place){ place->lat, place->lon };
    job.starts = (struct window){ turn->now + matching_config.lead_ms, date_end(today + days - 1) };
    if (job.starts.until < job.starts.from)
        job.starts.until = job.starts.from;
    for (int32_t i = 0; i < days; i++) {
        FreeDay *day = found->days[found->n_days++] = free_day(turn, &job, today + i);
        int32_t hours = 0;
        for (size_t hour = 0; hour < day->n_technicians; hour++) {
            hours += day->technicians[hour] > 0;
            if (day->technicians[hour] > 0 && !found->first_at)
                found->first_at = day->from + HOURS((int64_t)hour);
        }
        found->hours[found->n_hours++] = hours;
    }
    return found;
}

struct error look_for_free_hours(struct turn *turn, const void *message, struct reply *reply)
{
    const FreeHoursRequest *request = message;
    FreeHoursReply *answer = ARENA_NEW(turn->arena, FreeHoursReply);
    struct visit_job job = { .length_ms = request->visit_length_ms,
                             .reserved_from = turn->now + policy_now()->release_ms };

    if (!skill_parse(text_of(request->skill), &job.skill))
        return refuse_field(turn, "/skill", "unknown", "Nie znamy takiej umiejętności.");
    free_hours_reply__init(answer);
    answer->first_day = date_from_timestamp(turn->now);
    answer->places = ARENA_ARRAY(turn->arena, FreePlace *, request->n_places + 1);
    for (size_t i = 0; i < request->n_places; i++)
        answer->places[answer->n_places++] =
            free_place(turn, request->places[i], job, request->days);
    reply->message = answer;
    return OK;
}
