/* The split of one line, after both services came to the same total. */
#include "services/billing/domain/book_line.h"
#include "lib/domain/price.h"

static bool agrees(const struct told_line *line, const struct own_price *price)
{
    int64_t own_grosz;

    return price->is_known && price_line(price->price_grosz, line->quantity, &own_grosz) &&
           own_grosz == line->total_grosz;
}

struct booking book_line(const struct told_line *line, const struct own_price *price)
{
    int64_t covered_grosz = line->is_refused ? 0 : line->covered_grosz;

    if (line->is_refused && line->total_grosz == 0)
        return (struct booking){ .verdict = LINE_BOOKED };
    if (!agrees(line, price))
        return (struct booking){ .verdict = LINE_TOTAL_DIFFERS };
    if (covered_grosz < 0 || covered_grosz > line->total_grosz)
        return (struct booking){ .verdict = LINE_COVERED_WRONG };
    return (struct booking){ LINE_BOOKED, line->total_grosz, covered_grosz,
                             line->total_grosz - covered_grosz };
}
