/* Lines and links of addresses. */
#include "lib/base/array.h"
#include "services/portal/domain/place_link.h"
#include <criterion/criterion.h>

Test(place_link, table)
{
    static const struct {
        struct address address;
        const char *line, *link;
    } rows[] = {
        { { "Prosta", "5", "12", "Warszawa" },
          "Prosta 5/12, Warszawa",
          "geo:0,0?q=Prosta%205%2C%20Warszawa" },
        { { "Łąkowa", "5A", "", "" }, "Łąkowa 5A", "geo:0,0?q=%C5%81%C4%85kowa%205A" },
        { { "", "", "", "Warszawa" }, "Warszawa", "geo:0,0?q=Warszawa" },
        { { NULL, NULL, NULL, NULL }, "", "" },
        { { "a&b=c#\"<", "1", "", "x" },
          "a&b=c#\"< 1, x",
          "geo:0,0?q=a%26b%3Dc%23%22%3C%201%2C%20x" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        cr_expect_str_eq(address_line(&arena, &row->address), row->line);
        cr_expect_str_eq(map_link(&arena, &row->address), row->link);
    }
    arena_done(&arena);
}
