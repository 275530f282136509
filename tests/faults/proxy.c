/* A TCP and Unix proxy that spoils links on purpose. It knows nothing of what it carries.
 *
 *   proxy NAME LISTEN CONNECT [NAME LISTEN CONNECT]…    an address: PORT (on loopback) or /socket
 *
 * Lines on its input tell a link (or "all") how it is from now on; each is answered with "ok":
 *   NAME pass                bytes go through as they come
 *   NAME delay MS            … that much later
 *   NAME slice               … one at a time
 *   NAME hole up|down|both   … nowhere until told otherwise, as over a cable that somebody has
 *                            pulled: both ends think they are connected; up is towards CONNECT
 *   NAME reset               open connections end with RST, and new ones, too
 *   NAME count               answers "ok ACCEPTED RESET BYTES" instead
 *
 * The end of its input ends it. */
#include "tests/faults/proxy.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

static bool change(struct link *link, const char *verb, const char *word)
{
    bool is_reset = is(verb, "reset"), is_hole = is(verb, "hole");
    bool up = is(word, "up"), down = is(word, "down");
    bool both = is(word, "both"), is_delay = is(verb, "delay");

    if (!is(verb, "pass") && !is(verb, "slice") && !is_reset && !(is_delay && word[0]) &&
        !(is_hole && (up || down || both)))
        return false;
    link->is_reset = is_reset;
    link->is_sliced = is(verb, "slice");
    link->delay_ms = is_delay ? strtol(word, NULL, 10) : 0;
    link->is_hole[UP] = is_hole && (up || both);
    link->is_hole[DOWN] = is_hole && (down || both);
    for (struct pair *pair = pairs; pair; pair = pair->next) {
        if (pair->link == link && !pair->is_over && is_reset)
            end_pair(pair, true);
        else if (pair->link == link && !pair->is_over)
            set_events(pair);
    }
    return true;
}

static void obey(const char *line)
{
    char name[32] = "", verb[32] = "", word[32] = "";
    bool is_known = false;

    sscanf(line, "%31s %31s %31s", name, verb, word); /* what is missing stays empty */
    for (size_t i = 0; i < link_count; i++) {
        struct link *link = &links[i];
        if (!is(name, "all") && !is(name, link->name))
            continue;
        if (is(verb, "count")) {
            printf("ok %llu %llu %llu\n", (unsigned long long)link->accepted,
                   (unsigned long long)link->reset, (unsigned long long)link->bytes);
            fflush(stdout);
            return;
        }
        is_known = change(link, verb, word);
    }
    puts(is_known ? "ok" : "what?");
    fflush(stdout);
}

static bool read_orders(void)
{
    static char text[4096];
    static size_t length;
    ssize_t count = read(STDIN_FILENO, text + length, sizeof text - length - 1);

    if (count <= 0)
        return false;
    length += (size_t)count;
    text[length] = '\0';
    for (char *end; (end = strchr(text, '\n'));) {
        *end = '\0';
        obey(text);
        length -= (size_t)(end + 1 - text);
        memmove(text, end + 1, length + 1);
    }
    return length < sizeof text - 1;
}

int main(int argc, char **argv)
{
    struct epoll_event events[256];

    signal(SIGPIPE, SIG_IGN);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (argc < 4 || (argc - 1) % 3 || (argc - 1) / 3 > LINKS_MOST) {
        fputs("usage: proxy NAME LISTEN CONNECT [NAME LISTEN CONNECT]...\n", stderr);
        return 2;
    }
    for (int i = 1; i < argc; i += 3) {
        struct link *link = &links[link_count++];
        snprintf(link->name, sizeof link->name, "%s", argv[i]);
        snprintf(link->listen, sizeof link->listen, "%s", argv[i + 1]);
        snprintf(link->connect, sizeof link->connect, "%s", argv[i + 2]);
        if (!start_listening(link))
            return 1;
    }
    puts("listening");
    fflush(stdout);
    watch(STDIN_FILENO, EPOLLIN);
    for (;;) {
        int count = epoll_wait(epoll_fd, events, 256, 5);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == STDIN_FILENO && !read_orders())
                return 0;
            handle(&events[i]);
        }
        carry_what_is_due();
        sweep_pairs();
    }
}
