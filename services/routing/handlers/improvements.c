/* Regions whose days have changed go to the search, one day of one region at a time; what comes of
 * it is told by proposals.c. Nothing is swapped after six in the evening before. */
#include "services/routing/domain/fingerprint.h"
#include "services/routing/domain/swap_days.h"
#include "services/routing/handlers.h"
#include "services/routing/improve_region.h"
#include "services/routing/read_day.h"
#include "services/routing/settings.h"
#include "services/routing/store_plans.h"
#include <string.h>

enum {
    REGIONS_PER_TICK = 4,
    COMPUTE_MS = 60 * 1000, /* then the process that computed is taken for dead */
};

static bool has_choice(const struct region_day *region)
{
    for (int32_t i = 0; region->technician_count > 1 && i < region->visit_count; i++)
        if (!region->visits[i].is_pinned)
            return true;
    return false;
}

/* Region, fingerprint and the input itself, a line each: it is kept with the proposal. */
static struct text note_of(struct turn *turn, const char *region, const char *hash,
                           struct text input)
{
    const char *head = arena_format(turn->arena, "%s\n%s\n", region, hash);
    size_t length = strlen(head);
    char *note = arena_alloc(turn->arena, length + input.length);

    memcpy(note, head, length);
    memcpy(note + length, input.at, input.length);
    return (struct text){ note, length + input.length };
}

static void search(struct turn *turn, const struct change *change, const char *hash,
                   struct text input)
{
    work_after_commit(turn, &(struct work){
                                .run = improve_region,
                                .input = input.at,
                                .input_size = input.length,
                                .result_size = sizeof(struct region_improvement),
                                .subject = "",
                                .on_result = propose,
                                .note = note_of(turn, change->region, hash, input),
                            });
}

static struct error improve_one(struct turn *turn, bool *ret_is_taken)
{
    TechnicianDay **days;
    const char **under_way;
    size_t day_count, under_way_count;
    struct change change;

    TRY(store_take_region(turn, first_swap_day(turn->now), &change));
    *ret_is_taken = !string_empty(change.region);
    if (!*ret_is_taken)
        return OK;
    store_expire_plans(turn, change.region);
    TRY(store_load_neighbours(turn, &change, routing_config.technicians, &days, &day_count));
    TRY(store_load_under_way(turn, days, day_count, change.day, &under_way, &under_way_count));
    struct region_day region =
        read_region(turn->arena, days, day_count, under_way, under_way_count);
    region.rounds = routing_config.rounds;
    region.worth_ms = routing_config.worth_ms;
    struct text input = region_day_pack(turn->arena, &region);
    const char *hash = arena_string(turn->arena, fingerprint_of(input).text);
    store_save_computing(turn, &change, days, day_count, hash, turn->machine_now + COMPUTE_MS);
    if (has_choice(&region)) {
        search(turn, &change, hash, input);
    } else {
        store_end_changes(turn, change.region);
        store_rest_region(turn, change.region, turn->machine_now);
    }
    return OK;
}

struct error improve(struct turn *turn, const char *nothing)
{
    bool is_taken = true;

    (void)nothing;
    for (int i = 0; is_taken && i < REGIONS_PER_TICK; i++)
        TRY(improve_one(turn, &is_taken));
    return OK;
}

struct error forget_changes(struct turn *turn, const char *nothing)
{
    (void)nothing;
    store_forget_changes(turn, first_swap_day(turn->now));
    return OK;
}
