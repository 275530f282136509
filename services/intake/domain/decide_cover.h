/* Is it covered, and how much of the guarantee sum may be spent. Grosze throughout. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum cover { COVERED, COVERED_PARTLY, NOT_COVERED, NOTHING_LEFT };

struct sum {
    int64_t total_grosz, reserved_grosz, used_grosz; /* reserved + used <= total */
};

struct cover_verdict {
    enum cover cover;
    int64_t reserve_grosz; /* min(what is left, the expected cost) */
};

/* `is_listed`: the contract covers the service. */
struct cover_verdict decide_cover(bool is_listed, const struct sum *sum,
                                  int64_t expected_cost_grosz);

struct line_verdict {
    int64_t covered_grosz;       /* paid by the partner */
    int64_t from_reserved_grosz; /* part of it that this order had reserved */
    int64_t left_grosz;          /* of the sum, after the line, not reserved by anybody */
};

/* A line is paid from the order's own reservation first, then from what nobody has reserved; the
 * rest is the customer's own share. */
struct line_verdict decide_line(const struct sum *sum, int64_t order_reserved_grosz,
                                int64_t line_grosz);
