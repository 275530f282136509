#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/visits/domain/choose_course.h"
#include <criterion/criterion.h>

/* Hours of one day; "anna" and "jan" are technicians. */
#define AT(hour, minute) (DAYS(20000) + HOURS(hour) + MINUTES(minute))

struct sketch {
    const char *technician;
    enum course_state state;
    int hour; /* promised */
    timestamp ended_at;
};

static size_t make_courses(const struct sketch sketches[], size_t most, struct course courses[])
{
    size_t count = 0;

    for (; count < most && sketches[count].technician; count++)
        courses[count] = (struct course){ .technician_id = sketches[count].technician,
                                          .state = sketches[count].state,
                                          .start_at = AT(sketches[count].hour, 0),
                                          .ended_at = sketches[count].ended_at,
                                          .ordinal = (int64_t)count + 1 };
    return count;
}

static const struct {
    const char *name;
    struct sketch courses[3];
    enum course_event event;
    timestamp at, now;
    int verdict;
    size_t chosen;
} choices[] = {
    { "the only one",
      { { "anna", COURSE_PLANNED, 10, 0 } },
      EVENT_COME,
      AT(10, 0),
      AT(10, 0),
      COURSE_CHOSEN,
      0 },
    { "another's visit is not there for him",
      { { "jan", COURSE_PLANNED, 10, 0 } },
      EVENT_COME,
      AT(10, 0),
      AT(10, 0),
      COURSE_NOT_HIS,
      0 },
    { "done without having been there is not allowed",
      { { "anna", COURSE_ON_THE_WAY, 10, 0 } },
      EVENT_FINISH,
      AT(10, 0),
      AT(10, 0),
      COURSE_NOT_ALLOWED,
      0 },
    { "twelve hours early is the earliest",
      { { "anna", COURSE_PLANNED, 20, 0 } },
      EVENT_COME,
      AT(8, 0),
      AT(10, 0),
      COURSE_CHOSEN,
      0 },
    { "a millisecond more is not then",
      { { "anna", COURSE_PLANNED, 20, 0 } },
      EVENT_COME,
      AT(8, 0) - 1,
      AT(10, 0),
      COURSE_NOT_THEN,
      0 },
    { "a clock five minutes ahead is believed",
      { { "anna", COURSE_PLANNED, 10, 0 } },
      EVENT_COME,
      AT(10, 5),
      AT(10, 0),
      COURSE_CHOSEN,
      0 },
    { "a clock further ahead is not",
      { { "anna", COURSE_PLANNED, 10, 0 } },
      EVENT_COME,
      AT(10, 5) + 1,
      AT(10, 0),
      COURSE_NOT_THEN,
      0 },
    { "a late there restores the missed one",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) }, { "jan", COURSE_PLANNED, 13, 0 } },
      EVENT_COME,
      AT(10, 40),
      AT(10, 40),
      COURSE_CHOSEN,
      0 },
    { "not when the replacement has set out",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) }, { "jan", COURSE_ON_THE_WAY, 13, 0 } },
      EVENT_COME,
      AT(10, 40),
      AT(12, 40),
      COURSE_NOT_ALLOWED,
      0 },
    { "a visit that was done before it is no replacement",
      { { "jan", COURSE_DONE, 8, AT(9, 0) }, { "anna", COURSE_MISSED, 10, AT(10, 30) } },
      EVENT_COME,
      AT(10, 40),
      AT(10, 40),
      COURSE_CHOSEN,
      1 },
    { "a day later it is over",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) } },
      EVENT_COME,
      AT(34, 0) + 1,
      AT(34, 1),
      COURSE_NOT_ALLOWED,
      0 },
    { "replaced by himself: the hour nearest to the arrival, old",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) }, { "anna", COURSE_PLANNED, 13, 0 } },
      EVENT_COME,
      AT(10, 20),
      AT(11, 0),
      COURSE_CHOSEN,
      0 },
    { "replaced by himself: the hour nearest to the arrival, new",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) }, { "anna", COURSE_PLANNED, 13, 0 } },
      EVENT_COME,
      AT(12, 50),
      AT(12, 50),
      COURSE_CHOSEN,
      1 },
    { "the newer of two equally near",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) }, { "anna", COURSE_PLANNED, 12, 0 } },
      EVENT_COME,
      AT(11, 0),
      AT(11, 0),
      COURSE_CHOSEN,
      1 },
    { "what came after the end is about the next visit",
      { { "anna", COURSE_DONE, 10, AT(11, 0) }, { "anna", COURSE_PLANNED, 15, 0 } },
      EVENT_COME,
      AT(12, 0),
      AT(12, 0),
      COURSE_CHOSEN,
      1 },
    { "a repeat from before the end is about the visit that ended",
      { { "anna", COURSE_DONE, 10, AT(11, 0) }, { "anna", COURSE_PLANNED, 15, 0 } },
      EVENT_COME,
      AT(10, 1),
      AT(12, 0),
      COURSE_CHOSEN,
      0 },
    { "a cancelled visit hears nothing",
      { { "anna", COURSE_CANCELLED, 10, AT(9, 0) } },
      EVENT_COME,
      AT(10, 0),
      AT(10, 0),
      COURSE_NOT_ALLOWED,
      0 },
    { "a set-out that comes after the miss is kept",
      { { "anna", COURSE_MISSED, 10, AT(10, 30) } },
      EVENT_SET_OUT,
      AT(9, 40),
      AT(11, 0),
      COURSE_CHOSEN,
      0 },
};

Test(choose_course, table)
{
    EACH (row, choices) {
        struct course courses[3];
        size_t count = make_courses(row->courses, COUNT(courses), courses);
        struct course_news news = { "anna", row->event, row->at, row->now };
        struct course_choice choice = choose_course(courses, count, &news);
        cr_expect_eq((int)choice.verdict, row->verdict, "%s: %d", row->name, (int)choice.verdict);
        if (row->verdict == COURSE_CHOSEN)
            cr_expect_eq(choice.at, row->chosen, "%s", row->name);
    }
}

Test(choose_course, which_one_stands_for_the_order)
{
    const struct {
        const char *name;
        struct sketch courses[3];
        size_t live, proof;
    } rows[] = {
        { "none", { { 0 } }, 0, 0 },
        { "the replacement, not the missed one",
          { { "anna", COURSE_MISSED, 10, 0 }, { "anna", COURSE_PLANNED, 13, 0 } },
          1,
          1 },
        { "the one under way, though a newer one is planned",
          { { "anna", COURSE_THERE, 10, 0 }, { "anna", COURSE_PLANNED, 13, 0 } },
          0,
          0 },
        { "the newest when all have ended",
          { { "anna", COURSE_DONE, 10, 0 }, { "anna", COURSE_CANCELLED, 13, 0 } },
          1,
          0 },
        { "a cancelled replacement does not hide an open one",
          { { "anna", COURSE_PLANNED, 10, 0 }, { "jan", COURSE_CANCELLED, 13, 0 } },
          0,
          0 },
        { "photos go to his own visit",
          { { "anna", COURSE_MISSED, 10, 0 }, { "jan", COURSE_THERE, 13, 0 } },
          1,
          0 },
    };

    EACH (row, rows) {
        struct course courses[3];
        size_t count = make_courses(row->courses, COUNT(courses), courses);
        cr_expect_eq(live_course(courses, count), row->live, "%s", row->name);
        cr_expect_eq(proof_course(courses, count, "anna"), row->proof, "%s", row->name);
    }
}

static size_t random_courses(struct random *random, struct course courses[], size_t most)
{
    size_t count = (size_t)random_between(random, 1, (int64_t)most);

    for (size_t i = 0; i < count; i++)
        courses[i] = (struct course){ .technician_id = random_below(random, 3) ? "anna" : "jan",
                                      .state = (enum course_state)random_between(random, 1, 7),
                                      .start_at = AT(random_between(random, 0, 40), 0),
                                      .ended_at = AT(random_between(random, 0, 40), 0),
                                      .ordinal = (int64_t)i + 1 };
    return count;
}

Test(choose_course, is_legal_and_does_not_depend_on_the_order_of_input)
{
    const uint64_t seed = 20261122;
    struct random random = { seed };

    for (int round = 0; round < 20000; round++) {
        struct course courses[4], turned[4];
        size_t count = random_courses(&random, courses, COUNT(courses));
        struct course_news news = { "anna", (enum course_event)random_between(&random, 1, 5),
                                    AT(random_between(&random, 0, 40), 0),
                                    AT(random_between(&random, 0, 40), 0) };
        struct course_choice choice = choose_course(courses, count, &news);
        for (size_t i = 0; i < count; i++)
            turned[i] = courses[count - 1 - i];
        struct course_choice again = choose_course(turned, count, &news);
        cr_assert_eq((int)choice.verdict, (int)again.verdict, "seed %lu round %d", seed, round);
        if (choice.verdict != COURSE_CHOSEN)
            continue;
        const struct course *chosen = &courses[choice.at];
        enum course_state to;
        cr_assert_eq(chosen->ordinal, turned[again.at].ordinal, "seed %lu round %d", seed, round);
        cr_assert_str_eq(chosen->technician_id, "anna", "seed %lu round %d", seed, round);
        cr_assert(course_move(chosen->state, news.event, &to), "seed %lu round %d", seed, round);
        cr_assert(news.at <= news.now + MINUTES(5) && news.at >= chosen->start_at - HOURS(12),
                  "seed %lu round %d", seed, round);
    }
}
