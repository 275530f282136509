/* May this price list be published? Prices of what was booked are never touched again. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

/* Time for a new list to reach everybody who prices by it. */
#define PRICE_LIST_NOTICE_MS HOURS(1)

struct price_list_begin {
    timestamp valid_from, now;
    bool has_books; /* a line was booked already */
    bool is_taken;  /* another list begins at that very moment */
};

enum price_list_verdict { LIST_FINE, LIST_BEGIN_TAKEN, LIST_TOO_SOON };

/* Before the first line is booked a list may begin at any time. */
enum price_list_verdict check_price_list(const struct price_list_begin *begin);
/* 0, 5, 8 or 23. */
bool is_vat_rate(int64_t percent);
