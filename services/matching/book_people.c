/* An open-addressed table that lives as long as the process. */
#include "services/matching/book_people.h"
#include "lib/base/arena.h"
#include "lib/base/id.h"
#include "services/matching/read_day.h"
#include <stdio.h>

struct kept {
    struct id technician_id; /* "": free */
    struct survey_score score;
    int64_t van_version;
    uint64_t *parts; /* of his van, with room for part_room */
    size_t part_count, part_room;
};

static struct arena process;
static struct kept *table;
static size_t table_size, count;

static struct kept *place_of(const char *technician_id)
{
    size_t at = text_hash(technician_id) & (table_size - 1);

    while (table[at].technician_id.text[0] &&
           !string_is(table[at].technician_id.text, technician_id))
        at = (at + 1) & (table_size - 1);
    return &table[at];
}

static void grow(void)
{
    struct kept *old = table;
    size_t old_size = table_size;

    table_size = table_size ? 2 * table_size : 1024;
    table = ARENA_ARRAY(&process, struct kept, table_size);
    for (size_t i = 0; i < old_size; i++)
        if (old[i].technician_id.text[0])
            *place_of(old[i].technician_id.text) = old[i];
}

static struct kept *keep(const char *technician_id)
{
    if (2 * (count + 1) > table_size)
        grow();
    struct kept *kept = place_of(technician_id);
    if (!kept->technician_id.text[0]) {
        snprintf(kept->technician_id.text, sizeof kept->technician_id.text, "%s", technician_id);
        count++;
    }
    return kept;
}

/* ---- surveys ---- */

void scores_keep(const char *technician_id, struct survey_score score)
{
    struct kept *kept = keep(technician_id);

    if (score.answers >= kept->score.answers)
        kept->score = score;
}

struct survey_score scores_of(const char *technician_id)
{
    return table_size ? place_of(technician_id)->score : (struct survey_score){ 0 };
}

/* ---- vans ---- */

/* A free piece is for any order that needs it, a kept one for its own. */
static size_t parts_of(const VanStock *van)
{
    size_t parts = 0;

    for (size_t i = 0; i < van->n_items; i++)
        parts += van->items[i]->n_work_order_ids + 1;
    return parts;
}

static size_t read_parts(const VanStock *van, uint64_t parts[])
{
    size_t read = 0;

    for (size_t i = 0; i < van->n_items; i++) {
        const VanItem *item = van->items[i];
        uint64_t part = text_hash(item->sku);
        if (item->reserved < item->quantity)
            parts[read++] = part;
        for (size_t k = 0; k < item->n_work_order_ids; k++)
            parts[read++] = part_kept_for(part, item->work_order_ids[k]);
    }
    return read;
}

void vans_keep(const VanStock *van)
{
    struct kept *kept = keep(van->technician_id);
    size_t most = parts_of(van);

    if (van->version < kept->van_version)
        return;
    if (most > kept->part_room) {
        kept->part_room = 2 * most;
        kept->parts = ARENA_ARRAY(&process, uint64_t, kept->part_room);
    }
    kept->van_version = van->version;
    kept->part_count = read_parts(van, kept->parts);
    van_parts_sort(kept->parts, kept->part_count);
}

struct van_parts van_of(const char *technician_id)
{
    if (!table_size)
        return (struct van_parts){ NULL, 0 };
    const struct kept *kept = place_of(technician_id);
    return (struct van_parts){ kept->parts, kept->part_count };
}
