/* What customers are told, as data: words, version, channels, and until when it may still be said.
 * A changed text gets a new version; the ledger keeps which one was sent. */
#pragma once
#include "lib/base/text.h"
#include "lib/base/time.h"

enum template_name {
    CHOOSE_HOUR,
    BOOKING_CONFIRMATION,
    REMINDER_DAY_BEFORE,
    REMINDER_HOUR_BEFORE,
    ON_THE_WAY,
    MOVED,
    REBOOKED,
    POSTPONED, /* the work before it was promised for later */
    FURTHER_VISIT,
    CANCELLED,
    ORDER_CANCELLED,
    PART_LATE,
    SURVEY_INVITATION,
    TEMPLATE_COUNT,
};

enum template_channels {
    BY_FIRST, /* SMS; e-mail when the person has no mobile phone */
    BY_ALL,   /* every channel that the person has */
};

/* What must still be so when the message leaves. */
enum template_binding {
    BOUND_TO_NOTHING,
    BOUND_TO_OPEN_ORDER,     /* not cancelled, and no visit is promised yet */
    BOUND_TO_VISIT,          /* this version of the visit is promised or under way */
    BOUND_TO_PROMISED,       /* this version of the visit is promised, nobody is on the way */
    BOUND_TO_CANCELLED_VISIT /* this version of the visit was called off, none is promised */
};

enum template_deadline {
    BEFORE_START, /* deadline_ms before the visit's promised hour */
    AFTER_CUE,    /* deadline_ms after the fact that asked for the message */
};

enum template_calendar { NO_CALENDAR, CALENDAR_REQUEST, CALENDAR_CANCEL };

struct message_template {
    const char *name;
    int version;
    const char *label; /* what kind of message it is, for the partner's feed */
    enum template_channels channels;
    enum template_binding binding;
    bool waits_for_morning; /* quiet hours hold it, unless the visit is on the same day */
    const char *link;       /* purpose of the link it carries; NULL: none */
    enum template_deadline deadline;
    int64_t deadline_ms;
    enum template_calendar calendar;
    const char *sms, *subject, *mail; /* with gaps, see fill.h */
};

const struct message_template *template_at(enum template_name name);
const struct message_template *template_find(const char *name); /* NULL when there is none */

/* Occurrences of the visit templates name one version of one visit: "visit_id:moves". */
enum visit_course { VISIT_NONE, VISIT_PROMISED, VISIT_UNDER_WAY, VISIT_OVER, VISIT_CALLED_OFF };
/* Whether a message about `occurrence` may still be sent, given what is so now; `live` is the
 * occurrence of the visit that stands. */
bool template_still_true(const struct message_template *template, const char *occurrence,
                         const char *live, enum visit_course course, bool order_has_ended);
