/* How free the coming days are, by place: an overview for partners, from memory. */
#include "services/matching/domain/free_hours.h"
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"

static FreePlace *free_place(struct turn *turn, const Place *place, struct visit_job job,
                             int32_t days)
{
    FreePlace *found = ARENA_NEW(turn->arena, FreePlace);
    int32_t today = date_from_timestamp(turn->now);

    free_place__init(found);
    found->town = place->town;
    found->hours = ARENA_ARRAY(turn->arena, int32_t, (size_t)days);
    job.place = (struct place){ place->lat, place->lon };
    for (int32_t i = 0; i < days; i++) {
        timestamp soonest = turn->now + matching_config.lead_ms, first;
        size_t count;
        job.starts = date_window(today + i);
        if (job.starts.from < soonest)
            job.starts.from = soonest;
        if (job.starts.until < job.starts.from)
            job.starts.until = job.starts.from;
        struct book_day *const *book = find_days(&job, &count);
        found->hours[found->n_hours++] =
            count_free_hours(book, count, &estimated_roads, &job, &first);
        if (!found->first_at)
            found->first_at = first;
    }
    return found;
}

struct error look_for_free_hours(struct turn *turn, const void *message, struct reply *reply)
{
    const FreeHoursRequest *request = message;
    FreeHoursReply *answer = ARENA_NEW(turn->arena, FreeHoursReply);
    struct visit_job job = { .length_ms = request->visit_length_ms };

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
