/* Every pair of states: which moves there are, and that ends stay ends. */
#include "services/notifications/domain/message_states.h"
#include <criterion/criterion.h>

Test(message_states, every_pair)
{
    /* Columns are the state before, rows the state after; queued, sending, sent, delivered, failed,
     * unknown, dropped. */
    static const char *const may[] = {
        "-x---x-", /* queued */
        "x------", /* sending */
        "-x---x-", /* sent */
        "-xx--x-", /* delivered */
        "xxx--x-", /* failed */
        "-x-----", /* unknown */
        "x------", /* dropped */
    };

    for (int to = MESSAGE_QUEUED; to <= MESSAGE_DROPPED; to++)
        for (int from = MESSAGE_QUEUED; from <= MESSAGE_DROPPED; from++)
            cr_expect_eq(message_may_become((enum message_state)from, (enum message_state)to),
                         may[to - 1][from - 1] == 'x', "from %d to %d", from, to);
}
