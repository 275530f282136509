/* A process that dies is played by opening the file again while a turn stands in it. */
#include "lib/service/guard.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/guard-XXXXXX";

static void begin(void)
{
    int fd = mkstemp(path);

    cr_assert(fd >= 0);
    close(fd);
}

static void end(void)
{
    unlink(path);
}

static void start(timestamp now)
{
    struct error error = guard_open(path, now);

    cr_assert_eq(error.kind, ERROR_NONE, "%s", error.text);
}

TestSuite(guard, .init = begin, .fini = end);

Test(guard, a_turn_that_kills_three_times_is_deadly)
{
    start(1000);
    for (int i = 0; i < 3; i++) {
        cr_expect_not(guard_is_deadly("message 1", 1000), "not after %d deaths", i);
        guard_enter("message 1");
        start(1000);
    }
    cr_expect(guard_is_deadly("message 1", 1000));
    cr_expect_not(guard_is_deadly("message 2", 1000));
    cr_expect_not(guard_is_deadly("", 1000), "a turn without a name is never put aside");
    cr_expect_not(guard_is_deadly("message 1", 1000 + HOURS(1)), "an hour later it may try again");
    guard_forgive("message 1");
    cr_expect_not(guard_is_deadly("message 1", 1000));
}

Test(guard, who_came_through_is_not_blamed)
{
    start(1000);
    for (int i = 0; i < 5; i++) {
        guard_enter("message 1");
        guard_leave();
        start(1000); /* killed while nothing ran */
    }
    cr_expect_not(guard_is_deadly("message 1", 1000));
}

Test(guard, a_long_name_and_many_names_fit)
{
    char id[32], longest[300];

    snprintf(longest, sizeof longest, "%0*d", 250, 7);
    start(1);
    for (int i = 0; i < 3; i++) {
        guard_enter(longest);
        start(1);
    }
    cr_expect(guard_is_deadly(longest, 1));
    for (int i = 0; i < 200; i++) {
        snprintf(id, sizeof id, "message %d", i);
        guard_enter(id);
        start(2 + i);
    }
    cr_expect_not(guard_is_deadly(longest, 300), "the oldest make room");
}
