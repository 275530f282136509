/* The one time type: milliseconds since 1970-01-01 UTC. Durations are int64_t ending in _ms. */
#pragma once
#include <stdint.h>

typedef int64_t timestamp;

#define SECONDS(n) ((int64_t)(n)*1000)
#define MINUTES(n) ((int64_t)(n)*60 * 1000)
#define HOURS(n) ((int64_t)(n)*60 * 60 * 1000)
#define DAYS(n) ((int64_t)(n)*24 * 60 * 60 * 1000)

timestamp machine_clock(void);    /* CLOCK_REALTIME */
int64_t monotonic_clock_ms(void); /* CLOCK_MONOTONIC, for measuring how long something took */
