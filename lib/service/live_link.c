/* Debian's hiredis has no TLS, libcurl has: it connects and verifies (CURLOPT_CONNECT_ONLY),
 * hiredis writes the commands and reads the answers. docs/decisions/0013-redis-over-libcurl.md */
#include "lib/service/live_link.h"
#include "lib/base/array.h"
#include "lib/base/settings.h"
#include "lib/base/text.h"
#include "lib/base/time.h"
#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>

enum { ARGUMENTS_MOST = 64, SPEAK_BYTES = 16384 };

struct live_link {
    CURL *easy;
    redisReader *reader;
    char why[CURL_ERROR_SIZE];
};

/* What a URL says, each part with curl_free. */
struct address {
    char *scheme, *host, *port, *user, *password, *path, *whole;
};

static void address_done(struct address *address)
{
    char *parts[] = { address->scheme,   address->host, address->port, address->user,
                      address->password, address->path, address->whole };

    EACH (part, parts)
        curl_free(*part);
}

#define auto_address __attribute__((cleanup(address_done))) struct address

static bool is_tls(const struct address *address)
{
    return string_is(address->scheme, "rediss");
}

/* `whole` becomes what libcurl is to connect to; nothing is said over HTTP. */
static bool address_read(const char *url, struct address *ret_address)
{
    CURLU *parsed = curl_url();
    const unsigned unknown = CURLU_NON_SUPPORT_SCHEME;

    if (!parsed)
        abort();
    bool is_good = curl_url_set(parsed, CURLUPART_URL, url, unknown) == CURLUE_OK;
    if (is_good) {
        curl_url_get(parsed, CURLUPART_SCHEME, &ret_address->scheme, 0);
        curl_url_get(parsed, CURLUPART_HOST, &ret_address->host, 0);
        curl_url_get(parsed, CURLUPART_PORT, &ret_address->port, 0);
        curl_url_get(parsed, CURLUPART_USER, &ret_address->user, CURLU_URLDECODE);
        curl_url_get(parsed, CURLUPART_PASSWORD, &ret_address->password, CURLU_URLDECODE);
        curl_url_get(parsed, CURLUPART_PATH, &ret_address->path, 0);
        curl_url_set(parsed, CURLUPART_USER, NULL, 0);
        curl_url_set(parsed, CURLUPART_PASSWORD, NULL, 0);
        curl_url_set(parsed, CURLUPART_SCHEME, is_tls(ret_address) ? "https" : "http", 0);
        if (!ret_address->port)
            curl_url_set(parsed, CURLUPART_PORT, "6379", 0);
        curl_url_get(parsed, CURLUPART_URL, &ret_address->whole, 0);
    }
    curl_url_cleanup(parsed);
    return is_good && ret_address->whole && !string_empty(ret_address->host);
}

static struct error check_user(const struct live_settings *settings, const struct address *address)
{
    if ((address->user || address->password) &&
        (!string_empty(settings->user) || !string_empty(settings->password)))
        return fatal("setting REDIS_USER: REDIS_URL names a user or password, too; one of both");
    if (!string_empty(settings->user) && string_empty(settings->password))
        return fatal("setting REDIS_PASSWORD_FILE: REDIS_USER needs it");
    if (!string_empty(address->user) && string_empty(address->password))
        return fatal("setting REDIS_URL: a user needs a password");
    return OK;
}

static struct error check_tls(const struct live_settings *settings, bool has_tls)
{
    const struct {
        const char *name, *path;
    } files[] = {
        { "REDIS_CA_FILE", settings->ca_file },
        { "REDIS_CERTIFICATE_FILE", settings->certificate_file },
        { "REDIS_KEY_FILE", settings->key_file },
    };

    EACH (file, files) {
        if (!has_tls && !string_empty(file->path))
            return fatal("setting %s: goes with a REDIS_URL of rediss:// only", file->name);
        TRY(setting_file_check(file->name, file->path));
    }
    if (!has_tls && !settings->verify_host)
        return fatal("setting REDIS_VERIFY_HOST: goes with a REDIS_URL of rediss:// only");
    if (string_empty(settings->certificate_file) != string_empty(settings->key_file))
        return fatal("setting REDIS_CERTIFICATE_FILE: goes with REDIS_KEY_FILE, both or none");
    return OK;
}

struct error live_link_check(const struct live_settings *settings)
{
    auto_address address = { 0 };

    if (string_empty(settings->url)) {
        if (!string_empty(settings->user) || !string_empty(settings->password))
            return fatal("setting REDIS_USER: goes with REDIS_URL, which is empty");
        return check_tls(settings, false);
    }
    if (!address_read(settings->url, &address) ||
        !(is_tls(&address) || string_is(address.scheme, "redis")))
        return fatal("setting REDIS_URL: has to be redis://host:port or rediss://host:port");
    if (!string_is(address.path, "/") && !string_is(address.path, "/0"))
        return fatal("setting REDIS_URL: database 0 is the only one, not %s", address.path);
    TRY(check_user(settings, &address));
    return check_tls(settings, is_tls(&address));
}

static bool wait_for(const struct live_link *link, short what, int64_t until_ms)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    int64_t left_ms = until_ms - monotonic_clock_ms();

    curl_easy_getinfo(link->easy, CURLINFO_ACTIVESOCKET, &fd);
    struct pollfd one = { .fd = fd, .events = what };
    return left_ms > 0 && fd != CURL_SOCKET_BAD && poll(&one, 1, (int)left_ms) > 0;
}

static struct error speak(struct live_link *link, const char *words, size_t length,
                          int64_t until_ms)
{
    while (length) {
        size_t sent = 0;
        CURLcode code = curl_easy_send(link->easy, words, length, &sent);
        if (code == CURLE_AGAIN && !wait_for(link, POLLOUT, until_ms))
            return temporary("redis: cannot send in time");
        if (code != CURLE_OK && code != CURLE_AGAIN)
            return temporary("redis: %s", link->why[0] ? link->why : curl_easy_strerror(code));
        words += sent;
        length -= sent;
    }
    return OK;
}

static struct error listen_for(struct live_link *link, int64_t until_ms, redisReply **ret_reply)
{
    char bytes[SPEAK_BYTES];
    void *reply = NULL;

    while (redisReaderGetReply(link->reader, &reply) == REDIS_OK && !reply) {
        size_t length = 0;
        CURLcode code = curl_easy_recv(link->easy, bytes, sizeof bytes, &length);
        if (code == CURLE_AGAIN && !wait_for(link, POLLIN, until_ms))
            return temporary("redis: no answer in time");
        if (code == CURLE_OK && length == 0)
            return temporary("redis: closed the connection");
        if (code != CURLE_OK && code != CURLE_AGAIN)
            return temporary("redis: %s", link->why[0] ? link->why : curl_easy_strerror(code));
        if (length)
            redisReaderFeed(link->reader, bytes, length);
    }
    if (!reply)
        return temporary("redis: %s", link->reader->errstr);
    *ret_reply = reply;
    return OK;
}

struct error live_link_ask(struct live_link *link, const char *const command[], int64_t limit_ms,
                           redisReply **ret_reply)
{
    int64_t until_ms = monotonic_clock_ms() + limit_ms;
    const char *arguments[ARGUMENTS_MOST];
    char *words = NULL;
    int count = 0;

    for (; command[count] && count < ARGUMENTS_MOST; count++)
        arguments[count] = command[count];
    int length = redisFormatCommandArgv(&words, count, arguments, NULL);
    if (length < 0)
        abort();
    struct error error = speak(link, words, (size_t)length, until_ms);
    free(words);
    return error.kind == ERROR_NONE ? listen_for(link, until_ms, ret_reply) : error;
}

static struct error sign_in(struct live_link *link, const struct live_settings *settings,
                            const struct address *address, int64_t limit_ms)
{
    const char *user = string_empty(settings->user) ? address->user : settings->user;
    const char *password =
        string_empty(settings->password) ? address->password : settings->password;
    const char *const by_name[] = { "AUTH", user, password, NULL };
    const char *const by_password[] = { "AUTH", password, NULL };
    redisReply *reply = NULL;

    if (string_empty(password))
        return OK;
    TRY(live_link_ask(link, string_empty(user) ? by_password : by_name, limit_ms, &reply));
    struct error error = OK;
    if (reply->type == REDIS_REPLY_ERROR)
        error = temporary("redis: sign in as %s: %s", string_empty(user) ? "default" : user,
                          reply->str);
    freeReplyObject(reply);
    return error;
}

static void secure(CURL *easy, const struct live_settings *settings)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, settings->verify_host ? 2L : 0L);
    if (!string_empty(settings->ca_file)) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* or the machine's own would do, too */
    }
    if (!string_empty(settings->certificate_file)) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, settings->certificate_file);
        curl_easy_setopt(easy, CURLOPT_SSLKEY, settings->key_file);
    }
}

static struct error link_connect(struct live_link *link, const struct live_settings *settings,
                                 const struct address *address, int64_t limit_ms)
{
    curl_easy_setopt(link->easy, CURLOPT_URL, address->whole);
    curl_easy_setopt(link->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(link->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(link->easy, CURLOPT_ERRORBUFFER, link->why);
    curl_easy_setopt(link->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(link->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(link->easy, CURLOPT_TIMEOUT_MS, (long)limit_ms);
    curl_easy_setopt(link->easy, CURLOPT_QUICK_EXIT, 1L); /* a name server that is silent */
    secure(link->easy, settings);
    CURLcode code = curl_easy_perform(link->easy);
    return code == CURLE_OK
               ? OK
               : temporary("redis %s:%s: %s", address->host, address->port ? address->port : "6379",
                           link->why[0] ? link->why : curl_easy_strerror(code));
}

struct error live_link_new(const struct live_settings *settings, int64_t limit_ms,
                           struct live_link **ret_link)
{
    auto_address address = { 0 };
    struct live_link *link = calloc(1, sizeof *link);

    if (!link || !(link->easy = curl_easy_init()) || !(link->reader = redisReaderCreate()))
        abort();
    if (!address_read(settings->url, &address))
        abort(); /* it was checked at the start */
    struct error error = link_connect(link, settings, &address, limit_ms);
    if (error.kind == ERROR_NONE)
        error = sign_in(link, settings, &address, limit_ms);
    if (error.kind != ERROR_NONE) {
        live_link_free(&link);
        return error;
    }
    *ret_link = link;
    return OK;
}

void live_link_free(struct live_link **link)
{
    if (!*link)
        return;
    curl_easy_cleanup((*link)->easy);
    redisReaderFree((*link)->reader);
    free(*link);
    *link = NULL;
}
