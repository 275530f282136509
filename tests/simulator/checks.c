/* What must hold, at once or in the end. */
#include "tests/simulator/world.h"

void check_day(struct world *world, int number)
{
    const struct book_day *day = &world->days[number].day;
    struct day shift = day_of_stretch(day, 0, 0);

    if (world->settling == number + 1)
        return; /* some of its visits are still looking for somebody else */
    must(world, day_check(&shift, &estimated_roads).fit == FIT_YES, "I2: the promised day holds");
    must(world, shift.count == day->stop_count, "I2: nothing is promised outside the shift");
}

static bool has_stop(const struct book_day *day, timestamp start_at)
{
    size_t at = 0;

    while (at < day->stop_count && day->stops[at].start_at != start_at)
        at++;
    return at < day->stop_count;
}

/* The book against what each customer was told last: `promised` changes where a fact is told, the
 * book where a decision is written, and neither knows of the other. */
void check_promises(struct world *world)
{
    for (int i = 0; i < world->visit_count; i++) {
        const struct visit *visit = &world->visits[i];
        if (visit->is_live)
            must(world, has_stop(&world->days[visit->day].day, world->promised[i]),
                 "I4: no promised hour moves silently");
    }
}

void check_money(struct world *world)
{
    int64_t reserved[POLICIES] = { 0 }, used[POLICIES] = { 0 };

    for (int i = 0; i < ORDERS_MOST; i++) {
        reserved[world->orders[i].policy] += world->orders[i].reserved;
        used[world->orders[i].policy] += world->orders[i].used;
    }
    for (int i = 0; i < POLICIES; i++) {
        const struct sum *sum = &world->sums[i];
        must(world, sum->reserved_grosz >= 0 && sum->used_grosz >= 0, "I5: no sum is negative");
        must(world, sum->reserved_grosz + sum->used_grosz <= sum->total_grosz,
             "I5: no guarantee sum is exceeded");
        must(world, sum->reserved_grosz == reserved[i] && sum->used_grosz == used[i],
             "I5: each sum equals its orders'");
    }
}

static void check_facts(struct world *world)
{
    for (int i = 0; i < world->fact_count; i++)
        for (int to = 0; to < SERVICES; to++)
            must(world,
                 world->inbox[to][i] || (!hears((enum service)to, world->facts[i].kind) &&
                                         world->facts[i].teller != INTAKE),
                 "I1: every fact is heard by all who listen");
}

static void check_order(struct world *world, int number)
{
    const struct order *order = &world->orders[number];
    int live = 0, finished = 0;

    for (int i = 0; i < world->visit_count; i++) {
        const struct visit *visit = &world->visits[i];
        if (visit->order != number)
            continue;
        live += visit->is_live && !visit->is_done;
        bool is_finished = world->courses[i].state == COURSE_DONE;
        /* One that was missed and then done after all has left the book. */
        must(world, is_finished ? visit->is_done || !visit->is_live : !visit->is_done,
             "S6: what is done is done in the book, and nothing else");
        finished += is_finished;
    }
    must(world, live <= 1, "S3: an order has one hour");
    must(world, order->state != ORDER_DONE || finished >= 1, "S4: done means that somebody did it");
    must(world, order->state != ORDER_SCHEDULED || live == 1, "S4: scheduled means an hour");
    must(world, order->line_count == finished && world->billed_lines[number] == finished,
         "S6: each visit's line is accepted and booked once");
    must(world, world->billed[number] == order->used, "I5: billing has what intake covered");
    must(world, world->score_counts[number] == finished, "S6: one survey a visit");
}

void check_end(struct world *world)
{
    check_facts(world);
    check_money(world);
    check_promises(world);
    for (int i = 0; i < DAYS_COUNT; i++)
        check_day(world, i);
    for (int i = 0; i < world->order_count; i++)
        check_order(world, i);
}
