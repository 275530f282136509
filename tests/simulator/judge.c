/* Keeps templates.h, whose names are intake's, too, out of the simulator's other files. */
#include "tests/simulator/judge.h"
#include "services/notifications/domain/send_time.h"

enum message_state message_after(int status, bool was_sent)
{
    switch (judge_sending(CHANNEL_SMS, status, was_sent)) {
    case SENDING_TAKEN:
        return MESSAGE_SENT;
    case SENDING_REFUSED:
        return MESSAGE_FAILED;
    case SENDING_RETRY:
        return MESSAGE_QUEUED;
    default:
        return MESSAGE_UNKNOWN;
    }
}
