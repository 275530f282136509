/* The calendar entry of a visit (RFC 5545, iTIP of RFC 5546): one UID for all of an order's visits,
 * a sequence that only goes up, so that a calendar moves or cancels the one entry it has. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

struct calendar_entry {
    const char *uid;
    int64_t sequence;
    bool is_cancelled;
    timestamp stamp_at, start_at, end_at;
    const char *summary, *description; /* no personal data; may hold line feeds */
    const char *organizer, *attendee;  /* valid e-mail addresses */
};

const char *calendar_method(const struct calendar_entry *entry); /* "REQUEST" or "CANCEL" */
const char *calendar_file(struct arena *arena, const struct calendar_entry *entry);
