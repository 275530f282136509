/* Identifiers: UUID version 7 (RFC 9562), in text, sortable by the time they were made. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

struct id {
    char text[37];
};

struct id id_new(timestamp machine_now); /* 48 bits of time, 74 of the kernel's random */
bool id_valid(const char *text);         /* 36 signs, lower-case hex and dashes in their places */
