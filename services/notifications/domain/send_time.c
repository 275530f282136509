/* Rules of time for messages; pure. */
#include "services/notifications/domain/send_time.h"
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include <assert.h>

timestamp quiet_until(timestamp at)
{
    struct civil local = civil_from_timestamp(at);

    if (local.hour >= QUIET_UNTIL_HOUR && local.hour < QUIET_FROM_HOUR)
        return at;
    int32_t date = date_from_timestamp(at) + (local.hour >= QUIET_FROM_HOUR);
    struct civil morning = date_civil(date);
    morning.hour = QUIET_UNTIL_HOUR;
    return timestamp_from_civil(morning);
}

timestamp template_deadline(const struct message_template *template, timestamp now,
                            timestamp start_at)
{
    if (template->deadline == BEFORE_START)
        return start_at - template->deadline_ms;
    return now + template->deadline_ms;
}

struct send_decision decide_sending(const struct message_template *template, timestamp now,
                                    timestamp start_at, timestamp deadline_at)
{
    bool is_today = start_at > now && date_from_timestamp(start_at) == date_from_timestamp(now);
    timestamp at = template->waits_for_morning && !is_today ? quiet_until(now) : now;

    if (at >= deadline_at)
        return (struct send_decision){ SEND_TOO_LATE, 0 };
    if (at > now)
        return (struct send_decision){ SEND_LATER, at };
    return (struct send_decision){ SEND_NOW, 0 };
}

static timestamp unless_too_soon(timestamp at, timestamp now)
{
    return at >= now + HOURS(1) ? at : 0;
}

struct reminders plan_reminders(timestamp now, timestamp start_at)
{
    return (struct reminders){ .day_at = unless_too_soon(start_at - HOURS(24), now),
                               .hour_at = unless_too_soon(start_at - HOURS(1), now) };
}

static const char *const channel_names[] = {
    [CHANNEL_NONE] = "none", [CHANNEL_SMS] = "sms", [CHANNEL_EMAIL] = "email"
};

const char *message_channel_name(enum message_channel channel)
{
    assert(channel < COUNT(channel_names));
    return channel_names[channel];
}

enum message_channel message_channel_of(const char *name)
{
    for (size_t i = 0; i < COUNT(channel_names); i++)
        if (string_is(channel_names[i], name))
            return (enum message_channel)i;
    return CHANNEL_NONE;
}

struct channel_choice choose_channels(const struct message_template *template, bool has_mobile,
                                      bool has_email)
{
    struct channel_choice choice = { 0 };

    if (has_mobile)
        choice.at[choice.count++] = CHANNEL_SMS;
    if (has_email && (template->channels == BY_ALL || !has_mobile))
        choice.at[choice.count++] = CHANNEL_EMAIL;
    if (choice.count == 0)
        choice.at[choice.count++] = CHANNEL_NONE;
    return choice;
}

/* HTTP: 429 and 503 say that nothing was taken in; other answers of 5xx leave it open. */
static enum sending_verdict judge_sms(int status)
{
    if (status >= 200 && status < 300)
        return SENDING_TAKEN;
    if (status == 429 || status == 503)
        return SENDING_RETRY;
    return status == 408 || status >= 500 ? SENDING_UNKNOWN : SENDING_REFUSED;
}

/* SMTP (RFC 5321, 4.2.1): 4yz is "not now", 5yz "never". */
static enum sending_verdict judge_mail(int status)
{
    if (status >= 200 && status < 300)
        return SENDING_TAKEN;
    return status >= 400 && status < 500 ? SENDING_RETRY : SENDING_REFUSED;
}

enum sending_verdict judge_sending(enum message_channel channel, int status, bool was_sent)
{
    if (status == 0)
        return was_sent ? SENDING_UNKNOWN : SENDING_RETRY;
    return channel == CHANNEL_SMS ? judge_sms(status) : judge_mail(status);
}

int64_t sending_retry_ms(int attempts)
{
    return attempts <= 1 ? SECONDS(1) : attempts == 2 ? SECONDS(5) : SECONDS(30);
}
