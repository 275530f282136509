/* What the two halves of chaosproxy share: links as they are told to be, and the pairs of
 * connections that they carry. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

enum { LINKS_MOST = 64, FDS_MOST = 8192, CHUNK = 65536, ADDRESS = 108 };
enum way { UP, DOWN };

struct link {
    char name[32], listen[ADDRESS], connect[ADDRESS];
    int listener;
    int64_t delay_ms;
    bool is_sliced, is_reset, is_hole[2];
    uint64_t accepted, reset, bytes;
};

/* One direction: what was read and not yet written. */
struct flow {
    char *bytes;
    size_t length, sent;
    int64_t due_ms;
    bool has_ended, is_shut;
};

struct pair {
    struct link *link;
    int fd[2]; /* who called; whom we called */
    struct flow flow[2];
    bool is_over;
    struct pair *next;
};

extern struct link links[LINKS_MOST];
extern size_t link_count;
extern struct pair *pairs;
extern int epoll_fd;

/* Shows epoll what is wanted of it from now on. */
void watch(int fd, uint32_t events);
bool start_listening(struct link *link);
void set_events(struct pair *pair);
/* By RST, or as gently as the kernel does it. Its memory goes with the next sweep. */
void end_pair(struct pair *pair, bool by_reset);
/* What epoll has said of a descriptor that is a link's or a pair's. */
void handle(const struct epoll_event *event);
void carry_what_is_due(void);
void sweep_pairs(void);
