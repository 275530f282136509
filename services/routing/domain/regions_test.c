#include "lib/base/array.h"
#include "services/routing/domain/regions.h"
#include "services/routing/domain/swap_days.h"
#include <criterion/criterion.h>

Test(regions, table)
{
    static const struct {
        const char *name;
        struct place place;
        const char *region;
    } rows[] = {
        { "the middle of the capital", { 52.23, 21.01 }, "warszawa" },
        { "a suburb", { 52.09, 20.82 }, "warszawa" },
        { "Gliwice and Bytom are one", { 50.298, 18.677 }, "gorny_slask" },
        { "Gdynia is with Gdańsk", { 54.519, 18.531 }, "trojmiasto" },
        { "the nearer of two wins: Jaworzno", { 50.205, 19.275 }, "gorny_slask" },
        { "the nearer of two wins: Chrzanów's east", { 50.13, 19.60 }, "krakow" },
        { "far from all, by the square degree", { 49.42, 22.59 }, "49n22e" },
        { "no place", { 0, 0 }, "nowhere" },
    };
    struct arena arena = { 0 };

    EACH (row, rows)
        cr_expect_str_eq(region_of(&arena, row->place), row->region, "%s", row->name);
    arena_done(&arena);
}

static timestamp moment(int32_t day, int32_t hour, int32_t minute)
{
    return timestamp_from_civil((struct civil){ 2026, 11, day, hour, minute, 0, 0, 0 });
}

Test(swap_days, table)
{
    int32_t monday = date_from_timestamp(moment(23, 12, 0));
    const struct {
        const char *name;
        timestamp now;
        int32_t first;
    } rows[] = {
        { "in the morning: from tomorrow on", moment(23, 8, 0), monday + 1 },
        { "a minute before six: still tomorrow", moment(23, 17, 59), monday + 1 },
        { "from six in the evening: not tomorrow any more", moment(23, 18, 0), monday + 2 },
        { "just before midnight", moment(23, 23, 59), monday + 2 },
        { "after midnight the day before begins again", moment(24, 0, 0), monday + 2 },
    };

    EACH (row, rows)
        cr_expect_eq(first_swap_day(row->now), row->first, "%s", row->name);
}
