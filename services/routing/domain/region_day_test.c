/* Bytes and back; and bytes that are none. */
#include "services/routing/domain/fingerprint.h"
#include "services/routing/domain/random_region.h"
#include "services/routing/domain/region_day.h"
#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;

Test(region_day, is_the_same_after_a_round_trip)
{
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct random_region made;
        struct region_day read;
        random_region(seed, &made);
        made.region.worth_ms = MINUTES(5);
        struct text bytes = region_day_pack(&arena, &made.region);
        cr_assert(region_day_unpack(&arena, bytes, &read), "seed %d", (int)seed);
        struct text again = region_day_pack(&arena, &read);
        cr_assert_eq(bytes.length, again.length, "seed %d", (int)seed);
        cr_assert_eq(memcmp(bytes.at, again.at, bytes.length), 0, "seed %d", (int)seed);
        cr_assert_str_eq(fingerprint_of(bytes).text, fingerprint_of(again).text);
        cr_assert_eq(read.rounds, 200);
        cr_assert_eq(read.worth_ms, MINUTES(5));
        cr_assert_eq(read.visit_count, made.region.visit_count);
    }
    arena_reset(&arena);
}

Test(region_day, refuses_every_shorter_and_longer_text)
{
    struct random_region made;
    struct region_day read;

    random_region(7, &made);
    struct text bytes = region_day_pack(&arena, &made.region);
    for (size_t length = 0; length < bytes.length; length++)
        cr_assert_not(region_day_unpack(&arena, (struct text){ bytes.at, length }, &read));
    char *longer = arena_text(&arena, bytes);
    cr_assert_not(region_day_unpack(&arena, (struct text){ longer, bytes.length + 1 }, &read));
    arena_reset(&arena);
}

/* Whatever is read holds what the header promises, whichever byte was changed. */
Test(region_day, survives_any_changed_byte)
{
    struct random_region made;

    random_region(11, &made);
    struct text bytes = region_day_pack(&arena, &made.region);
    for (size_t i = 0; i < bytes.length; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct arena turn = { 0 };
            struct region_day read;
            char *changed = arena_text(&turn, bytes);
            changed[i] = (char)(changed[i] ^ (1 << bit));
            if (region_day_unpack(&turn, (struct text){ changed, bytes.length }, &read))
                for (int32_t v = 0; v < read.visit_count; v++) {
                    cr_assert(read.visits[v].technician >= 0 &&
                              read.visits[v].technician < read.technician_count);
                    cr_assert_gt(read.visits[v].work_ms, 0);
                    cr_assert(place_valid(read.visits[v].place) || read.visits[v].is_pinned);
                }
            arena_done(&turn);
        }
    arena_reset(&arena);
}

Test(region_day, refuses_what_cannot_be)
{
    const struct region_technician works = { { 52, 21 }, { { 0, HOURS(8) } }, 1, 1, 0 };
    const struct {
        const char *name;
        struct region_technician technician;
        struct region_visit visits[2];
        bool is_readable;
    } rows[] = {
        { "a usual day",
          works,
          { { { 52, 21 }, 5, 1, 1, 0, false }, { { 52, 21 }, 5, 1, 1, 0, false } },
          true },
        { "work of no length",
          works,
          { { { 52, 21 }, 5, 0, 1, 0, false }, { { 52, 21 }, 5, 1, 1, 0, false } },
          false },
        { "a technician who is not there",
          works,
          { { { 52, 21 }, 5, 1, 1, 0, false }, { { 52, 21 }, 5, 1, 1, 1, false } },
          false },
        { "out of order",
          works,
          { { { 52, 21 }, 6, 1, 1, 0, false }, { { 52, 21 }, 5, 1, 1, 0, false } },
          false },
        { "hours that overlap",
          { { 52, 21 }, { { 0, 9 }, { 8, 20 } }, 2, 1, 0 },
          { { { 52, 21 }, 5, 1, 1, 0, false }, { { 52, 21 }, 5, 1, 1, 0, false } },
          false },
        { "hours that end before they begin",
          { { 52, 21 }, { { 9, 0 } }, 1, 1, 0 },
          { { { 52, 21 }, 5, 1, 1, 0, false }, { { 52, 21 }, 5, 1, 1, 0, false } },
          false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct region_day region = { &rows[i].technician, rows[i].visits, 1, 2 }, read;
        struct text bytes = region_day_pack(&arena, &region);
        cr_expect_eq(region_day_unpack(&arena, bytes, &read), rows[i].is_readable, "%s",
                     rows[i].name);
    }
    arena_reset(&arena);
}

Test(fingerprint, is_the_published_one)
{
    cr_expect_str_eq(fingerprint_of(text_of("")).text, "cbf29ce484222325");
    cr_expect_str_eq(fingerprint_of(text_of("a")).text, "af63dc4c8601ec8c");
    cr_expect_str_eq(fingerprint_of(text_of("foobar")).text, "85944171f73967e8");
}
