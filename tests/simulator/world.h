/* A suite without Kafka, PostgreSQL or processes: its pure decisions, and between them a loop that
 * loses, doubles, reorders, crashes and jumps the clock as a seed says. What the real loop promises
 * (inbox, early facts, one commit) is modelled here; what the services decide is their own code. */
#pragma once
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/intake/domain/decide_cover.h"
#include "services/intake/domain/work_order_states.h"
#include "services/matching/domain/book_day.h"
#include "services/matching/domain/search_slots.h"
#include "services/notifications/domain/message_states.h"
#include "services/visits/domain/course.h"

enum {
    ORDERS_MOST = 40,
    VISITS_MOST = 4 * ORDERS_MOST,
    TECHNICIANS = 4,
    DATES = 4,
    DAYS_COUNT = TECHNICIANS * DATES,
    POLICIES = 3,
    FACTS_MOST = 4000,
    BAG_MOST = 60000,
    LINE_GROSZ = 17300,
};

enum service { INTAKE, MATCHING, VISITS, BILLING, NOTIFICATIONS, SURVEYS, SERVICES };

enum kind {
    ORDER_WAS_OPENED,    /* intake */
    ORDER_WAS_CANCELLED, /* intake */
    LINE_WAS_ACCEPTED,   /* intake; amount: covered */
    VISIT_WAS_BOOKED,    /* matching; visit */
    VISIT_WAS_MOVED,     /* matching; visit: by consent */
    NOBODY_WAS_FOUND,    /* matching */
    WORK_HAS_BEGUN,      /* visits; visit */
    VISIT_WAS_MISSED,    /* visits; visit */
    VISIT_WAS_DONE,      /* visits; visit, amount: its price line */
    KINDS,
};

struct fact {
    enum service teller;
    enum kind kind;
    int order, visit;
    int64_t sequence, amount;
};

struct delivery {
    int fact;
    enum service to;
};

struct order {
    bool is_open;
    enum order_state state;
    int policy;
    int64_t reserved, used, line_count;
    struct place place;
};

struct visit {
    int order, day; /* of the book */
    timestamp start_at;
    bool is_live, is_done;
};

struct message {
    enum message_state state;
    int taken; /* how often the gateway has it */
};

/* A day with what it points to. */
struct kept_day {
    struct book_day day;
    struct stretch stretch;
    struct stop stops[STOPS_MOST];
};

struct world {
    struct random random;
    timestamp now;
    /* the loop's */
    struct fact facts[FACTS_MOST];
    int fact_count, relayed[SERVICES]; /* facts below are out, of that teller */
    bool inbox[SERVICES][FACTS_MOST];
    int64_t told[SERVICES][ORDERS_MOST], heard[SERVICES][SERVICES][ORDERS_MOST];
    struct delivery bag[BAG_MOST];
    int bag_count;
    bool knows[SERVICES][ORDERS_MOST];
    /* the services' */
    struct order orders[ORDERS_MOST];
    int order_count;
    struct sum sums[POLICIES];
    struct technician technicians[TECHNICIANS];
    struct kept_day days[DAYS_COUNT], memory[DAYS_COUNT]; /* the truth, and what a search sees */
    struct visit visits[VISITS_MOST];
    int settling;                    /* 1 + the day whose hours have just changed; 0: none */
    timestamp promised[VISITS_MOST]; /* the hour that the customer was told last */
    struct course courses[VISITS_MOST];
    int visit_count;
    int64_t billed[ORDERS_MOST], billed_lines[ORDERS_MOST];
    struct message messages[VISITS_MOST];
    bool is_surveyed[ORDERS_MOST];
    int64_t scores[ORDERS_MOST], score_counts[ORDERS_MOST];
    /* what happened, so that a run that met nothing is seen */
    int64_t duplicates, early, crashes, rollbacks, holes;
    int64_t moves, other_hands, plans_refused, displaced;
    const char *broken; /* the rule that does not hold; NULL while all do */
};

/* ---- world.c: the loop ---- */
/* Notes the old bytes of what is about to change: a crash before the commit puts them back. */
void changing(void *at, size_t size);
#define CHANGING(place) changing(&(place), sizeof(place))
void tell(struct world *world, struct fact fact);
/* Runs `act` as a turn: all of it, or nothing of it when the process dies before its commit. */
bool turn(struct world *world, void (*act)(struct world *world, const void *with),
          const void *with);
void relay(struct world *world, enum service service);
void deliver(struct world *world);
bool chance(struct world *world, int percent);
int below(struct world *world, int bound);
void must(struct world *world, bool holds, const char *rule);
extern bool is_calm; /* nothing fails any more */

/* ---- services.c: what facts and people cause ---- */
bool hears(enum service service, enum kind kind);
void handle(struct world *world, enum service service, const struct fact *fact);
void open_world(struct world *world);
void people_act(struct world *world);

/* ---- matching.c ---- */
void matching_hears(struct world *world, const struct fact *fact);
void tell_memory(struct world *world, int number); /* hears of that day as it is */
struct place some_place(struct world *world);
void open_book(struct world *world);
void drop_stop(struct world *world, struct visit *visit);
void add_stop(struct world *world, const struct visit *visit, int64_t length_ms);
bool promise(struct world *world, int order);

/* ---- hours.c: what may happen to a promised hour ---- */
void hours_act(struct world *world);
/* The one way to tell a customer an hour: from then on it is his. */
void tell_hour(struct world *world, enum kind kind, int visit);

/* ---- gateway.c ---- */
void gateway_acts(struct world *world);

/* ---- checks.c ---- */
void check_day(struct world *world, int number);
void check_money(struct world *world);
void check_promises(struct world *world);
void check_end(struct world *world);
