/* Receipts come late, twice and out of order: what is delivered, failed or dropped stays so. */
#include "services/notifications/domain/message_states.h"
#include "lib/base/array.h"

static const struct {
    enum message_state from, to;
} moves[] = {
    { MESSAGE_QUEUED, MESSAGE_SENDING },
    { MESSAGE_QUEUED, MESSAGE_FAILED }, /* a gap of its text has no value */
    { MESSAGE_QUEUED, MESSAGE_DROPPED },
    { MESSAGE_SENDING, MESSAGE_QUEUED }, /* surely not taken in: once more */
    { MESSAGE_SENDING, MESSAGE_SENT },
    { MESSAGE_SENDING, MESSAGE_DELIVERED }, /* the receipt was faster than the answer */
    { MESSAGE_SENDING, MESSAGE_FAILED },
    { MESSAGE_SENDING, MESSAGE_UNKNOWN },
    { MESSAGE_UNKNOWN, MESSAGE_QUEUED }, /* the gateway says it has never seen it */
    { MESSAGE_UNKNOWN, MESSAGE_SENT },
    { MESSAGE_UNKNOWN, MESSAGE_DELIVERED },
    { MESSAGE_UNKNOWN, MESSAGE_FAILED },
    { MESSAGE_SENT, MESSAGE_DELIVERED },
    { MESSAGE_SENT, MESSAGE_FAILED },
};

bool message_may_become(enum message_state from, enum message_state to)
{
    EACH (move, moves)
        if (move->from == from && move->to == to)
            return true;
    return false;
}
