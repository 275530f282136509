/* Everything that routing does, by topic; main.c's tables name them. */
#pragma once
#include "lib/service/service.h"
#include "proto/matching.pb-c.h"
#include "proto/routing.pb-c.h"
#include "proto/visits.pb-c.h"

/* handlers/technician_days.c: the book's copies, and the route of each at once. */
struct error on_technician_day_changed(struct turn *turn, const void *message);
struct error drop_technician_days(struct turn *turn, struct value subjects);

/* handlers/progress.c: how far visits have come. */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_technician_on_the_way(struct turn *turn, const void *message);
struct error on_technician_there(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);
struct error drop_work_orders(struct turn *turn, struct value subjects);

/* handlers/improvements.c: who should rather visit whom. */
struct error improve(struct turn *turn, const char *nothing);
struct error forget_changes(struct turn *turn, const char *nothing);

/* handlers/proposals.c: what the search has found, and matching's answers. */
struct error propose(struct turn *turn, const void *result, size_t result_size, struct text note);
struct error on_visit_reassigned(struct turn *turn, const void *message);
struct error on_plan_refused(struct turn *turn, const void *message);

/* handlers/replay.c: plans made again from what was kept of them. */
struct error replay(struct turn *turn, int count, char **words);

/* handlers/positions.c: where technicians are. */
struct error report_positions(struct turn *turn, const void *message, struct reply *reply);
struct error list_positions(struct turn *turn, const void *message, struct reply *reply);
struct error forget_positions(struct turn *turn, const char *nothing);
struct error refill_live(struct turn *turn, const char *nothing);

/* handlers/routes.c: what was planned, and what is expected of it now. */
struct error list_routes(struct turn *turn, const void *message, struct reply *reply);
struct error show_route(struct turn *turn, const void *message, struct reply *reply);
struct error show_kilometres(struct turn *turn, const void *message, struct reply *reply);

/* handlers/baseline.c: the same days without us. */
struct error print_baseline(struct turn *turn, int count, char **words);
