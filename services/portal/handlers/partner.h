/* The partner's pages among themselves: what is behind the tiles, from the owners' answers. */
#pragma once
#include "services/portal/handlers.h"

/* The two answers of a dashboard: guarantee sums (intake) and free hours (matching), as they came;
 * an empty text is one that did not come. */
struct overview {
    struct text sums, hours;
};
typedef struct error (*handle_overview)(struct turn *turn, const struct staff *staff,
                                        const struct overview *overview, struct reply *reply);
/* Asks both, or takes what was told to this partner less than a minute ago, then calls
 * `on_overview`. */
struct error ask_overview(struct turn *turn, const struct staff *staff, handle_overview on_overview,
                          struct reply *reply);

/* Adds one tile each. */
void add_sums(struct turn *turn, struct view *view, struct text sums);
struct error add_free_hours(struct turn *turn, struct view *view, const char *partner_id,
                            struct text hours);

/* Facts about the last 30 days are shown. */
#define PARTNER_SINCE(turn) ((turn)->now - DAYS(30))
enum { FREE_DAYS = 7 };
