/* An open-addressed table that lives as long as the process. */
#include "services/matching/book_scores.h"
#include "lib/base/arena.h"
#include "lib/base/id.h"
#include "services/matching/read_day.h"
#include <stdio.h>

struct kept_score {
    struct id technician_id; /* "": free */
    struct survey_score score;
};

static struct arena process;
static struct kept_score *table;
static size_t table_size, count;

static struct kept_score *place_of(const char *technician_id)
{
    size_t at = text_hash(technician_id) & (table_size - 1);

    while (table[at].technician_id.text[0] &&
           !string_is(table[at].technician_id.text, technician_id))
        at = (at + 1) & (table_size - 1);
    return &table[at];
}

static void grow(void)
{
    struct kept_score *old = table;
    size_t old_size = table_size;

    table_size = table_size ? 2 * table_size : 1024;
    table = ARENA_ARRAY(&process, struct kept_score, table_size);
    for (size_t i = 0; i < old_size; i++)
        if (old[i].technician_id.text[0])
            *place_of(old[i].technician_id.text) = old[i];
}

void scores_keep(const char *technician_id, struct survey_score score)
{
    if (2 * (count + 1) > table_size)
        grow();
    struct kept_score *kept = place_of(technician_id);
    if (!kept->technician_id.text[0]) {
        snprintf(kept->technician_id.text, sizeof kept->technician_id.text, "%s", technician_id);
        count++;
    }
    if (score.answers >= kept->score.answers)
        kept->score = score;
}

struct survey_score scores_of(const char *technician_id)
{
    return table_size ? place_of(technician_id)->score : (struct survey_score){ 0 };
}
