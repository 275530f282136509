/* Redis: expendable, quick, never waited for longer than 200 ms. After any error the connection is
 * made anew, because a late answer would be taken for the next one's; after three, it rests for two
 * seconds. */
#include "lib/service/loop.h"
#include <hiredis/hiredis.h>
#include <stdio.h>

enum { FAILURES_MOST = 3, REST_MS = 2000, ARGUMENTS_MOST = 64 };

static redisContext *redis;
static int failures;
static int64_t rests_until_ms;

static void fail(void)
{
    metric_add("majster_redis_failures_total", "", 1);
    if (redis)
        redisFree(redis);
    redis = NULL;
    if (++failures >= FAILURES_MOST)
        rests_until_ms = monotonic_clock_ms() + REST_MS;
}

static bool is_connected(void)
{
    struct timeval limit = { .tv_usec = 200000 };
    char host[256];
    int64_t port = 6379;

    if (redis)
        return true;
    if (string_empty(settings.redis_url) || monotonic_clock_ms() < rests_until_ms)
        return false;
    struct text rest = text_of(settings.redis_url);
    if (text_starts(rest, "redis://"))
        rest = (struct text){ rest.at + 8, rest.length - 8 };
    struct text name = text_cut(rest, ':', &rest);
    struct text unused, number = text_cut(rest, '/', &unused);
    if (number.length && !text_number(number, &port))
        return false;
    snprintf(host, sizeof host, "%.*s", (int)name.length, name.at);
    redis = redisConnectWithTimeout(host, (int)port, limit);
    if (!redis || redis->err) {
        fail();
        return false;
    }
    redisSetTimeout(redis, limit);
    return true;
}

static redisReply *run(const char *const command[])
{
    int count = 0;
    const char *arguments[ARGUMENTS_MOST];

    while (command[count] && count < ARGUMENTS_MOST) {
        arguments[count] = command[count];
        count++;
    }
    if (!is_connected())
        return NULL;
    redisReply *reply = redisCommandArgv(redis, count, arguments, NULL);
    if (!reply) {
        fail();
        return NULL;
    }
    failures = 0;
    return reply;
}

void live_send(const char *const command[])
{
    redisReply *reply = run(command);

    if (reply && reply->type == REDIS_REPLY_ERROR)
        log_warning("redis_refused", TEXT("command", command[0]), TEXT("why", reply->str));
    if (reply)
        freeReplyObject(reply);
}

static const char *string_of(struct arena *arena, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_INTEGER)
        return arena_format(arena, "%lld", reply->integer);
    return reply->type == REDIS_REPLY_NIL
               ? NULL
               : arena_text(arena, (struct text){ reply->str, reply->len });
}

struct error live_read(struct arena *arena, const char *const command[], struct live_answer *ret)
{
    redisReply *reply = run(command);

    if (!reply)
        return temporary("redis %s: no answer", command[0]);
    if (reply->type == REDIS_REPLY_ERROR) {
        struct error error = temporary("redis %s: %s", command[0], reply->str);
        freeReplyObject(reply);
        return error;
    }
    bool is_array = reply->type == REDIS_REPLY_ARRAY;
    size_t count = is_array ? reply->elements : 1;
    const char **strings = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        strings[i] = string_of(arena, is_array ? reply->element[i] : reply);
    freeReplyObject(reply);
    *ret = (struct live_answer){ .count = count, .strings = strings };
    return OK;
}
