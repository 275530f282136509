/* Who pays a line: the partner what the guarantee sum carries, the customer the rest. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A line as intake told it. */
struct told_line {
    bool is_refused;  /* nothing of it is covered */
    int64_t quantity; /* thousandths */
    int64_t total_grosz, covered_grosz;
};

struct own_price {
    bool is_known; /* a list that held then names the item */
    int64_t price_grosz;
};

enum booking_verdict {
    LINE_BOOKED,
    LINE_TOTAL_DIFFERS, /* not what our own list makes of it: somebody has to look */
    LINE_COVERED_WRONG, /* less than nothing, or more than the line */
};

struct booking {
    enum booking_verdict verdict;
    int64_t total_grosz, partner_grosz, customer_grosz; /* partner + customer == total */
};

/* A refused line without a price (total 0) is booked with 0, so that no line asked for is lost. */
struct booking book_line(const struct told_line *line, const struct own_price *price);
