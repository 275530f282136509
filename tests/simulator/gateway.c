/* Messages and the gateway that they leave by. */
#include "tests/simulator/judge.h"
#include "tests/simulator/world.h"

static void become(struct world *world, struct message *message, enum message_state to)
{
    must(world, message_may_become(message->state, to), "messages move as their table says");
    message->state = to;
}

/* The gateway takes a message or not, and its answer comes or not; the process may die before it
 * can write down what it heard. */
static void try_message(struct world *world, struct message *message)
{
    bool is_reached = chance(world, 80), is_taken = is_reached && chance(world, 80);
    bool is_answered = is_reached && chance(world, 80);
    int status = !is_answered ? 0 : is_taken ? 202 : 503;

    become(world, message, MESSAGE_SENDING); /* committed before anything leaves */
    message->taken += is_taken;
    if (chance(world, 20))
        return;
    become(world, message, message_after(status, is_reached));
}

void gateway_acts(struct world *world)
{
    struct message *message = &world->messages[below(world, VISITS_MOST)];

    if (message->state == MESSAGE_QUEUED)
        try_message(world, message);
    else if (message->state == MESSAGE_SENDING) /* overdue: nobody knows */
        become(world, message, MESSAGE_UNKNOWN);
    else if (message->state == MESSAGE_UNKNOWN) /* its reference is asked for */
        become(world, message, message->taken ? MESSAGE_SENT : MESSAGE_QUEUED);
    must(world, message->taken <= 1, "nobody gets the same SMS twice");
}
