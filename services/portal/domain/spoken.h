/* Sentences that a consultant reads to the caller. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

/* Whether a first name is a woman's, by the Polish rule (it ends in -a) and its usual exceptions.
 */
bool is_womans_name(const char *first_name);
/* "we wtorek 24 listopada". In the arena. */
const char *spoken_day(struct arena *arena, timestamp at);
/* "Pan Marek będzie u Pani we wtorek 24 listopada o 14:15." `customer` is the customer's first
 * name, "" when it is not known ("u Państwa"). Those who come together have no title: "Anna i Jan
 * będą". In the arena. */
const char *spoken_promise(struct arena *arena, const char *technician, const char *customer,
                           timestamp start_at);
