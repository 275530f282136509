/* An ordered array; what falls off its end is gone. */
#include "services/matching/domain/shortlist.h"
#include <assert.h>
#include <string.h>

static int compare(const struct slot *a, const struct slot *b)
{
    if (a->score.total_ms != b->score.total_ms)
        return a->score.total_ms < b->score.total_ms ? -1 : 1;
    if (a->start.start_at != b->start.start_at)
        return a->start.start_at < b->start.start_at ? -1 : 1;
    return strcmp(a->day->who->id.text, b->day->who->id.text);
}

static bool is_rival(const struct slot *a, const struct slot *b, enum shortlist_rule rule)
{
    return rule == ONE_PER_START ? a->start.start_at == b->start.start_at
                                 : string_is(a->day->who->id.text, b->day->who->id.text);
}

/* The rival that is worse leaves. */
static bool is_beaten(struct shortlist *list, const struct slot *slot, enum shortlist_rule rule)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!is_rival(&list->slots[i], slot, rule))
            continue;
        if (compare(&list->slots[i], slot) <= 0)
            return true;
        list->count--;
        memmove(&list->slots[i], &list->slots[i + 1], (list->count - i) * sizeof *slot);
        return false;
    }
    return false;
}

void shortlist_init(struct arena *arena, struct shortlist *list, size_t most)
{
    assert(most > 0);
    *list = (struct shortlist){ ARENA_ARRAY(arena, struct slot, most + 1), 0, most };
}

void shortlist_add(struct shortlist *list, const struct slot *slot, enum shortlist_rule rule)
{
    if (list->count == list->most && compare(&list->slots[list->most - 1], slot) <= 0)
        return;
    if (rule != AS_MANY_AS_FIT && is_beaten(list, slot, rule))
        return;
    size_t at = list->count;
    while (at > 0 && compare(slot, &list->slots[at - 1]) < 0)
        at--;
    size_t moved = list->count < list->most ? list->count - at : list->most - 1 - at;
    memmove(&list->slots[at + 1], &list->slots[at], moved * sizeof *slot);
    list->slots[at] = *slot;
    list->count += list->count < list->most;
}

int64_t shortlist_bar(const struct shortlist *list)
{
    return list->count == list->most ? list->slots[list->most - 1].score.total_ms : INT64_MAX;
}
