/* What was decided, kept with all it hung on. */
#include "lib/service/message.h"
#include "services/matching/decision.h"
#include "services/matching/handlers.h"
#include <sodium.h>

enum { KEPT_DAYS = 400 };

static struct text hash_of(struct turn *turn, struct text bytes)
{
    unsigned char *hash = ARENA_ARRAY(turn->arena, unsigned char, 32);

    crypto_generichash(hash, 32, (const unsigned char *)bytes.at, bytes.length, NULL, 0);
    return (struct text){ (const char *)hash, 32 };
}

struct error keep_decision(struct turn *turn, const char *kind, const struct order_copy *order,
                           const struct search *search, const struct slot_search *found,
                           const struct relaxations *ways_out, const Visit *visit)
{
    DecisionInput *input =
        decision_input(turn->arena, search, found, ways_out, ways_out_until(turn));
    DecisionResult *result = decision_result(turn->arena, found, ways_out, NULL, 0);
    struct decision_row row = { .decision_id = arena_string(turn->arena, new_id(turn).text),
                                .work_order_id = order->work_order_id,
                                .kind = kind,
                                .visit_id = visit ? visit->visit_id : "",
                                .at = turn->now,
                                .rule_version = RULE_VERSION,
                                .policy_version = search->policy->version,
                                .input = message_pack(turn->arena, &input->base),
                                .result = message_pack(turn->arena, &result->base) };

    row.input_hash = hash_of(turn, row.input);
    store_save_decision(turn, order->partner_id, &row);
    return OK;
}

/* One more technician with this one day. */
static void add_seen(struct arena *arena, struct roster *roster, struct book_day *seen)
{
    const struct member *known = book_member(seen->who->id.text);
    struct member member = { .who = seen->who, .day_count = 1 };

    member.days = ARENA_ARRAY(arena, struct book_day *, 1);
    member.dates = ARENA_ARRAY(arena, int32_t, 1);
    member.days[0] = seen;
    member.dates[0] = seen->date;
    if (known) {
        member.standing = known->standing;
        member.van = known->van;
    }
    roster->members[roster->count] = member;
    roster_list(arena, roster, roster->count);
    roster->count++;
}

struct error keep_choice(struct turn *turn, const char *kind, const struct order_copy *order,
                         const struct slot_choice *choice, const Visit *visit)
{
    struct book_day *seen = choice->seen;
    struct slot_search found;
    struct visit_job job;

    if (!seen) /* only where a fault run switches the check off */
        return OK;
    TRY(job_of(turn, order, 0, 0, &job));
    if (choice->start_at < job.starts.from || choice->start_at >= job.starts.until)
        job.starts = (struct window){ choice->start_at, choice->start_at + 1 };
    job.windows[job.window_count++] = (struct window){ choice->start_at, choice->start_at + 1 };
    struct roster roster = { .members = ARENA_ARRAY(turn->arena, struct member, CREW_MOST) };
    add_seen(turn->arena, &roster, seen);
    for (size_t i = 0; i < choice->mate_count; i++)
        add_seen(turn->arena, &roster, choice->mates[i].seen);
    job.technicians = (int64_t)roster.count;
    struct search search = search_of(turn, &job);
    search.roster = &roster;
    search.most = 1;
    search_slots(turn->arena, &search, &found);
    return keep_decision(turn, kind, order, &search, &found, NULL, visit);
}

static struct error reply_of(struct turn *turn, const struct decision_row *row,
                             DecisionReply **ret_reply)
{
    DecisionReply *reply = ARENA_NEW(turn->arena, DecisionReply);
    char *hex = ARENA_ARRAY(turn->arena, char, 65);
    ProtobufCMessage *input, *result;

    TRY(message_unpack_kept(turn->arena, &decision_input__descriptor, row->input, &input));
    TRY(message_unpack_kept(turn->arena, &decision_result__descriptor, row->result, &result));
    decision_reply__init(reply);
    reply->decision_id = arena_string(turn->arena, row->decision_id);
    reply->kind = arena_string(turn->arena, row->kind);
    reply->visit_id = arena_string(turn->arena, row->visit_id);
    reply->at = row->at;
    reply->rule_version = row->rule_version;
    reply->input_hash =
        sodium_bin2hex(hex, 65, (const unsigned char *)row->input_hash.at, row->input_hash.length);
    /* What others have promised, and where technicians live, is not a partner's to see. */
    if (turn->actor.kind != ACTOR_PARTNER)
        reply->input = (DecisionInput *)input;
    reply->result = (DecisionResult *)result;
    *ret_reply = reply;
    return OK;
}

struct error show_decisions(struct turn *turn, const void *message, struct reply *reply)
{
    DecisionList *list = ARENA_NEW(turn->arena, DecisionList);
    const char *work_order_id = path_parameter(turn, "work_order_id");
    struct decision_row *rows;
    struct order_copy order;
    size_t count;

    (void)message;
    TRY(store_load_order(turn, work_order_id, &order));
    TRY(store_load_decisions(turn, work_order_id, &rows, &count));
    decision_list__init(list);
    list->decisions = ARENA_ARRAY(turn->arena, DecisionReply *, count + 1);
    for (size_t i = 0; i < count; i++)
        TRY(reply_of(turn, &rows[i], &list->decisions[list->n_decisions++]));
    reply->message = list;
    return OK;
}

struct error forget_decisions(struct turn *turn, const char *subject)
{
    (void)subject;
    store_drop_decisions(turn, turn->now - DAYS(KEPT_DAYS));
    return OK;
}
