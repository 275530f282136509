/* Rules of the customer's page. */
#include "services/portal/domain/customer_page.h"

enum visit_shown show_visit(int booked, int course)
{
    if (booked == BOOK_CANCELLED || course == COURSE_CANCELLED)
        return VISIT_CALLED_OFF;
    if (booked == BOOK_DONE || course == COURSE_DONE)
        return VISIT_OVER;
    if (booked == BOOK_MISSED || course == COURSE_MISSED)
        return VISIT_NOT_HELD;
    if (course == COURSE_THERE)
        return VISIT_THERE;
    if (course == COURSE_ON_THE_WAY)
        return VISIT_ON_THE_WAY;
    return booked == BOOK_BOOKED || course == COURSE_PLANNED ? VISIT_AGREED : VISIT_NONE;
}

static bool is_ended(enum order_state order)
{
    return order == ORDER_DONE || order == ORDER_SETTLED || order == ORDER_CANCELLED;
}

/* An order without a live visit. */
static struct customer_choice choose_hour(enum order_state order, enum customer_line line)
{
    if (order == ORDER_WAITING_FOR_PART)
        line = LINE_WAITING_FOR_PART;
    else if (order == ORDER_UNSTAFFED && line == LINE_CHOOSE)
        line = LINE_UNSTAFFED;
    return (struct customer_choice){ .page = PAGE_CHOOSE, .line = line, .may_cancel = true };
}

struct customer_choice choose_customer_page(const struct customer_facts *facts)
{
    if (facts->order == ORDER_CANCELLED)
        return (struct customer_choice){ .page = PAGE_ENDED, .line = LINE_CALLED_OFF };
    switch (facts->visit) {
    case VISIT_AGREED: {
        bool is_ahead = facts->now < facts->start_at && !is_ended(facts->order);
        return (struct customer_choice){ PAGE_VISIT, LINE_AGREED, is_ahead, is_ahead };
    }
    case VISIT_ON_THE_WAY:
        return (struct customer_choice){ .page = PAGE_VISIT, .line = LINE_ON_THE_WAY };
    case VISIT_THERE:
        return (struct customer_choice){ .page = PAGE_VISIT, .line = LINE_THERE };
    case VISIT_OVER:
        if (facts->order == ORDER_OPENED || facts->order == ORDER_UNSTAFFED)
            return choose_hour(facts->order, LINE_UNFINISHED);
        return (struct customer_choice){ .page = PAGE_VISIT, .line = LINE_OVER };
    default:
        break;
    }
    if (is_ended(facts->order))
        return (struct customer_choice){ .page = PAGE_ENDED, .line = LINE_OVER };
    return choose_hour(facts->order, facts->visit == VISIT_NOT_HELD ? LINE_NOT_HELD : LINE_CHOOSE);
}
