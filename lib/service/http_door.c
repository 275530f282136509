/* libmicrohttpd's daemon, a thread per connection behind nginx. A caller who is refused at the door
 * goes to the next process; one who was let in gets his answer. So the door opens when the service
 * is ready and closes before it ends, and a process that starts or stops costs nobody a call. */
#include "lib/service/http_door.h"
#include "lib/service/loop.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static struct MHD_Daemon *daemon_handle;
static int door = -1;
static atomic_bool is_closing;

struct error http_bind(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)settings.http_port) };

    if (!settings.http_port)
        return OK;
    if (inet_pton(AF_INET, settings.http_listen, &address.sin_addr) != 1)
        return fatal("setting HTTP_LISTEN: \"%s\" is no IPv4 address", settings.http_listen);
    door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (door < 0 || setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) ||
        bind(door, (struct sockaddr *)&address, sizeof address))
        return fatal("listen on %s:%lld: %s", settings.http_listen, (long long)settings.http_port,
                     strerror(errno));
    return OK;
}

struct error http_open(void)
{
    if (door < 0 || daemon_handle)
        return OK;
    if (listen(door, BACKLOG))
        return fatal("listen on %s:%lld: %s", settings.http_listen, (long long)settings.http_port,
                     strerror(errno));
    daemon_handle = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
            MHD_USE_ITC,
        0, NULL, NULL, http_on_request, NULL, MHD_OPTION_LISTEN_SOCKET, door,
        MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)settings.http_threads, MHD_OPTION_CONNECTION_TIMEOUT, 15U,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)256 * 1024, MHD_OPTION_END);
    return daemon_handle ? OK : fatal("libmicrohttpd does not start");
}

bool http_is_closing(void)
{
    return atomic_load(&is_closing);
}

/* Who came before the door closed and was not taken by the daemon any more. */
static void let_last_in(void)
{
    struct sockaddr_in caller;
    socklen_t length = sizeof caller;

    for (int fd; (fd = accept4(door, (struct sockaddr *)&caller, &length, SOCK_CLOEXEC)) >= 0;
         length = sizeof caller)
        MHD_add_connection(daemon_handle, fd, (struct sockaddr *)&caller, length);
}

void http_close(void)
{
    if (!daemon_handle || atomic_exchange(&is_closing, true))
        return;
    MHD_quiesce_daemon(daemon_handle);
    let_last_in();
    shutdown(door, SHUT_RDWR); /* closed when the daemon's thread has left it: http_stop */
}

bool http_is_empty(void)
{
    const union MHD_DaemonInfo *connections =
        daemon_handle ? MHD_get_daemon_info(daemon_handle, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
                      : NULL;

    return !connections || connections->num_connections == 0;
}

void http_stop(void)
{
    if (daemon_handle)
        MHD_stop_daemon(daemon_handle);
    daemon_handle = NULL;
    if (door >= 0)
        close(door);
    door = -1;
}
