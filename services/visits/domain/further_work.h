/* What is left to do when a visit ends without solving it, and what a technician may say of it. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

enum { FURTHER_LEAST_MS = 15 * 60 * 1000, FURTHER_MOST_MS = 10 * 60 * 60 * 1000 };
enum { FURTHER_STEP_MS = 5 * 60 * 1000, FURTHER_DAYS = 60 };

/* Why there is work left; the last column: why none is planned although it is not solved. */
#define FURTHER_REASONS(REASON)                                                                    \
    REASON("time", "zabrakło czasu", false)                                                        \
    REASON("part", "brakuje części", false)                                                        \
    REASON("second_person", "potrzebna druga osoba", false)                                        \
    REASON("other_trade", "potrzebny inny fachowiec", false)                                       \
    REASON("drying", "musi wyschnąć", false)                                                       \
    REASON("irreparable", "nie da się naprawić", true)                                             \
    REASON("customer_declined", "klient rezygnuje", true)

/* As it was said, with the protocol. */
struct further_said {
    const char *solved; /* "yes", "no", "partly" */
    bool is_said;       /* the rest is empty when not */
    const char *reason;
    int64_t length_ms;     /* of the next visit; 0: as this one was planned */
    timestamp earliest_at; /* 0: as soon as possible */
    bool none;             /* nothing more is to be done */
    timestamp at;          /* when the visit ended */
};

/* One thing that is wrong with it: the field below the request, the rule, the sentence. All NULL
 * when nothing is. */
struct further_finding {
    const char *pointer, *rule, *says; /* says is Polish */
};
struct further_finding check_further(const struct further_said *said);
