/* One Polish sentence about a fact, for the newest events of the day. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

struct event {
    const char *type;   /* "VisitBooked" */
    const char *number; /* of the work order; "" when it has none */
    const char *word;   /* the technician's first name, a part, a message, a rule; "" for none */
    timestamp hour_at;  /* the hour it speaks of; 0 for none */
};
/* "M-26-000123: wizyta umówiona na wt 24.11, godz. 10:15, Anna". In the arena. */
const char *event_says(struct arena *arena, const struct event *event);
