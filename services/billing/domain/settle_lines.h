/* A partner's settlement: booked lines summed up and written as a table that opens in Excel. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

struct settled_line {
    const char *line_id;
    const char *number;            /* the work order's, for people */
    const char *partner_reference; /* the partner's own: a stranger's text */
    timestamp at;                  /* when it became due */
    const char *item, *name, *unit;
    int64_t vat_percent;
    int64_t quantity;    /* thousandths */
    int64_t price_grosz; /* with VAT, as all sums */
    int64_t total_grosz, partner_grosz, customer_grosz;
};

struct settlement_sum {
    int64_t orders, lines; /* lines of one order stand together */
    int64_t total_grosz, partner_grosz, customer_grosz;
};

/* False (ret untouched) when a sum does not fit in 64 bits. */
bool sum_lines(const struct settled_line lines[], size_t count, struct settlement_sum *ret_sum);

/* UTF-8 with BOM, ";" between cells, a Polish header, decimal comma, one line a row, CRLF
 * (RFC 4180 otherwise). Texts that a spreadsheet would take for a formula get an apostrophe in
 * front. The same lines give the same bytes. */
struct text settlement_csv(struct arena *arena, const struct settled_line lines[], size_t count);
