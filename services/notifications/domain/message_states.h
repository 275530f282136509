/* The one table of moves between a message's states. The numbers are those of
 * notifications.v1.MessageState and stand in the ledger. */
#pragma once
#include <stdbool.h>

enum message_state {
    MESSAGE_QUEUED = 1,
    MESSAGE_SENDING = 2,
    MESSAGE_SENT = 3,
    MESSAGE_DELIVERED = 4,
    MESSAGE_FAILED = 5,
    MESSAGE_UNKNOWN = 6,
    MESSAGE_DROPPED = 7,
};

bool message_may_become(enum message_state from, enum message_state to);
