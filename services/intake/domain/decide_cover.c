/* Reserving and using a guarantee sum without ever exceeding it (I5). */
#include "services/intake/domain/decide_cover.h"
#include <assert.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t free_of(const struct sum *sum)
{
    return sum->total_grosz - sum->reserved_grosz - sum->used_grosz;
}

struct cover_verdict decide_cover(bool is_listed, const struct sum *sum,
                                  int64_t expected_cost_grosz)
{
    int64_t left = free_of(sum);

    assert(left >= 0 && expected_cost_grosz >= 0);
    if (!is_listed)
        return (struct cover_verdict){ NOT_COVERED, 0 };
    if (left == 0)
        return (struct cover_verdict){ NOTHING_LEFT, 0 };
    if (left < expected_cost_grosz)
        return (struct cover_verdict){ COVERED_PARTLY, left };
    return (struct cover_verdict){ COVERED, expected_cost_grosz };
}

struct line_verdict decide_line(const struct sum *sum, int64_t order_reserved_grosz,
                                int64_t line_grosz)
{
    int64_t left = free_of(sum);

    assert(left >= 0 && line_grosz >= 0);
    assert(order_reserved_grosz >= 0 && order_reserved_grosz <= sum->reserved_grosz);
    int64_t from_reserved = least(line_grosz, order_reserved_grosz);
    int64_t from_free = least(line_grosz - from_reserved, left);
    return (struct line_verdict){ from_reserved + from_free, from_reserved, left - from_free };
}
