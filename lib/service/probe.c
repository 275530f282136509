/* --healthy: a process asks its running twin over loopback whether it is ready. For health checks
 * of containers, whose image holds neither a shell nor curl. */
#include "lib/service/loop.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 2 };

static const char question[] =
    "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

static int connect_to_twin(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)settings.http_port) };
    struct timeval patience = { .tv_sec = PATIENCE_S };

    if (inet_pton(AF_INET, settings.http_listen, &address.sin_addr) != 1)
        return -1;
    if (address.sin_addr.s_addr == htonl(INADDR_ANY))
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* of connect, too */
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The first `size` bytes, at most, of what it says before it closes or falls silent. */
static size_t read_answer(int fd, char *answer, size_t size)
{
    size_t length = 0;

    for (ssize_t got = 1; got > 0 && length<size; length += got> 0 ? (size_t)got : 0)
        got = recv(fd, answer + length, size - length, 0);
    return length;
}

int probe(void)
{
    static const char ready[] = "HTTP/1.1 200 ";
    char answer[sizeof ready - 1];
    int fd = connect_to_twin();

    if (fd < 0) {
        fprintf(stderr, "%s: nobody answers on %s:%lld\n", the_service->name, settings.http_listen,
                (long long)settings.http_port);
        return 1;
    }
    bool is_asked = send(fd, question, strlen(question), MSG_NOSIGNAL) == (ssize_t)strlen(question);
    bool is_ready = is_asked && read_answer(fd, answer, sizeof answer) == sizeof answer &&
                    memcmp(answer, ready, sizeof answer) == 0;
    close(fd);
    if (!is_ready)
        fprintf(stderr, "%s: not ready\n", the_service->name);
    return !is_ready;
}
