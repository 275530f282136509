/* Settings of workforce; main.c's table fills them. */
#pragma once
#include <stdint.h>

struct workforce_config {
    int64_t days; /* how far ahead shifts are told, today not counted */
};

extern struct workforce_config config;
