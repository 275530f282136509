/* A short name for bytes, so that two plans can be known to come from the same inputs. Nobody is
 * kept out by it: it is no signature. */
#pragma once
#include "lib/base/text.h"

struct fingerprint {
    char text[17]; /* 16 hex digits: FNV-1a, 64 bits */
    uint64_t number;
};

struct fingerprint fingerprint_of(struct text bytes);
