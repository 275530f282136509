/* Redis: expendable, quick, never waited for longer than 200 ms. After any error the connection is
 * made anew; after three, it rests for two seconds. Why it is away is said once in half a minute.
 */
#include "lib/service/live_link.h"
#include "lib/service/loop.h"

enum { FAILURES_MOST = 3, REST_MS = 2000, LIMIT_MS = 200, SAY_AGAIN_MS = 30000 };

static struct live_link *redis;
static bool is_used;
static int failures;
static int64_t rests_until_ms, say_ms, say_refused_ms;
static bool is_away;

static void fail(struct error why)
{
    int64_t now_ms = monotonic_clock_ms();

    metric_add("majster_redis_failures_total", "", 1);
    metric_set("majster_connected", "to=\"redis\"", 0);
    live_link_free(&redis);
    if (++failures >= FAILURES_MOST)
        rests_until_ms = now_ms + REST_MS;
    is_away = true;
    if (now_ms >= say_ms) {
        log_warning("redis_away", TEXT("why", why.text));
        say_ms = now_ms + SAY_AGAIN_MS;
    }
}

static void say_refused(const char *command, const char *why)
{
    int64_t now_ms = monotonic_clock_ms();

    metric_add("majster_redis_refused_total", "", 1);
    if (now_ms < say_refused_ms)
        return;
    log_warning("redis_refused", TEXT("command", command), TEXT("why", why));
    say_refused_ms = now_ms + SAY_AGAIN_MS;
}

static bool is_connected(void)
{
    if (redis)
        return true;
    if (string_empty(settings.redis.url) || monotonic_clock_ms() < rests_until_ms)
        return false;
    struct error error = live_link_new(&settings.redis, LIMIT_MS, &redis);
    if (error.kind != ERROR_NONE)
        fail(error);
    else if (is_used)
        metric_add("majster_reconnects_total", "to=\"redis\"", 1);
    return redis;
}

/* NULL when Redis is away or refuses. */
static redisReply *run(const char *const command[])
{
    redisReply *reply = NULL;

    if (!is_connected())
        return NULL;
    struct error error = live_link_ask(redis, command, LIMIT_MS, &reply);
    if (error.kind != ERROR_NONE) {
        fail(error);
        return NULL;
    }
    failures = 0;
    is_used = true;
    metric_set("majster_connected", "to=\"redis\"", 1);
    if (is_away)
        log_info("redis_back");
    is_away = false;
    say_ms = 0;
    if (reply->type != REDIS_REPLY_ERROR)
        return reply;
    say_refused(command[0], reply->str);
    freeReplyObject(reply);
    return NULL;
}

void live_send(const char *const command[])
{
    redisReply *reply = run(command);

    if (reply)
        freeReplyObject(reply);
}

void live_ask_whether_there(void)
{
    static const char *const ping[] = { "PING", NULL };

    if (is_used)
        live_send(ping);
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
    bool is_array = reply->type == REDIS_REPLY_ARRAY;
    size_t count = is_array ? reply->elements : 1;
    const char **strings = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        strings[i] = string_of(arena, is_array ? reply->element[i] : reply);
    freeReplyObject(reply);
    *ret = (struct live_answer){ .count = count, .strings = strings };
    return OK;
}
