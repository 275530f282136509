/* Preloaded into one process, it makes that process's clock wrong, and it alone: WRONG_CLOCK names
 * a file of eight bytes, the milliseconds that are added; who writes them steps the clock at once.
 *
 * Monotonic clocks go on as they are, as on a machine whose clock is set. Waiting until a moment of
 * the real-time clock is left to the kernel: a deadline that was computed from a wrong clock is
 * wrong, too, as it is when a clock steps between the two. (libfaketime would repair that, and does
 * not know the C11 waits of librdkafka, which then take the hour that was added.) */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MS_PER_SECOND = 1000, NS_PER_MS = 1000000, NS_PER_SECOND = 1000000000 };

static const _Atomic int64_t *ahead_ms;
static int (*right)(clockid_t, struct timespec *);

__attribute__((constructor)) static void open_clock(void)
{
    const char *path = getenv("WRONG_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *ahead_ms, PROT_READ, MAP_SHARED, fd, 0);

    if (mapped == MAP_FAILED)
        abort(); /* a run with a right clock would prove nothing */
    close(fd);
    ahead_ms = mapped;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc names are reserved */
int clock_gettime(clockid_t clock, struct timespec *ret_now)
{
    if (!right)
        right = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int status = right(clock, ret_now);
    if (status != 0 || !ahead_ms || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return status;
    int64_t ahead = atomic_load(ahead_ms);
    int64_t ns = ret_now->tv_nsec + ahead % MS_PER_SECOND * NS_PER_MS;
    ret_now->tv_sec += ahead / MS_PER_SECOND + (ns < 0 ? -1 : ns / NS_PER_SECOND);
    ret_now->tv_nsec = ns < 0 ? ns + NS_PER_SECOND : ns % NS_PER_SECOND;
    return 0;
}

int gettimeofday(struct timeval *restrict ret_now, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *ret_now = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
    return 0;
}

time_t time(time_t *ret_now)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (ret_now)
        *ret_now = now.tv_sec;
    return now.tv_sec;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name): as above */
