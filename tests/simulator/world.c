/* The loop: at least once, in any order, and yet once in effect. */
#include "tests/simulator/world.h"
#include <assert.h>
#include <string.h>

enum { UNDO_MOST = 4096, UNDO_BYTES = 1 << 20 };

static struct {
    void *at;
    size_t size, from;
} undo[UNDO_MOST];
static size_t undo_count, undo_bytes;
static unsigned char old_bytes[UNDO_BYTES];

bool is_calm;

bool chance(struct world *world, int percent)
{
    return random_below(&world->random, 100) < percent;
}

int below(struct world *world, int bound)
{
    return (int)random_below(&world->random, bound);
}

void must(struct world *world, bool holds, const char *rule)
{
    if (!holds && !world->broken)
        world->broken = rule;
}

void changing(void *at, size_t size)
{
    assert(undo_count < UNDO_MOST && undo_bytes + size <= UNDO_BYTES);
    memcpy(old_bytes + undo_bytes, at, size);
    undo[undo_count].at = at;
    undo[undo_count].size = size;
    undo[undo_count++].from = undo_bytes;
    undo_bytes += size;
}

static void roll_back(void)
{
    while (undo_count) {
        undo_count--;
        memcpy(undo[undo_count].at, old_bytes + undo[undo_count].from, undo[undo_count].size);
    }
}

bool turn(struct world *world, void (*act)(struct world *world, const void *with), const void *with)
{
    undo_count = undo_bytes = 0;
    act(world, with);
    if (!is_calm && chance(world, 6)) {
        roll_back();
        world->rollbacks++;
        return false;
    }
    return true;
}

void tell(struct world *world, struct fact fact)
{
    if (world->fact_count == FACTS_MOST)
        return;
    CHANGING(world->told[fact.teller][fact.order]);
    CHANGING(world->fact_count);
    CHANGING(world->facts[world->fact_count]);
    fact.sequence = ++world->told[fact.teller][fact.order];
    world->facts[world->fact_count++] = fact;
}

/* ---- from the outbox to those who listen ---- */

static void put(struct world *world, int fact, enum service to)
{
    if (world->bag_count < BAG_MOST)
        world->bag[world->bag_count++] = (struct delivery){ fact, to };
    else
        must(world, false, "the simulator's bag is too small");
}

/* What of the service's facts is not out goes out, and is forgotten only then; a crash in between
 * sends it again. */
void relay(struct world *world, enum service service)
{
    for (int i = world->relayed[service]; i < world->fact_count; i++) {
        if (world->facts[i].teller != service)
            continue;
        for (int to = 0; to < SERVICES; to++)
            if (hears((enum service)to, world->facts[i].kind) || world->facts[i].teller == INTAKE)
                put(world, i, (enum service)to);
        if (!is_calm && chance(world, 5)) {
            world->crashes++;
            return;
        }
    }
    world->relayed[service] = world->fact_count;
}

static void take(struct world *world, const void *with)
{
    const struct delivery *delivery = with;
    const struct fact *fact = &world->facts[delivery->fact];
    int64_t *heard = &world->heard[delivery->to][fact->teller][fact->order];
    bool *inbox = &world->inbox[delivery->to][delivery->fact];

    CHANGING(*inbox);
    CHANGING(*heard);
    *inbox = true;
    *heard = fact->sequence;
    if (hears(delivery->to, fact->kind))
        handle(world, delivery->to, fact);
}

/* Facts of this order that the listener does not handle count as heard: its sequence has no gaps
 * for it. */
static int64_t next_heard(const struct world *world, enum service to, const struct fact *fact)
{
    int64_t next = world->heard[to][fact->teller][fact->order] + 1;

    for (int i = 0; i < world->fact_count; i++) {
        const struct fact *other = &world->facts[i];
        if (other->teller == fact->teller && other->order == fact->order &&
            other->sequence == next && other->teller != INTAKE && !hears(to, other->kind))
            next++;
    }
    return next;
}

void deliver(struct world *world)
{
    if (!world->bag_count)
        return;
    int at = below(world, world->bag_count);
    struct delivery delivery = world->bag[at];
    const struct fact *fact = &world->facts[delivery.fact];
    bool is_known = fact->teller == INTAKE || world->heard[delivery.to][INTAKE][fact->order];

    if (!is_calm && chance(world, 10)) { /* it is lost on its way; Kafka has it still */
        world->holes++;
        return;
    }
    if (world->inbox[delivery.to][delivery.fact]) {
        world->duplicates++;
    } else if (!is_known || fact->sequence > next_heard(world, delivery.to, fact)) {
        world->early++;
        return;
    } else if (!turn(world, take, &delivery)) {
        return;
    }
    if (!is_calm && chance(world, 8)) { /* done, and dead before it could say so */
        world->crashes++;
        return;
    }
    world->bag[at] = world->bag[--world->bag_count];
}
