/* Calls to other machines on the loop's epoll, through libcurl's multi interface; answers are
 * turns. */
#include "lib/service/loop.h"
#include "lib/service/metrics.h"
#include "lib/service/trace.h"
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { ANSWER_MOST = 10 * 1024 * 1024 };

struct outgoing {
    struct item *item; /* the answering turn */
    CURL *easy;
    struct curl_slist *headers, *recipients;
    char *upload;
    size_t upload_length, uploaded;
    char *answer;
    size_t length, room;
    int64_t begun_ms;
    const char *to;
    char why[CURL_ERROR_SIZE];
    bool only_public;
};

static CURLM *multi;
static int timer_fd = -1;
static int active;

static void count_call(const struct outgoing *out, int status)
{
    const char *result = status == 0    ? "unreachable"
                         : status < 400 ? "ok"
                         : status < 500 ? "refused"
                                        : "failed";
    char to[32], label[80];

    snprintf(to, sizeof to, "to=\"%s\"", out->to);
    snprintf(label, sizeof label, "%s,result=\"%s\"", to, result);
    metric_add("majster_calls_total", label, 1);
    metric_observe(CALL_SECONDS, to, (double)(monotonic_clock_ms() - out->begun_ms) / 1000);
}

int outgoing_active(void)
{
    return active;
}

static void finish(CURL *easy, CURLcode code)
{
    struct outgoing *out = NULL;
    struct curl_header *position = NULL;
    long status = 0;
    curl_off_t begun_us = 0, retry_after_s = 0;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&out);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &begun_us);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    struct item *item = out->item;
    item->status = code == CURLE_OK ? (int)(status ? status : 200) : 0;
    item->result = out->answer;
    item->result_length = out->length;
    item->took_ms = monotonic_clock_ms() - out->begun_ms;
    item->was_sent = begun_us > 0;
    item->retry_after_ms = SECONDS(retry_after_s < 86400 ? retry_after_s : 86400);
    if (curl_easy_header(easy, "X-Position", 0, CURLH_HEADER, -1, &position) == CURLHE_OK)
        item->position = strdup(position->value);
    item->why = strdup(code == CURLE_OK ? "" : out->why[0] ? out->why : curl_easy_strerror(code));
    /* A refusal by the other side still is an answer: its code decides what follows. */
    if (code != CURLE_OK && status >= 400)
        item->status = (int)status;
    count_call(out, item->status);
    loop_add(item);
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
    curl_slist_free_all(out->headers);
    curl_slist_free_all(out->recipients);
    free(out->upload);
    free(out);
    active--;
    metric_set("majster_calls_active", "", active);
}

static void collect(void)
{
    int left;

    for (CURLMsg *message = curl_multi_info_read(multi, &left); message;
         message = curl_multi_info_read(multi, &left))
        if (message->msg == CURLMSG_DONE)
            finish(message->easy_handle, message->data.result);
}

static void on_socket(uint32_t events, void *with)
{
    int running, fd = (int)(intptr_t)with;
    int flags = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

    curl_multi_socket_action(multi, fd, flags, &running);
    collect();
}

static void on_timer(uint32_t events, void *with)
{
    uint64_t count;
    int running;

    (void)events;
    (void)with;
    if (read(timer_fd, &count, sizeof count) < 0)
        return;
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect();
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *with, void *socket_data)
{
    (void)easy;
    (void)with;
    (void)socket_data;
    if (what == CURL_POLL_REMOVE) {
        loop_unwatch_fd(fd);
        return 0;
    }
    uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
    loop_watch_fd(fd, events, on_socket, (void *)(intptr_t)fd);
    return 0;
}

static int set_timer(CURLM *handle, long timeout_ms, void *with)
{
    struct itimerspec spec = { 0 };

    (void)handle;
    (void)with;
    if (timeout_ms >= 0) {
        spec.it_value.tv_sec = timeout_ms / 1000;
        spec.it_value.tv_nsec = timeout_ms % 1000 * 1000000 + 1; /* 0 would disarm it */
    }
    timerfd_settime(timer_fd, 0, &spec, NULL);
    return 0;
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *with)
{
    struct outgoing *out = with;
    size_t more = size * count;

    if (out->length + more > ANSWER_MOST)
        return 0;
    if (out->length + more + 1 > out->room) {
        out->room = out->room * 2 + more + 1024;
        out->answer = realloc(out->answer, out->room);
        if (!out->answer)
            abort();
    }
    memcpy(out->answer + out->length, bytes, more);
    out->length += more;
    out->answer[out->length] = '\0';
    return more;
}

static size_t give_upload(char *to, size_t size, size_t count, void *with)
{
    struct outgoing *out = with;
    size_t left = out->upload_length - out->uploaded, room = size * count;

    if (left > room)
        left = room;
    memcpy(to, out->upload + out->uploaded, left);
    out->uploaded += left;
    return left;
}

/* Addresses that a partner's URL must not lead to: this machine, private and link-local networks.
 */
static bool is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        uint32_t ip = ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr);
        return ip >> 24 == 127 || ip >> 24 == 10 || ip >> 24 == 0 || ip >> 20 == (172 << 4 | 1) ||
               ip >> 16 == (192 << 8 | 168) || ip >> 16 == (169 << 8 | 254) ||
               ip >> 22 == (100 << 2 | 1) || ip >> 28 >= 14;
    }
    if (address->sa_family != AF_INET6)
        return true;
    const struct in6_addr *ip = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(ip) || IN6_IS_ADDR_UNSPECIFIED(ip) || IN6_IS_ADDR_LINKLOCAL(ip) ||
           IN6_IS_ADDR_V4MAPPED(ip) || IN6_IS_ADDR_MULTICAST(ip) || (ip->s6_addr[0] & 0xFE) == 0xFC;
}

static curl_socket_t open_socket(void *with, curlsocktype purpose, struct curl_sockaddr *address)
{
    const struct outgoing *out = with;

    (void)purpose;
    if (out->only_public && is_private(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* libcurl verifies chain and host name by itself; here is only whom we trust beside the machine's
 * own authorities, and that mail may have to turn to TLS before anything is said. */
static void secure(CURL *easy)
{
    if (!string_empty(settings.calls_ca_file))
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings.calls_ca_file);
    if (settings.calls_starttls)
        curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
}

static void prepare_http(struct outgoing *out, const struct call *call, const char *trace,
                         const char *span)
{
    char name[] = "traceparent: ", line[sizeof name + TRACEPARENT_ROOM];

    for (const char *const *header = call->headers; header && *header; header++)
        out->headers = curl_slist_append(out->headers, *header);
    traceparent_write(stpcpy(line, name), trace, span);
    out->headers = curl_slist_append(out->headers, line);
    out->headers = curl_slist_append(out->headers, "Expect:");
    curl_easy_setopt(out->easy, CURLOPT_HTTPHEADER, out->headers);
    curl_easy_setopt(out->easy, CURLOPT_CUSTOMREQUEST, call->method ? call->method : "GET");
    if (call->body.length || string_is(call->method, "POST") || string_is(call->method, "PUT")) {
        curl_easy_setopt(out->easy, CURLOPT_POSTFIELDSIZE, (long)call->body.length);
        curl_easy_setopt(out->easy, CURLOPT_COPYPOSTFIELDS, call->body.length ? call->body.at : "");
    }
}

static void prepare_mail(struct outgoing *out, const struct call *call)
{
    out->recipients = curl_slist_append(NULL, call->mail_to);
    out->upload = malloc(call->body.length + 1);
    if (!out->upload)
        abort();
    memcpy(out->upload, call->body.at, call->body.length);
    out->upload_length = call->body.length;
    curl_easy_setopt(out->easy, CURLOPT_MAIL_FROM, call->mail_from);
    curl_easy_setopt(out->easy, CURLOPT_MAIL_RCPT, out->recipients);
    curl_easy_setopt(out->easy, CURLOPT_READFUNCTION, give_upload);
    curl_easy_setopt(out->easy, CURLOPT_READDATA, out);
    curl_easy_setopt(out->easy, CURLOPT_UPLOAD, 1L);
}

void outgoing_begin(const struct call *call, const char *trace, const char *span,
                    struct exchange *exchange)
{
    struct outgoing *out = calloc(1, sizeof *out);
    bool is_mail = text_starts(text_of(call->url), "smtp");

    if (!out || !(out->easy = curl_easy_init()))
        abort();
    out->item = item_new(ITEM_ANSWER, call->subject, trace);
    out->item->run.on_answer = call->on_answer;
    item_set_note(out->item, call->note);
    if (exchange) {
        pthread_mutex_lock(&exchange->mutex);
        exchange->owners++;
        pthread_mutex_unlock(&exchange->mutex);
        out->item->exchange = exchange;
    }
    out->begun_ms = monotonic_clock_ms();
    assert(call->to);
    out->to = call->to;
    out->only_public = call->only_public;
    curl_easy_setopt(out->easy, CURLOPT_URL, call->url);
    curl_easy_setopt(out->easy, CURLOPT_PRIVATE, out);
    curl_easy_setopt(out->easy, CURLOPT_ERRORBUFFER, out->why);
    curl_easy_setopt(out->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(out->easy, CURLOPT_MAXAGE_CONN, 2L); /* service.c's IDLE_MS */
    curl_easy_setopt(out->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(out->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(out->easy, CURLOPT_PROTOCOLS_STR,
                     call->only_public ? "https" : "http,https,smtp,smtps,imap,imaps");
    curl_easy_setopt(out->easy, CURLOPT_TIMEOUT_MS,
                     (long)(call->timeout_ms ? call->timeout_ms : 10000));
    curl_easy_setopt(out->easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(out->easy, CURLOPT_WRITEDATA, out);
    curl_easy_setopt(out->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(out->easy, CURLOPT_OPENSOCKETDATA, out);
    secure(out->easy);
    if (!string_empty(call->user)) {
        curl_easy_setopt(out->easy, CURLOPT_USERNAME, call->user);
        curl_easy_setopt(out->easy, CURLOPT_PASSWORD, call->password ? call->password : "");
    }
    if (is_mail)
        prepare_mail(out, call);
    else if (text_starts(text_of(call->url), "imap")) {
        if (call->custom)
            curl_easy_setopt(out->easy, CURLOPT_CUSTOMREQUEST, call->custom);
    } else
        prepare_http(out, call, trace, span);
    active++;
    curl_multi_add_handle(multi, out->easy);
}

void outgoing_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 64L);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16L);
    loop_watch_fd(timer_fd, EPOLLIN, on_timer, NULL);
}
