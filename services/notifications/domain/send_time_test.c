/* Quiet hours, deadlines, reminders and retries, with the nights on which clocks change. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/notifications/domain/send_time.h"
#include <criterion/criterion.h>

static timestamp at(int32_t month, int32_t day, int32_t hour, int32_t minute)
{
    return timestamp_from_civil((struct civil){ 2026, month, day, hour, minute, 0, 0, 0 });
}

Test(send_time, quiet_hours)
{
    const struct {
        const char *name;
        timestamp at, until;
    } rows[] = {
        { "seven in the morning is day", at(11, 24, 7, 0), at(11, 24, 7, 0) },
        { "the last minute of the evening", at(11, 24, 20, 59), at(11, 24, 20, 59) },
        { "nine in the evening is quiet", at(11, 24, 21, 0), at(11, 25, 7, 0) },
        { "after midnight", at(11, 25, 0, 30), at(11, 25, 7, 0) },
        { "a minute before seven", at(11, 25, 6, 59), at(11, 25, 7, 0) },
        { "over the end of a month", at(11, 30, 23, 0), at(12, 1, 7, 0) },
        { "the night that loses an hour", at(3, 28, 22, 0), at(3, 28, 22, 0) + HOURS(8) },
        { "the night that gains an hour", at(10, 24, 22, 0), at(10, 24, 22, 0) + HOURS(10) },
        { "before the gap", at(3, 29, 1, 30), at(3, 29, 7, 0) },
        { "the second two o'clock", at(10, 25, 2, 30) + HOURS(1), at(10, 25, 7, 0) },
    };

    EACH (row, rows)
        cr_expect_eq(quiet_until(row->at), row->until, "%s", row->name);
}

Test(send_time, decisions)
{
    const timestamp start = at(11, 25, 10, 15), evening = at(11, 24, 22, 0);
    const struct {
        const char *name;
        enum template_name template;
        timestamp now, start_at, deadline_at;
        struct send_decision decision;
    } rows[] = {
        { "by day at once", REMINDER_DAY_BEFORE, at(11, 24, 10, 15), start, start, { SEND_NOW } },
        { "a reminder waits for the morning",
          REMINDER_DAY_BEFORE,
          evening,
          start,
          start,
          { SEND_LATER, at(11, 25, 7, 0) } },
        { "a survey waits for the morning",
          SURVEY_INVITATION,
          evening,
          at(11, 24, 20, 0),
          start,
          { SEND_LATER, at(11, 25, 7, 0) } },
        { "a survey waits without a visit",
          SURVEY_INVITATION,
          evening,
          0,
          start,
          { SEND_LATER, at(11, 25, 7, 0) } },
        { "same day passes", REMINDER_DAY_BEFORE, at(11, 25, 5, 0), start, start, { SEND_NOW } },
        { "urgent passes", BOOKING_CONFIRMATION, evening, start, start, { SEND_NOW } },
        { "the deadline itself is too late",
          BOOKING_CONFIRMATION,
          start,
          start,
          start,
          { SEND_TOO_LATE } },
        { "a moment before it is not",
          BOOKING_CONFIRMATION,
          start - 1,
          start,
          start,
          { SEND_NOW } },
        { "held beyond its deadline",
          REMINDER_DAY_BEFORE,
          evening,
          start,
          at(11, 25, 6, 0),
          { SEND_TOO_LATE } },
    };

    EACH (row, rows) {
        struct send_decision got =
            decide_sending(template_at(row->template), row->now, row->start_at, row->deadline_at);
        cr_expect_eq(got.verdict, row->decision.verdict, "%s", row->name);
        cr_expect_eq(got.at, row->decision.at, "%s", row->name);
    }
}

Test(send_time, deadlines)
{
    const timestamp now = at(11, 24, 10, 0), start = at(11, 25, 10, 15);

    cr_expect_eq(template_deadline(template_at(REMINDER_HOUR_BEFORE), now, start), start);
    cr_expect_eq(template_deadline(template_at(REMINDER_DAY_BEFORE), now, start), start - HOURS(3));
    cr_expect_eq(template_deadline(template_at(ON_THE_WAY), now, start), now + MINUTES(30));
}

Test(send_time, reminders)
{
    const timestamp start = at(11, 25, 10, 15);
    const struct {
        const char *name;
        timestamp now;
        bool has_day, has_hour;
    } rows[] = {
        { "promised days ahead", start - DAYS(3), true, true },
        { "exactly an hour before the day's reminder", start - HOURS(25), true, true },
        { "too close to the day's", start - HOURS(25) + 1, false, true },
        { "promised the same day", start - HOURS(4), false, true },
        { "exactly two hours ahead", start - HOURS(2), false, true },
        { "less than two hours ahead", start - HOURS(2) + 1, false, false },
        { "promised for the past", start + HOURS(1), false, false },
    };

    EACH (row, rows) {
        struct reminders got = plan_reminders(row->now, start);
        cr_expect_eq(got.day_at, row->has_day ? start - HOURS(24) : 0, "%s", row->name);
        cr_expect_eq(got.hour_at, row->has_hour ? start - HOURS(1) : 0, "%s", row->name);
    }
}

Test(send_time, answers)
{
    const struct {
        const char *name;
        enum message_channel channel;
        int status;
        bool was_sent;
        enum sending_verdict verdict;
    } rows[] = {
        { "gateway takes it", CHANNEL_SMS, 201, true, SENDING_TAKEN },
        { "gateway knows it already", CHANNEL_SMS, 200, true, SENDING_TAKEN },
        { "a bad number", CHANNEL_SMS, 400, true, SENDING_REFUSED },
        { "gateway is busy", CHANNEL_SMS, 429, true, SENDING_RETRY },
        { "gateway is away", CHANNEL_SMS, 503, true, SENDING_RETRY },
        { "gateway broke in between", CHANNEL_SMS, 500, true, SENDING_UNKNOWN },
        { "a proxy gave up", CHANNEL_SMS, 504, true, SENDING_UNKNOWN },
        { "no connection", CHANNEL_SMS, 0, false, SENDING_RETRY },
        { "the connection broke", CHANNEL_SMS, 0, true, SENDING_UNKNOWN },
        { "mail is taken", CHANNEL_EMAIL, 250, true, SENDING_TAKEN },
        { "mail server says later", CHANNEL_EMAIL, 451, true, SENDING_RETRY },
        { "mail server says never", CHANNEL_EMAIL, 550, true, SENDING_REFUSED },
        { "mail server broke off", CHANNEL_EMAIL, 0, true, SENDING_UNKNOWN },
        { "no mail server", CHANNEL_EMAIL, 0, false, SENDING_RETRY },
    };

    EACH (row, rows)
        cr_expect_eq(judge_sending(row->channel, row->status, row->was_sent), row->verdict, "%s",
                     row->name);
    cr_expect_eq(sending_retry_ms(1), SECONDS(1));
    cr_expect_eq(sending_retry_ms(2), SECONDS(5));
    cr_expect_eq(sending_retry_ms(9), SECONDS(30));
}

Test(send_time, nothing_that_waits_leaves_in_quiet_hours_and_no_wait_is_longer_than_a_night)
{
    struct random random = { 20261124 };

    for (int i = 0; i < 20000; i++) {
        timestamp now = at(1, 1, 0, 0) + random_below(&random, DAYS(365));
        timestamp until = quiet_until(now);
        struct civil local = civil_from_timestamp(until);
        cr_assert(local.hour >= QUIET_UNTIL_HOUR && local.hour < QUIET_FROM_HOUR,
                  "seed 20261124, now %lld", (long long)now);
        cr_assert(until >= now && until - now <= HOURS(11), "seed 20261124, now %lld",
                  (long long)now);
        cr_assert_eq(quiet_until(until), until);
    }
}

Test(send_time, channels)
{
    const struct {
        const char *name;
        enum template_name template;
        bool has_mobile, has_email;
        struct channel_choice choice;
    } rows[] = {
        { "a promise goes by both",
          BOOKING_CONFIRMATION,
          true,
          true,
          { { CHANNEL_SMS, CHANNEL_EMAIL }, 2 } },
        { "a promise without a mobile",
          BOOKING_CONFIRMATION,
          false,
          true,
          { { CHANNEL_EMAIL }, 1 } },
        { "a reminder goes by SMS", REMINDER_HOUR_BEFORE, true, true, { { CHANNEL_SMS }, 1 } },
        { "a reminder without a mobile",
          REMINDER_HOUR_BEFORE,
          false,
          true,
          { { CHANNEL_EMAIL }, 1 } },
        { "no e-mail", MOVED, true, false, { { CHANNEL_SMS }, 1 } },
        { "no way at all is told, too", MOVED, false, false, { { CHANNEL_NONE }, 1 } },
    };

    EACH (row, rows) {
        struct channel_choice got =
            choose_channels(template_at(row->template), row->has_mobile, row->has_email);
        cr_expect_eq(got.count, row->choice.count, "%s", row->name);
        for (size_t i = 0; i < got.count; i++)
            cr_expect_eq(got.at[i], row->choice.at[i], "%s", row->name);
    }
}
