/* When a message may leave: quiet hours, deadlines, reminders, and what an answer means. Suite
 * time, but for the waits between tries, which are the machine's. */
#pragma once
#include "services/notifications/domain/templates.h"

enum { QUIET_FROM_HOUR = 21, QUIET_UNTIL_HOUR = 7 }; /* in Warsaw; nobody's zone is known better */

/* `at` itself, or the next 7:00 in Warsaw when `at` is in quiet hours. */
timestamp quiet_until(timestamp at);

/* The first moment at which it is too late. `start_at` counts for those bound to the hour. */
timestamp template_deadline(const struct message_template *template, timestamp now,
                            timestamp start_at);

enum send_verdict { SEND_NOW, SEND_LATER, SEND_TOO_LATE };
struct send_decision {
    enum send_verdict verdict;
    timestamp at; /* of SEND_LATER */
};
/* `start_at` 0: there is no visit. */
struct send_decision decide_sending(const struct message_template *template, timestamp now,
                                    timestamp start_at, timestamp deadline_at);

/* When a visit promised at `now` is to be reminded of, 0 for not at all: a day and an hour before,
 * each only when it lies an hour or more after the promise, of which the customer is told anyway.
 */
struct reminders {
    timestamp day_at, hour_at;
};
struct reminders plan_reminders(timestamp now, timestamp start_at);

enum message_channel { CHANNEL_NONE, CHANNEL_SMS, CHANNEL_EMAIL };
const char *message_channel_name(enum message_channel channel); /* "none", "sms", "email" */
enum message_channel message_channel_of(const char *name);

/* By which channels a person is told: at most two; CHANNEL_NONE alone when there is no way. */
struct channel_choice {
    enum message_channel at[2];
    size_t count;
};
struct channel_choice choose_channels(const struct message_template *template, bool has_mobile,
                                      bool has_email);

/* What the gateway's or the mail server's answer says of one try. */
enum sending_verdict {
    SENDING_TAKEN,
    SENDING_REFUSED, /* will never be taken */
    SENDING_RETRY,   /* was surely not taken in: may be sent again */
    SENDING_UNKNOWN, /* may have been taken in: must not be sent again by itself */
};
/* `status` 0: no answer; `was_sent`: something of the request may have reached the other side. */
enum sending_verdict judge_sending(enum message_channel channel, int status, bool was_sent);
/* Machine time to wait after that many tries: 1 s, 5 s, then 30 s each. */
int64_t sending_retry_ms(int attempts);
