/* The loop itself: waits for what is ready, runs it in batches, hears signals. */
#include "lib/service/loop.h"
#include "lib/service/queue.h"
#include "lib/service/sweeps.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { FDS_MOST = 4096 };

static int epoll_fd = -1;
static struct watched {
    void (*ready)(uint32_t events, void *with);
    void *with;
} watched[FDS_MOST];
static int signals_heard;
static bool is_ending;

void loop_watch_fd(int fd, uint32_t events, void (*ready)(uint32_t events, void *with), void *with)
{
    struct epoll_event event = { .events = events, .data.fd = fd };

    assert(fd >= 0 && fd < FDS_MOST);
    watched[fd] = (struct watched){ ready, with };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) && errno == EEXIST)
        epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &event);
}

void loop_unwatch_fd(int fd)
{
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    watched[fd] = (struct watched){ 0 };
}

/* ---- the loop ---- */

static void on_wake(uint32_t events, void *with)
{
    eventfd_t count;

    (void)events;
    (void)with;
    eventfd_read(loop_wake_fd, &count);
}

static void on_signal(uint32_t events, void *with)
{
    struct signalfd_siginfo info;

    (void)events;
    if (read((int)(intptr_t)with, &info, sizeof info) == sizeof info)
        log_info("stopping", NUMBER("signal", info.ssi_signo));
    signals_heard++;
}

static int wait_ms(void)
{
    int64_t now_ms = monotonic_clock_ms(), next_ms = sweeps_next_ms(), queued_ms = queue_next_ms();

    if (pipeline_lost())
        return 50;
    if (queued_ms >= 0 && queued_ms < next_ms)
        next_ms = queued_ms;
    if (next_ms <= now_ms)
        return 0;
    return next_ms - now_ms > 200 ? 200 : (int)(next_ms - now_ms);
}

void loop_begin_no_more(void)
{
    is_ending = true;
}

int loop_signals_heard(void)
{
    return signals_heard;
}

void loop_once(void)
{
    struct epoll_event events[64];
    int count = epoll_wait(epoll_fd, events, COUNT(events), wait_ms());

    for (int i = 0; i < count; i++)
        if (watched[events[i].data.fd].ready)
            watched[events[i].data.fd].ready(events[i].events, watched[events[i].data.fd].with);
    metric_set("majster_loop_timestamp_seconds", "", (double)machine_clock() / 1000);
    if (pipeline_lost()) {
        connection_again();
        if (pipeline_lost())
            queue_expire(monotonic_clock_ms());
        return;
    }
    consumer_keep_alive(monotonic_clock_ms());
    watcher_keep_alive(monotonic_clock_ms());
    if (!is_ending)
        sweeps_run(monotonic_clock_ms());
    batch_run();
}

sigset_t loop_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

struct error loop_open(void)
{
    sigset_t signals = loop_signals();

    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop_wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (epoll_fd < 0 || loop_wake_fd < 0)
        return fatal("epoll: %s", strerror(errno));
    loop_watch_fd(loop_wake_fd, EPOLLIN, on_wake, NULL);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread is made */
    int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    loop_watch_fd(signal_fd, EPOLLIN, on_signal, (void *)(intptr_t)signal_fd);
    return OK;
}
