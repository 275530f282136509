/* Carries bytes between callers and those they call, spoilt as each link says. */
#include "tests/faults/proxy.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct link links[LINKS_MOST];
size_t link_count;
struct pair *pairs;
int epoll_fd;
static struct pair *pair_of[FDS_MOST];
static struct link *link_of[FDS_MOST];

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void watch(int fd, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.fd = fd };

    if (!events) /* a hang-up is told even to who asks for nothing, again and again */
        epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, &event);
    else if (epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &event) && errno == ENOENT)
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static socklen_t address_of(const char *text, struct sockaddr_storage *ret_address)
{
    struct sockaddr_in *in = (struct sockaddr_in *)ret_address;
    struct sockaddr_un *un = (struct sockaddr_un *)ret_address;

    memset(ret_address, 0, sizeof *ret_address);
    if (text[0] == '/') {
        un->sun_family = AF_UNIX;
        snprintf(un->sun_path, sizeof un->sun_path, "%s", text);
        return sizeof *un;
    }
    in->sin_family = AF_INET;
    in->sin_port = htons((uint16_t)strtoul(text, NULL, 10));
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof *in;
}

static int open_socket(const char *text, struct sockaddr_storage *ret_address, socklen_t *ret_size)
{
    int on = 1;

    *ret_size = address_of(text, ret_address);
    int fd = socket(ret_address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= FDS_MOST) {
        close(fd);
        return -1;
    }
    if (fd >= 0 && text[0] != '/') {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return fd;
}

bool start_listening(struct link *link)
{
    struct sockaddr_storage address;
    socklen_t size;

    if (link->listen[0] == '/')
        unlink(link->listen);
    link->listener = open_socket(link->listen, &address, &size);
    if (link->listener < 0 || bind(link->listener, (struct sockaddr *)&address, size) ||
        listen(link->listener, 512)) {
        fprintf(stderr, "proxy: %s: %s: %s\n", link->name, link->listen, strerror(errno));
        return false;
    }
    link_of[link->listener] = link;
    watch(link->listener, EPOLLIN);
    return true;
}

/* ---- connections ---- */

static void end_fd(int fd, bool by_reset)
{
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    if (by_reset)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (fd < FDS_MOST)
        pair_of[fd] = NULL;
    close(fd);
}

void end_pair(struct pair *pair, bool by_reset)
{
    if (pair->is_over)
        return;
    pair->is_over = true;
    pair->link->reset += by_reset;
    for (int way = UP; way <= DOWN; way++)
        end_fd(pair->fd[way], by_reset);
}

void sweep_pairs(void)
{
    for (struct pair **at = &pairs; *at;) {
        struct pair *pair = *at;
        if (!pair->is_over) {
            at = &pair->next;
            continue;
        }
        *at = pair->next;
        free(pair->flow[UP].bytes);
        free(pair->flow[DOWN].bytes);
        free(pair);
    }
}

static bool may_read(const struct pair *pair, int way)
{
    const struct flow *flow = &pair->flow[way];

    return !flow->length && !flow->has_ended && !pair->link->is_hole[way];
}

static bool may_write(const struct pair *pair, int way)
{
    const struct flow *flow = &pair->flow[way];

    return flow->length && flow->due_ms <= now_ms() && !pair->link->is_hole[way];
}

void set_events(struct pair *pair)
{
    for (int end = 0; end < 2; end++) {
        /* What comes in at one end is the flow away from it; what waits to go out is the other. */
        int from = end == 0 ? UP : DOWN, to = end == 0 ? DOWN : UP;
        bool reads = may_read(pair, from), writes = may_write(pair, to);
        watch(pair->fd[end], (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0));
    }
}

static struct pair *new_pair(struct link *link, int caller, int called)
{
    struct pair *pair = calloc(1, sizeof *pair);

    if (!pair)
        abort();
    *pair = (struct pair){ .link = link, .fd = { caller, called }, .next = pairs };
    for (int way = UP; way <= DOWN; way++)
        if (!(pair->flow[way].bytes = malloc(CHUNK)))
            abort();
    pairs = pair;
    pair_of[caller] = pair_of[called] = pair;
    return pair;
}

static void take_caller(struct link *link)
{
    struct sockaddr_storage address;
    socklen_t size;
    int on = 1, called = -1;
    int caller = accept4(link->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (caller < 0)
        return;
    link->accepted++;
    if (!link->is_reset && caller < FDS_MOST)
        called = open_socket(link->connect, &address, &size);
    bool is_up = called >= 0 &&
                 (connect(called, (struct sockaddr *)&address, size) == 0 || errno == EINPROGRESS);
    if (!is_up) {
        link->reset++;
        if (called >= 0)
            close(called);
        end_fd(caller, true);
        return;
    }
    if (link->listen[0] != '/')
        setsockopt(caller, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    set_events(new_pair(link, caller, called));
}

static bool must_wait(ssize_t done)
{
    return done < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOTCONN);
}

static void read_some(struct pair *pair, int way)
{
    struct flow *flow = &pair->flow[way];

    if (!may_read(pair, way))
        return;
    ssize_t count = read(pair->fd[way == UP ? 0 : 1], flow->bytes, CHUNK);
    if (must_wait(count))
        return;
    if (count < 0) {
        end_pair(pair, true);
    } else if (count == 0) {
        flow->has_ended = true;
    } else {
        flow->length = (size_t)count;
        flow->sent = 0;
        flow->due_ms = now_ms() + pair->link->delay_ms;
        pair->link->bytes += (uint64_t)count;
    }
}

static void write_some(struct pair *pair, int way)
{
    struct flow *flow = &pair->flow[way];
    int to = pair->fd[way == UP ? 1 : 0];

    if (may_write(pair, way)) {
        size_t most = pair->link->is_sliced ? 1 : flow->length - flow->sent;
        ssize_t count = write(to, flow->bytes + flow->sent, most);
        if (count < 0 && !must_wait(count)) {
            end_pair(pair, true);
            return;
        }
        flow->sent += count > 0 ? (size_t)count : 0;
        if (flow->sent == flow->length)
            flow->length = 0;
    }
    if (flow->has_ended && !flow->length && !flow->is_shut) {
        flow->is_shut = true;
        shutdown(to, SHUT_WR);
    }
}

static void carry(struct pair *pair, uint32_t events)
{
    for (int way = UP; way <= DOWN && !pair->is_over; way++) {
        read_some(pair, way);
        if (!pair->is_over)
            write_some(pair, way);
    }
    if (pair->is_over)
        return;
    const struct flow *up = &pair->flow[UP], *down = &pair->flow[DOWN];
    bool is_empty = !up->length && !down->length;
    bool is_gone = (events & EPOLLHUP) && is_empty && (up->has_ended || down->has_ended);
    if ((up->is_shut && down->is_shut) || is_gone || (events & EPOLLERR))
        end_pair(pair, events & EPOLLERR);
    else
        set_events(pair);
}

void handle(const struct epoll_event *event)
{
    int fd = event->data.fd;

    if (link_of[fd])
        take_caller(link_of[fd]);
    else if (pair_of[fd])
        carry(pair_of[fd], event->events);
}

void carry_what_is_due(void)
{
    for (struct pair *pair = pairs; pair; pair = pair->next)
        if (!pair->is_over && (pair->flow[UP].length || pair->flow[DOWN].length))
            carry(pair, 0);
}
