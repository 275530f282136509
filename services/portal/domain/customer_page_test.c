/* The customer's page, row by row. */
#include "lib/base/array.h"
#include "services/portal/domain/customer_page.h"
#include <criterion/criterion.h>

enum { NOW = 1000000, AHEAD = NOW + 1, PAST = NOW };

Test(customer_page, choices)
{
    const struct {
        const char *rule;
        enum order_state order;
        enum visit_shown visit;
        timestamp start_at;
        struct customer_choice choice;
    } rows[] = {
        { "without a visit hours are shown",
          ORDER_OPENED,
          VISIT_NONE,
          0,
          { PAGE_CHOOSE, LINE_CHOOSE, false, true } },
        { "an order without technician says so, and still shows hours",
          ORDER_UNSTAFFED,
          VISIT_NONE,
          0,
          { PAGE_CHOOSE, LINE_UNSTAFFED, false, true } },
        { "an order that waits for a part says so",
          ORDER_WAITING_FOR_PART,
          VISIT_NONE,
          0,
          { PAGE_CHOOSE, LINE_WAITING_FOR_PART, false, true } },
        { "a visit that was called off leaves the choice",
          ORDER_OPENED,
          VISIT_CALLED_OFF,
          AHEAD,
          { PAGE_CHOOSE, LINE_CHOOSE, false, true } },
        { "a visit that was not held is told, and hours are shown",
          ORDER_OPENED,
          VISIT_NOT_HELD,
          PAST,
          { PAGE_CHOOSE, LINE_NOT_HELD, false, true } },
        { "an agreed visit ahead may be moved and cancelled",
          ORDER_SCHEDULED,
          VISIT_AGREED,
          AHEAD,
          { PAGE_VISIT, LINE_AGREED, true, true } },
        { "an agreed visit counts before the order has heard of it",
          ORDER_OPENED,
          VISIT_AGREED,
          AHEAD,
          { PAGE_VISIT, LINE_AGREED, true, true } },
        { "at its hour it may not be changed any more",
          ORDER_SCHEDULED,
          VISIT_AGREED,
          PAST,
          { PAGE_VISIT, LINE_AGREED, false, false } },
        { "nobody is sent back from the road",
          ORDER_UNDER_WAY,
          VISIT_ON_THE_WAY,
          AHEAD,
          { PAGE_VISIT, LINE_ON_THE_WAY, false, false } },
        { "nor from the door",
          ORDER_UNDER_WAY,
          VISIT_THERE,
          AHEAD,
          { PAGE_VISIT, LINE_THERE, false, false } },
        { "a visit that is over is shown",
          ORDER_DONE,
          VISIT_OVER,
          PAST,
          { PAGE_VISIT, LINE_OVER, false, false } },
        { "a visit that is over is shown before the order has heard of it",
          ORDER_UNDER_WAY,
          VISIT_OVER,
          PAST,
          { PAGE_VISIT, LINE_OVER, false, false } },
        { "work that is left waits for its next hour",
          ORDER_OPENED,
          VISIT_OVER,
          PAST,
          { PAGE_CHOOSE, LINE_UNFINISHED, false, true } },
        { "also when nobody can come for it",
          ORDER_UNSTAFFED,
          VISIT_OVER,
          PAST,
          { PAGE_CHOOSE, LINE_UNFINISHED, false, true } },
        { "a settled order too",
          ORDER_SETTLED,
          VISIT_OVER,
          PAST,
          { PAGE_VISIT, LINE_OVER, false, false } },
        { "an order that ended without a visit has nothing to choose",
          ORDER_DONE,
          VISIT_NONE,
          0,
          { PAGE_ENDED, LINE_OVER, false, false } },
        { "a cancelled order is over",
          ORDER_CANCELLED,
          VISIT_CALLED_OFF,
          AHEAD,
          { PAGE_ENDED, LINE_CALLED_OFF, false, false } },
        { "also while its visit is still thought to stand",
          ORDER_CANCELLED,
          VISIT_AGREED,
          AHEAD,
          { PAGE_ENDED, LINE_CALLED_OFF, false, false } },
    };

    EACH (row, rows) {
        const struct customer_facts facts = { row->order, row->visit, row->start_at, NOW };
        struct customer_choice choice = choose_customer_page(&facts);
        cr_expect_eq(choice.page, row->choice.page, "%s: page", row->rule);
        cr_expect_eq(choice.line, row->choice.line, "%s: line", row->rule);
        cr_expect_eq(choice.may_move, row->choice.may_move, "%s: move", row->rule);
        cr_expect_eq(choice.may_cancel, row->choice.may_cancel, "%s: cancel", row->rule);
    }
}

/* All 9 × 7 × 2 cases. */
Test(customer_page, holds_everywhere)
{
    for (int order = 0; order < ORDER_STATES; order++) {
        for (int visit = 0; visit < VISIT_SHOWN_STATES; visit++) {
            for (int ahead = 0; ahead < 2; ahead++) {
                const struct customer_facts facts = { (enum order_state)order,
                                                      (enum visit_shown)visit, ahead ? AHEAD : PAST,
                                                      NOW };
                struct customer_choice choice = choose_customer_page(&facts);
                if (choice.may_move)
                    cr_expect(choice.page == PAGE_VISIT && visit == VISIT_AGREED && ahead,
                              "only what is agreed and ahead is moved (%d, %d)", order, visit);
                if (order == ORDER_DONE || order == ORDER_SETTLED || order == ORDER_CANCELLED)
                    cr_expect(!choice.may_cancel && choice.page != PAGE_CHOOSE,
                              "what ended is not changed (%d, %d)", order, visit);
                if (choice.page == PAGE_CHOOSE)
                    cr_expect(visit != VISIT_AGREED && visit != VISIT_ON_THE_WAY &&
                                  visit != VISIT_THERE &&
                                  (visit != VISIT_OVER || choice.line == LINE_UNFINISHED),
                              "a live visit is never hidden by a choice (%d, %d)", order, visit);
            }
        }
    }
}

Test(customer_page, visits_as_shown)
{
    const struct {
        const char *rule;
        int booked, course;
        enum visit_shown shown;
    } rows[] = {
        { "nothing was told", 0, 0, VISIT_NONE },
        { "a hold is no visit", 1, 0, VISIT_NONE },
        { "booked", BOOK_BOOKED, 0, VISIT_AGREED },
        { "booked and planned", BOOK_BOOKED, COURSE_PLANNED, VISIT_AGREED },
        { "on the way", BOOK_BOOKED, COURSE_ON_THE_WAY, VISIT_ON_THE_WAY },
        { "there", BOOK_BOOKED, COURSE_THERE, VISIT_THERE },
        { "done, and matching has not said so yet", BOOK_BOOKED, COURSE_DONE, VISIT_OVER },
        { "finished by matching, and visits was not heard yet", BOOK_DONE, COURSE_THERE,
          VISIT_OVER },
        { "the course was heard before the booking", 0, COURSE_ON_THE_WAY, VISIT_ON_THE_WAY },
        { "missed", BOOK_BOOKED, COURSE_MISSED, VISIT_NOT_HELD },
        { "missed by the book", BOOK_MISSED, COURSE_PLANNED, VISIT_NOT_HELD },
        { "called off", BOOK_CANCELLED, COURSE_PLANNED, VISIT_CALLED_OFF },
        { "called off on the way", BOOK_CANCELLED, COURSE_ON_THE_WAY, VISIT_CALLED_OFF },
        { "the course was called off", BOOK_BOOKED, COURSE_CANCELLED, VISIT_CALLED_OFF },
        { "a hold that ran out", 6, 0, VISIT_NONE },
    };

    EACH (row, rows)
        cr_expect_eq(show_visit(row->booked, row->course), row->shown, "%s", row->rule);
}
