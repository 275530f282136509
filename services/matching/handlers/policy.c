/* The weights of the objective: data, changed by an operator, in force everywhere as soon as heard.
 */
#include "services/matching/decision.h"
#include "services/matching/handlers.h"

static struct policy current;
static bool is_loaded;

const struct policy *policy_now(void)
{
    return is_loaded ? &current : &usual_policy;
}

static void take_policy(const Policy *message)
{
    struct policy heard = usual_policy;

    if (!message || (is_loaded && message->version <= current.version))
        return;
    policy_read(message, &heard);
    current = heard;
    is_loaded = true;
}

struct error load_policy(struct turn *turn)
{
    Policy *stored;

    TRY(store_load_policy(turn, &stored));
    take_policy(stored);
    return OK;
}

void follow_policy(const struct fact *fact, const void *message)
{
    const PolicyChanged *changed = message;

    (void)fact;
    take_policy(changed->policy);
}

static PolicyReply *policy_reply_of(struct turn *turn, const Policy *policy)
{
    PolicyReply *reply = ARENA_NEW(turn->arena, PolicyReply);

    policy_reply__init(reply);
    reply->version = policy->version;
    reply->reason = policy->reason;
    reply->at = policy->at;
    reply->weights = ARENA_ARRAY(turn->arena, PolicyWeightReply *, policy->n_weights + 1);
    for (size_t i = 0; i < policy->n_weights; i++) {
        const struct policy_field *field = policy_field(policy->weights[i]->name);
        PolicyWeightReply *weight = ARENA_NEW(turn->arena, PolicyWeightReply);
        if (!field)
            continue;
        policy_weight_reply__init(weight);
        weight->name = policy->weights[i]->name;
        weight->value = policy->weights[i]->value;
        weight->least = field->least;
        weight->most = field->most;
        weight->says = arena_string(turn->arena, field->says);
        reply->weights[reply->n_weights++] = weight;
    }
    return reply;
}

struct error show_policy(struct turn *turn, const void *message, struct reply *reply)
{
    Policy *stored;

    (void)message;
    TRY(store_load_policy(turn, &stored));
    if (!stored)
        stored = policy_message(turn->arena, &usual_policy);
    reply->message = policy_reply_of(turn, stored);
    return OK;
}

static struct error read_weights(struct turn *turn, const PolicyRequest *request,
                                 struct policy *policy)
{
    for (size_t i = 0; i < request->n_weights; i++) {
        const PolicyWeight *weight = request->weights[i];
        const struct policy_field *field = policy_field(weight->name);
        const char *pointer = arena_format(turn->arena, "/weights/%zu/", i);
        if (!field)
            return refuse_field(turn, arena_format(turn->arena, "%sname", pointer), "unknown",
                                "Nie ma takiej wagi.");
        if (weight->value < field->least || weight->value > field->most)
            return refuse_field(turn, arena_format(turn->arena, "%svalue", pointer), "range",
                                arena_format(turn->arena, "Od %lld do %lld.",
                                             (long long)field->least, (long long)field->most));
        policy_set(policy, field, weight->value);
    }
    return OK;
}

/* Weights that are not named stay as they are. */
struct error change_policy(struct turn *turn, const void *message, struct reply *reply)
{
    const PolicyRequest *request = message;
    PolicyChanged changed = POLICY_CHANGED__INIT;
    struct policy policy = usual_policy;
    Policy *stored;

    TRY(subject_lock(turn, "policy", NULL));
    TRY(store_load_policy(turn, &stored));
    if (stored)
        policy_read(stored, &policy);
    TRY(read_weights(turn, request, &policy));
    policy.version++;
    Policy *fresh = policy_message(turn->arena, &policy);
    fresh->by = actor_of(turn, NULL);
    fresh->at = turn->now;
    fresh->reason = request->reason;
    store_save_policy(turn, fresh);
    changed.policy = fresh;
    emit_unowned(turn, "policy", &changed);
    reply->message = policy_reply_of(turn, fresh);
    return OK;
}
