/* Settings of routing; filled once, at the start. */
#pragma once
#include "lib/base/settings.h"

struct routing_config {
    int64_t improve_ms;  /* machine time between two improvements of one region */
    int64_t answer_ms;   /* machine time that matching has to answer a proposal */
    int64_t worth_ms;    /* travel; what saves less is not proposed */
    int64_t technicians; /* most that are looked at together */
    int64_t rounds;      /* of the search */
};
extern struct routing_config routing_config;

extern const struct setting routing_settings[];
