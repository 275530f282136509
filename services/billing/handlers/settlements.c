/* A partner's settlement: every line once, as a file and as a fact. */
#include "lib/service/service.h"
#include "proto/billing.pb-c.h"
#include "services/billing/handlers.h"

static struct error refuse_window(struct turn *turn, struct reply *reply, const char *says)
{
    struct violations violations = { 1, { { "/until", "range", says } } };
    struct error error = rejected(PROBLEM_INVALID, "/until", "settlement window");

    reply_problem(turn, reply, &error, &violations);
    return OK;
}

static void tell_settled(struct turn *turn, const struct settlement *settlement)
{
    SettlementMade told = SETTLEMENT_MADE__INIT;

    told.settlement_id = settlement->id;
    told.partner_id = settlement->partner_id;
    told.from = settlement->from;
    told.until = settlement->until;
    told.orders = settlement->sum.orders;
    told.lines = settlement->sum.lines;
    told.total_grosz = settlement->sum.partner_grosz;
    told.sha256 = settlement->sha256;
    emit(turn, settlement->partner_id, &told);
}

static const SettlementReply *settlement_reply(struct turn *turn,
                                               const struct settlement *settlement)
{
    SettlementReply *message = ARENA_NEW(turn->arena, SettlementReply);

    *message = (SettlementReply)SETTLEMENT_REPLY__INIT;
    message->settlement_id = settlement->id;
    message->orders = settlement->sum.orders;
    message->lines = settlement->sum.lines;
    message->total_grosz = settlement->sum.partner_grosz;
    message->file = arena_format(turn->arena, "/v1/settlements/%s", settlement->id);
    return message;
}

struct error post_settlement(struct turn *turn, const void *message, struct reply *reply)
{
    const SettlementRequest *request = message;
    struct settlement settlement = { .partner_id = request->partner_id,
                                     .from = request->from,
                                     .until = request->until,
                                     .made_by = turn->actor.id };
    struct settled_line *lines;
    char sha256[65];
    size_t count;

    if (request->from >= request->until)
        return refuse_window(turn, reply, "Okres kończy się przed początkiem");
    /* Lines become due by our own clock, so a window that is over stays as it was settled. */
    if (request->until > turn->now)
        return refuse_window(turn, reply, "Ten okres jeszcze trwa");
    TRY(subject_lock(turn, request->partner_id, NULL));
    turn_belongs_to(turn, request->partner_id);
    TRY(store_load_unsettled(turn, request->partner_id, request->from, request->until, &lines,
                             &count));
    if (count == 0)
        return refuse_window(turn, reply, "W tym okresie nie ma pozycji do rozliczenia");
    if (!sum_lines(lines, count, &settlement.sum))
        return rejected(PROBLEM_TOO_LARGE, "/until", "settlement of %.40s: the sum does not fit",
                        request->partner_id);
    TRY(file_keep(settlement_csv(turn->arena, lines, count), sha256));
    settlement.id = arena_string(turn->arena, new_id(turn).text);
    settlement.sha256 = arena_string(turn->arena, sha256);
    store_save_settlement(turn, &settlement, lines, count);
    tell_settled(turn, &settlement);
    reply->message = settlement_reply(turn, &settlement);
    reply->is_new = true;
    return OK;
}

struct error show_settlement(struct turn *turn, const void *message, struct reply *reply)
{
    const char *id = path_parameter(turn, "settlement_id"), *partner_id, *sha256;
    bool is_found = false;

    (void)message;
    if (id_valid(id))
        TRY(store_load_settlement(turn, id, &is_found, &partner_id, &sha256));
    if (!is_found)
        return rejected(PROBLEM_NOT_FOUND, "settlement_id", "no settlement \"%.60s\"", id);
    TRY(file_read(sha256, turn->arena, &reply->body));
    reply->content_type = "text/csv";
    reply_header(reply, "Content-Disposition",
                 arena_format(turn->arena, "attachment; filename=\"rozliczenie-%s-%s.csv\"",
                              partner_id, id));
    return OK;
}
