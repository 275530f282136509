/* Tables of durations, distances and costs, read straight from the text: as values of a JSON
 * library, the 36 million numbers of a large day would take gigabytes and many seconds. */
#pragma once
#include "lib/base/arena.h"

enum { TABLES_MOST = 64 };

struct table {
    int32_t side;
    int32_t *cells;         /* side x side; null in the text is NO_ROAD */
    const void *claimed_by; /* the value that stands for it now, once somebody has asked */
};

struct tables {
    struct table at[TABLES_MOST];
    int32_t count;
    bool is_over; /* one could not be taken: those behind it are not tried */
};

/* Takes each matrices.PROFILE.(durations|distances|costs) that is a square of whole numbers out of
 * the text and leaves its index in `tables` there. What is not one stays, for others to judge. */
void tables_take(struct arena *arena, struct tables *tables, char *text, size_t length);
