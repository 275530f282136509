/* The fault run's small sister: simulator [SEED [COUNT [STEPS]]], one world a seed, all decisions
 * in one process, everything that a network and a crash can do between them. A seed that breaks a
 * rule is printed, and runs again alone. */
#include "tests/simulator/world.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;

static void step(void)
{
    int what = below(&world, 100);

    if (what < 45)
        deliver(&world);
    else if (what < 60)
        relay(&world, (enum service)below(&world, SERVICES));
    else if (what < 82)
        people_act(&world);
    else if (what < 90)
        hours_act(&world);
    else
        gateway_acts(&world);
}

/* Everything heals: what is under way arrives, and nothing new begins. */
static void drain(void)
{
    is_calm = true;
    for (int rounds = 0; rounds < 200000; rounds++) {
        int before = world.fact_count;
        for (int i = 0; i < SERVICES; i++)
            if (world.relayed[i] < before)
                relay(&world, (enum service)i);
        if (!world.bag_count && world.fact_count == before)
            return;
        deliver(&world);
    }
    must(&world, false, "I1: all that was told arrives in the end");
}

static void run(uint64_t seed, int steps)
{
    memset(&world, 0, sizeof world);
    world.random.state = seed;
    is_calm = false;
    open_world(&world);
    for (int i = 0; i < steps && !world.broken; i++)
        step();
    if (!world.broken)
        drain();
    if (!world.broken)
        check_end(&world);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    int count = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 625;
    int steps = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 20000;
    int64_t facts = 0, visits = 0, duplicates = 0, early = 0, crashes = 0, rollbacks = 0;
    int64_t moves = 0, other_hands = 0, plans_refused = 0, displaced = 0;
    int broken = 0;

    for (int i = 0; i < count; i++) {
        run(first + (uint64_t)i, steps);
        facts += world.fact_count;
        visits += world.visit_count;
        duplicates += world.duplicates;
        early += world.early;
        crashes += world.crashes;
        rollbacks += world.rollbacks;
        moves += world.moves;
        other_hands += world.other_hands;
        plans_refused += world.plans_refused;
        displaced += world.displaced;
        if (world.broken)
            printf("simulator: seed %llu: %s\n", (unsigned long long)first + (unsigned)i,
                   world.broken);
        broken += world.broken != NULL;
    }
    printf("simulator: %d seeds x %d steps: %lld facts, %lld visits; %lld duplicates, %lld early, "
           "%lld crashes after and %lld before a commit\n",
           count, steps, (long long)facts, (long long)visits, (long long)duplicates,
           (long long)early, (long long)crashes, (long long)rollbacks);
    printf(
        "simulator: %d technician-days: %lld hours moved by consent, %lld kept with somebody else, "
        "%lld booked anew; %lld plans too old\n",
        count * DAYS_COUNT, (long long)moves, (long long)other_hands, (long long)displaced,
        (long long)plans_refused);
    bool is_vacuous = !facts || !visits || !duplicates || !early || !crashes || !rollbacks ||
                      !moves || !other_hands || !plans_refused || !displaced;
    if (is_vacuous)
        puts("simulator: a run that meets none of these proves nothing");
    printf("%d seeds hold, %d broken\n", count - broken, broken);
    return broken || is_vacuous;
}
