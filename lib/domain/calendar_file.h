/* The calendar entry of a visit (RFC 5545, iTIP of RFC 5546), in a mail or behind a link: one UID
 * for all of an order's visits, a sequence that only goes up, so that a calendar moves or cancels
 * the one entry it has. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

struct calendar_visit {
    const char *work_order_id; /* the UID; RFC 7986, 5.3 wants one without a host */
    const char *number;        /* of the order, for people */
    const char *partner_name, *technician_name; /* "" when not known */
    int64_t
        sequence; /* of matching's last fact about the order: the same whoever writes the file */
    bool is_cancelled;
    timestamp stamp_at, start_at, end_at;
    const char *organizer; /* a valid e-mail address */
    const char *attendee;  /* likewise, whom the file is sent to; "" for a file behind a link */
};

/* "REQUEST" with an attendee, "PUBLISH" without one (RFC 5546, 3.2.1 and 3.2.2); "CANCEL" once it
 * is cancelled. */
const char *calendar_method(const struct calendar_visit *visit);
/* In the arena. Hours are those of Europe/Warsaw, whose rule goes along. */
const char *calendar_file(struct arena *arena, const struct calendar_visit *visit);
