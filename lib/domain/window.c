/* Questions about half-open stretches of time; every rule on touching ends is here. */
#include "lib/domain/window.h"
#include <assert.h>

bool window_valid(struct window window)
{
    return window.from <= window.until;
}

bool window_empty(struct window window)
{
    return window.from >= window.until;
}

int64_t window_length_ms(struct window window)
{
    assert(window_valid(window));
    return window.until - window.from;
}

bool window_contains(struct window window, timestamp at)
{
    return window.from <= at && at < window.until;
}

bool window_covers(struct window outer, struct window inner)
{
    return window_empty(inner) || (outer.from <= inner.from && inner.until <= outer.until);
}

bool window_overlaps(struct window a, struct window b)
{
    return !window_empty(window_intersect(a, b));
}

struct window window_intersect(struct window a, struct window b)
{
    struct window both = {
        .from = a.from > b.from ? a.from : b.from,
        .until = a.until < b.until ? a.until : b.until,
    };

    if (both.until < both.from)
        both.until = both.from;
    return both;
}

size_t window_less(struct window whole, const struct window taken[], size_t count,
                   struct window ret_left[], size_t most)
{
    timestamp from = whole.from;
    size_t made = 0;

    for (size_t i = 0; i < count && taken[i].from < whole.until; i++) {
        if (taken[i].until <= from || window_empty(taken[i]))
            continue;
        if (taken[i].from > from && made < most)
            ret_left[made++] = (struct window){ from, taken[i].from };
        from = taken[i].until;
    }
    if (from < whole.until && made < most)
        ret_left[made++] = (struct window){ from, whole.until };
    return made;
}
