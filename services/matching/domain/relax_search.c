/* One search for each rule; the cheapest answer is told. */
#include "services/matching/domain/relax_search.h"

const char *relaxed_rule_text(enum relaxed_rule rule)
{
    static const char *const texts[] = {
#define RELAXATION(constant, text) text,
        RELAXATIONS(RELAXATION)
#undef RELAXATION
    };

    return texts[rule];
}

static const unsigned sets[RELAXED_COUNT] = {
    [RELAXED_TRAVEL] = RELAX_TRAVEL,       [RELAXED_AREA] = RELAX_AREA,
    [RELAXED_EQUIPMENT] = RELAX_EQUIPMENT, [RELAXED_OVERTIME] = RELAX_OVERTIME,
    [RELAXED_RESERVE] = RELAX_RESERVE,     [RELAXED_ON_CALL] = RELAX_ON_CALL,
};

/* How much later than he may he is home from this work, if it is his last. */
static int64_t overtime_of(const struct search *search, const struct slot *slot)
{
    const struct book_day *day = slot->day;
    timestamp done_at = slot->start.start_at + search->job->length_ms;
    struct way home = roads_way(search->roads, search->job->place, day->who->home);
    timestamp home_at = done_at + roads_ms(search->roads, home, done_at);
    const struct stretch *last = &day->stretches[day->stretch_count - 1];
    int64_t over_ms = home_at - last->work.until - last->overtime_ms;

    return over_ms > 0 ? over_ms : 0;
}

static int64_t overtime_of_all(const struct search *search, const struct slot *slot)
{
    int64_t over_ms = 0;

    for (size_t i = 0; i < slot_comers(slot); i++)
        over_ms += overtime_of(search, slot_comer(slot, i));
    return over_ms;
}

/* By how much the one who stretches it most goes too far. */
static int64_t farthest_of(const struct search *search, const struct slot *slot)
{
    int64_t most_m = 0;

    for (size_t i = 0; i < slot_comers(slot); i++) {
        const struct technician *who = slot_comer(slot, i)->day->who;
        int64_t over_m =
            roads_way(search->roads, who->home, search->job->place).m - who->longest_travel_m;
        if (who->longest_travel_m && over_m > most_m)
            most_m = over_m;
    }
    return most_m;
}

/* The end of what was asked for. */
static timestamp last_asked(const struct visit_job *job)
{
    timestamp until = job->starts.until;

    if (job->window_count > 0 && job->windows[job->window_count - 1].until < until)
        until = job->windows[job->window_count - 1].until;
    return until;
}

static int64_t amount_of(const struct search *search, enum relaxed_rule rule,
                         const struct slot *slot)
{
    switch (rule) {
    case RELAXED_LATER:
        return slot->start.start_at - last_asked(search->job);
    case RELAXED_TRAVEL:
        return farthest_of(search, slot);
    case RELAXED_OVERTIME:
        return overtime_of_all(search, slot);
    case RELAXED_RESERVE:
    case RELAXED_ON_CALL:
        return search->job->length_ms;
    default:
        return 1;
    }
}

static int64_t exception_ms(const struct policy *policy, enum relaxed_rule rule, int64_t amount)
{
    switch (rule) {
    case RELAXED_LATER:
        return 0; /* waiting stands in the score */
    case RELAXED_OVERTIME:
        return amount * policy->overtime_permille / 1000;
    default:
        return policy->exception_ms;
    }
}

static bool try_rule(struct arena *arena, const struct search *search, enum relaxed_rule rule,
                     timestamp horizon, struct relaxed *ret_relaxed)
{
    struct visit_job job = *search->job;
    struct search without = *search;
    struct slot_search found;

    without.job = &job;
    without.most = 1;
    without.per_day = 0;
    without.rounds_most = 1; /* the nearest are enough to say what it would take */
    job.relaxed |= sets[rule];
    if (rule == RELAXED_LATER) {
        struct window behind = { last_asked(&job), horizon };
        if (behind.from >= behind.until)
            return false;
        job.starts.until = horizon;
        job.windows[0] = behind;
        job.window_count = 1;
    }
    search_slots(arena, &without, &found);
    if (found.count == 0)
        return false;
    int64_t amount = amount_of(search, rule, &found.slots[0]);
    *ret_relaxed = (struct relaxed){ rule, amount,
                                     found.slots[0].score.total_ms +
                                         exception_ms(search->policy, rule, amount),
                                     found.slots[0] };
    return true;
}

void relax_search(struct arena *arena, const struct search *search, timestamp horizon,
                  struct relaxations *ret_relaxations)
{
    struct relaxations *all = ret_relaxations;

    all->count = 0;
    all->cheapest = NULL;
    for (enum relaxed_rule rule = 0; rule < RELAXED_COUNT; rule++) {
        struct relaxed *relaxed = &all->tried[all->count];
        if (!try_rule(arena, search, rule, horizon, relaxed))
            continue;
        all->count++;
        if (!all->cheapest || relaxed->cost_ms < all->cheapest->cost_ms)
            all->cheapest = relaxed;
    }
}
