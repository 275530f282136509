/* What the services do with a fact or a person's wish: the shell around their own pure decisions,
 * as short as it can be. */
#include "services/billing/domain/book_line.h"
#include "services/surveys/domain/score_survey.h"
#include "services/visits/domain/missed_due.h"
#include "tests/simulator/world.h"

enum { GRACE_MS = 15 * 60 * 1000 };

static const bool listens[SERVICES][KINDS] = {
    [INTAKE] = { [VISIT_WAS_BOOKED] = true,
                 [NOBODY_WAS_FOUND] = true,
                 [WORK_HAS_BEGUN] = true,
                 [VISIT_WAS_MISSED] = true,
                 [VISIT_WAS_DONE] = true },
    [MATCHING] = { [ORDER_WAS_OPENED] = true,
                   [ORDER_WAS_CANCELLED] = true,
                   [VISIT_WAS_MISSED] = true,
                   [VISIT_WAS_DONE] = true },
    [VISITS] = { [ORDER_WAS_CANCELLED] = true,
                 [VISIT_WAS_BOOKED] = true,
                 [VISIT_WAS_MOVED] = true },
    [BILLING] = { [LINE_WAS_ACCEPTED] = true },
    [NOTIFICATIONS] = { [VISIT_WAS_BOOKED] = true },
    [SURVEYS] = { [VISIT_WAS_DONE] = true },
};

bool hears(enum service service, enum kind kind)
{
    return listens[service][kind];
}

/* ---- intake ---- */

static void move_order(struct world *world, int number, enum order_event event)
{
    struct order *order = &world->orders[number];

    CHANGING(order->state);
    order_move(order->state, event, &order->state);
}

static void release(struct world *world, struct order *order)
{
    struct sum *sum = &world->sums[order->policy];

    CHANGING(*sum);
    CHANGING(order->reserved);
    sum->reserved_grosz -= order->reserved;
    order->reserved = 0;
}

static void accept_line(struct world *world, const struct fact *fact)
{
    struct order *order = &world->orders[fact->order];
    struct sum *sum = &world->sums[order->policy];
    struct line_verdict line = decide_line(sum, order->reserved, fact->amount);

    CHANGING(*sum);
    CHANGING(*order);
    sum->reserved_grosz -= line.from_reserved_grosz;
    sum->used_grosz += line.covered_grosz;
    order->reserved -= line.from_reserved_grosz;
    order->used += line.covered_grosz;
    order->line_count++;
    tell(world, (struct fact){ INTAKE, LINE_WAS_ACCEPTED, fact->order, fact->visit, 0,
                               line.covered_grosz });
    release(world, order);
}

static void intake_hears(struct world *world, const struct fact *fact)
{
    static const enum order_event events[KINDS] = { [VISIT_WAS_BOOKED] = ORDER_GETS_HOUR,
                                                    [NOBODY_WAS_FOUND] = ORDER_FINDS_NOBODY,
                                                    [WORK_HAS_BEGUN] = ORDER_IS_WORKED_ON,
                                                    [VISIT_WAS_MISSED] = ORDER_IS_MISSED,
                                                    [VISIT_WAS_DONE] = ORDER_IS_DONE };

    move_order(world, fact->order, events[fact->kind]);
    if (fact->kind == VISIT_WAS_DONE)
        accept_line(world, fact);
    check_money(world);
}

struct wish {
    int order, policy;
    int64_t expected;
    struct place place;
};

static void open_order(struct world *world, const void *with)
{
    const struct wish *wish = with;
    struct sum *sum = &world->sums[wish->policy];
    struct cover_verdict verdict = decide_cover(true, sum, wish->expected);

    if (verdict.cover == NOTHING_LEFT || world->orders[wish->order].is_open)
        return; /* refused; or the same key again: the stored reply */
    CHANGING(*sum);
    CHANGING(world->orders[wish->order]);
    sum->reserved_grosz += verdict.reserve_grosz;
    world->orders[wish->order] = (struct order){
        true, ORDER_OPENED, wish->policy, verdict.reserve_grosz, 0, 0, wish->place
    };
    tell(world, (struct fact){ INTAKE, ORDER_WAS_OPENED, wish->order, -1, 0, 0 });
    check_money(world);
}

static void cancel_order(struct world *world, const void *with)
{
    int number = *(const int *)with;
    enum order_state state = world->orders[number].state;

    if (!order_move(state, ORDER_IS_CANCELLED, &state))
        return;
    move_order(world, number, ORDER_IS_CANCELLED);
    release(world, &world->orders[number]);
    tell(world, (struct fact){ INTAKE, ORDER_WAS_CANCELLED, number, -1, 0, 0 });
    check_money(world);
}

/* ---- visits ---- */

static bool move_course(struct world *world, int visit, enum course_event event)
{
    struct course *course = &world->courses[visit];
    enum course_state before = course->state, to = before;

    if (!course_move(before, event, &to))
        return false;
    CHANGING(*course);
    course->state = to;
    return to != before;
}

static void visits_hears(struct world *world, const struct fact *fact)
{
    if (fact->kind == VISIT_WAS_BOOKED || fact->kind == VISIT_WAS_MOVED) {
        CHANGING(world->courses[fact->visit]);
        world->courses[fact->visit].start_at = world->visits[fact->visit].start_at;
        world->courses[fact->visit].tolerance_ms = MINUTES(15);
        move_course(world, fact->visit, EVENT_PLAN);
        return;
    }
    for (int i = 0; i < world->visit_count; i++)
        if (world->visits[i].order == fact->order && world->courses[i].state != COURSE_NONE)
            move_course(world, i, EVENT_CALL_OFF);
}

struct deed {
    int visit;
    enum course_event event;
};

static void do_deed(struct world *world, const void *with)
{
    const struct deed *deed = with;
    const struct course *course = &world->courses[deed->visit];
    int order = world->visits[deed->visit].order;

    if (deed->event == EVENT_NOT_COME && world->now < missed_due_at(course, GRACE_MS))
        return;
    if (!move_course(world, deed->visit, deed->event))
        return;
    if (deed->event == EVENT_SET_OUT || deed->event == EVENT_COME)
        tell(world, (struct fact){ VISITS, WORK_HAS_BEGUN, order, deed->visit, 0, 0 });
    else if (deed->event == EVENT_FINISH)
        tell(world, (struct fact){ VISITS, VISIT_WAS_DONE, order, deed->visit, 0, LINE_GROSZ });
    else
        tell(world, (struct fact){ VISITS, VISIT_WAS_MISSED, order, deed->visit, 0, 0 });
}

/* ---- billing, notifications, surveys ---- */

static void billing_hears(struct world *world, const struct fact *fact)
{
    struct told_line line = { false, 1000, LINE_GROSZ, fact->amount };
    struct own_price price = { true, LINE_GROSZ };
    struct booking booking = book_line(&line, &price);

    must(world, booking.verdict == LINE_BOOKED, "billing books every line that intake accepts");
    CHANGING(world->billed[fact->order]);
    CHANGING(world->billed_lines[fact->order]);
    world->billed[fact->order] += booking.partner_grosz;
    world->billed_lines[fact->order]++;
}

static void surveys_hears(struct world *world, const struct fact *fact)
{
    static const struct survey_question questions[] = { { "on_time", "1_6" }, { "clean", "1_6" } };
    struct survey_answer answers[] = { { "clean", 1 + below(world, 6) },
                                       { "on_time", 1 + below(world, 6) } };
    struct survey_score score = score_survey(questions, 2, answers, 2);

    must(world, score.verdict == SURVEY_SCORED, "a whole survey has a score");
    CHANGING(world->scores[fact->order]);
    CHANGING(world->score_counts[fact->order]);
    world->scores[fact->order] += score.sum;
    world->score_counts[fact->order]++;
}

void handle(struct world *world, enum service service, const struct fact *fact)
{
    if (service == INTAKE)
        intake_hears(world, fact);
    else if (service == MATCHING)
        matching_hears(world, fact);
    else if (service == VISITS)
        visits_hears(world, fact);
    else if (service == BILLING)
        billing_hears(world, fact);
    else if (service == SURVEYS)
        surveys_hears(world, fact);
    else if (!world->messages[fact->visit].state) {
        CHANGING(world->messages[fact->visit]);
        world->messages[fact->visit].state = MESSAGE_QUEUED;
    }
}

/* ---- people ---- */

void open_world(struct world *world)
{
    world->now = HOURS(480008);
    for (int i = 0; i < POLICIES; i++)
        world->sums[i] = (struct sum){ .total_grosz = 200000 };
    open_book(world);
}

static void order_comes(struct world *world)
{
    int again = world->order_count && chance(world, 30);
    static struct wish last;

    if (!again && world->order_count < ORDERS_MOST) {
        last = (struct wish){ world->order_count, below(world, POLICIES),
                              5000 + below(world, 40000), some_place(world) };
        if (turn(world, open_order, &last))
            world->order_count++;
    } else if (again) {
        last.order = world->order_count - 1;
        if (world->orders[last.order].is_open) /* its sender has not heard the answer */
            turn(world, open_order, &last);
    }
}

void people_act(struct world *world)
{
    static const enum course_event deeds[] = { EVENT_SET_OUT, EVENT_COME, EVENT_FINISH,
                                               EVENT_NOT_COME, EVENT_NOBODY_HOME };
    int what = below(world, 100);

    if (what < 25) {
        order_comes(world);
    } else if (what < 30 && world->order_count) {
        int number = below(world, world->order_count);
        if (world->orders[number].is_open)
            turn(world, cancel_order, &number);
    } else if (what < 90 && world->visit_count) {
        struct deed deed = { below(world, world->visit_count), deeds[below(world, COUNT(deeds))] };
        if (world->courses[deed.visit].state != COURSE_NONE)
            turn(world, do_deed, &deed);
    } else if (what < 95) {
        int day = below(world, DAYS_COUNT); /* memory follows, a day at a time and late */
        tell_memory(world, day);
    } else {
        /* Mostly on, sometimes far, sometimes a little back. */
        world->now += chance(world, 10) ? HOURS(3) : below(world, 600000) - 3000;
    }
}
