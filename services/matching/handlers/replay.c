/* matching --replay: decisions made again from what was kept of them. */
#include "lib/domain/calendar.h"
#include "lib/service/load_file.h"
#include "lib/service/message.h"
#include "services/matching/decision.h"
#include "services/matching/handlers.h"
#include <stdio.h>
#include <string.h>

/* What a day's decisions came to. */
struct totals {
    int64_t booked, unstaffed, travel_ms, travel_m, waiting_ms, at_risk;
};

struct replaying {
    const struct loaded *weights; /* other than each was made with; NULL: the same */
    int64_t decisions, same, other_choice;
    struct totals then, now;
};

static void add_up(struct totals *totals, const DecisionInput *input, const DecisionResult *result)
{
    if (result->n_slots == 0) {
        totals->unstaffed++;
        return;
    }
    const DecisionSlot *slot = result->slots[0];
    totals->booked++;
    totals->travel_ms += slot->added_travel_ms;
    totals->travel_m += slot->added_travel_m;
    totals->waiting_ms += slot->start_at - input->job->from;
    totals->at_risk += slot->spare_before_ms < MINUTES(20) || slot->spare_after_ms < MINUTES(20);
}

static bool is_same_choice(const DecisionResult *a, const DecisionResult *b)
{
    if (a->n_slots == 0 || b->n_slots == 0)
        return a->n_slots == b->n_slots;
    return string_is(a->slots[0]->technician_id, b->slots[0]->technician_id) &&
           a->slots[0]->start_at == b->slots[0]->start_at;
}

/* Those that are not named stay as they were when it was decided. */
static void change_weights(struct arena *arena, DecisionInput *input, const struct loaded *weights)
{
    struct policy policy = usual_policy;

    policy_read(input->policy, &policy);
    for (size_t i = 0; i < weights->count; i++) {
        const PolicyWeight *weight = (const PolicyWeight *)weights->rows[i];
        policy_set(&policy, policy_field(weight->name), weight->value);
    }
    input->policy = policy_message(arena, &policy);
    input->job->waiting_permille = waiting_permille(&policy, (Urgency)input->job->urgency);
    input->job->reserved_from = input->job->asked_at + policy.release_ms;
}

static struct error replay_one(struct turn *turn, const struct decision_row *row, void *context)
{
    struct replaying *replaying = context;
    ProtobufCMessage *unpacked, *was;

    TRY(message_unpack_kept(turn->arena, &decision_input__descriptor, row->input, &unpacked));
    TRY(message_unpack_kept(turn->arena, &decision_result__descriptor, row->result, &was));
    DecisionInput *input = (DecisionInput *)unpacked;
    DecisionResult *then = (DecisionResult *)was;
    if (replaying->weights)
        change_weights(turn->arena, input, replaying->weights);
    DecisionResult *now = decide_again(turn->arena, input);
    struct text bytes = message_pack(turn->arena, &now->base);
    bool is_same =
        bytes.length == row->result.length && memcmp(bytes.at, row->result.at, bytes.length) == 0;
    replaying->decisions++;
    replaying->same += is_same;
    replaying->other_choice += !is_same_choice(then, now);
    add_up(&replaying->then, input, then);
    add_up(&replaying->now, input, now);
    if (!is_same && !replaying->weights)
        printf("%s %s of order %s differs\n", row->decision_id, row->kind, row->work_order_id);
    return OK;
}

static void print_line(const char *name, int64_t then, int64_t now)
{
    printf("%-32s %14lld %14lld %+14lld\n", name, (long long)then, (long long)now,
           (long long)(now - then));
}

static void print_totals(const struct replaying *replaying)
{
    const struct totals *then = &replaying->then, *now = &replaying->now;

    printf("decisions %lld, byte for byte the same %lld, another choice %lld\n\n",
           (long long)replaying->decisions, (long long)replaying->same,
           (long long)replaying->other_choice);
    printf("%-32s %14s %14s %14s\n", "", "as decided", "replayed", "difference");
    print_line("with an hour", then->booked, now->booked);
    print_line("nobody could come", then->unstaffed, now->unstaffed);
    print_line("added driving, min", then->travel_ms / MINUTES(1), now->travel_ms / MINUTES(1));
    print_line("added driving, km", then->travel_m / 1000, now->travel_m / 1000);
    print_line("waiting for the hour, h", then->waiting_ms / HOURS(1), now->waiting_ms / HOURS(1));
    print_line("with little spare time", then->at_risk, now->at_risk);
}

static struct error read_weights(struct turn *turn, const char *path, struct loaded *weights)
{
    TRY(load_file(turn, path, "weights", &policy_weight__descriptor, weights));
    for (size_t i = 0; i < weights->count; i++) {
        const PolicyWeight *weight = (const PolicyWeight *)weights->rows[i];
        const struct policy_field *field = policy_field(weight->name);
        if (!field || weight->value < field->least || weight->value > field->most)
            return rejected(PROBLEM_INVALID, "weights", "no weight \"%.40s\" may be %lld",
                            weight->name, (long long)weight->value);
    }
    return OK;
}

struct error replay(struct turn *turn, int count, char **words)
{
    struct replaying replaying = { 0 };
    struct decision_row row;
    struct loaded weights;
    int32_t date;

    turn_looks_over_walls(turn);
    if (count < 1)
        return rejected(PROBLEM_INVALID, "ID|DATE", "which decision, or which day?");
    if (count > 1) {
        TRY(read_weights(turn, words[1], &weights));
        replaying.weights = &weights;
    }
    if (date_parse(text_of(words[0]), &date)) {
        TRY(store_walk_decisions(turn, date_start(date), date_end(date), replay_one, &replaying));
    } else {
        TRY(store_load_decision(turn, words[0], &row));
        TRY(replay_one(turn, &row, &replaying));
    }
    print_totals(&replaying);
    if (!replaying.weights && replaying.same < replaying.decisions)
        return rejected(PROBLEM_CONFLICT, NULL, "%lld decisions came out otherwise",
                        (long long)(replaying.decisions - replaying.same));
    return OK;
}
