/* The machine's clocks; only the loop reads them, everybody else gets the time as an argument. */
#include "lib/base/time.h"
#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

timestamp machine_clock(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t monotonic_clock_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}
