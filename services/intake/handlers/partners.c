/* Partners, their contracts and keys. */
#include "lib/domain/skill.h"
#include "services/intake/handlers.h"
#include <sodium.h>
#include <stdio.h>

static const char *sha256_hex(struct arena *arena, const char *text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(arena, 2 * sizeof hash + 1);

    crypto_hash_sha256(hash, (const unsigned char *)text, text_of(text).length);
    return sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
}

/* A bearer secret of 256 bits; only its hash is kept. */
static char *make_key(struct turn *turn)
{
    unsigned char random[32];
    char *encoded = arena_alloc(turn->arena, 64);

    randombytes_buf(random, sizeof random);
    sodium_bin2base64(encoded, 64, random, sizeof random, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return arena_format(turn->arena, "pk_%s", encoded);
}

/* A contract stays its partner's, and asks for skills and equipment that somebody can have, and for
 * work that comes to an end. */
static struct error check_contract(struct turn *turn, const char *partner_id,
                                   const Contract *contract)
{
    const char *owner;
    enum skill skill;

    TRY(store_load_contract_owner(turn, contract->contract_id, &owner));
    if (owner[0] && !string_is(owner, partner_id))
        return rejected(PROBLEM_CONFLICT, "/contracts", "contract %.60s is another partner's",
                        contract->contract_id);
    for (size_t i = 0; i < contract->n_services; i++) {
        const CoveredService *service = contract->services[i];
        if (!skill_parse(text_of(service->skill), &skill))
            return rejected(PROBLEM_INVALID, "/contracts", "nobody can have the skill %.40s",
                            service->skill);
        for (size_t k = 0; k < service->n_equipment; k++)
            if (string_empty(service->equipment[k]))
                return rejected(PROBLEM_INVALID, "/contracts", "nobody has equipment without name");
    }
    return check_services(contract);
}

struct error save_partner(struct turn *turn, const void *message, struct reply *reply)
{
    const PartnerRequest *request = message;
    PartnerReply *answer = ARENA_NEW(turn->arena, PartnerReply);
    PartnerChanged changed = PARTNER_CHANGED__INIT;

    TRY(subject_lock(turn, request->partner_id, NULL));
    turn_belongs_to(turn, request->partner_id);
    for (size_t i = 0; i < request->n_contracts; i++) {
        TRY(check_contract(turn, request->partner_id, request->contracts[i]));
        request->contracts[i]->partner_id = request->partner_id;
    }
    store_save_partner(turn, request);
    partner_reply__init(answer);
    answer->partner_id = request->partner_id;
    answer->api_key = make_key(turn);
    store_save_api_key(turn, sha256_hex(turn->arena, answer->api_key), request->partner_id);
    TRY(store_load_adoption(turn, request->partner_id, &changed.adoption));
    changed.by = actor_message(turn);
    changed.partner_id = request->partner_id;
    changed.name = request->name;
    changed.kind = request->kind;
    changed.n_contracts = request->n_contracts;
    changed.contracts = request->contracts;
    emit(turn, request->partner_id, &changed);
    reply->is_new = true;
    reply->message = answer;
    return OK;
}

struct error list_guarantees(struct turn *turn, const void *message, struct reply *reply)
{
    GuaranteeList *list = ARENA_NEW(turn->arena, GuaranteeList);

    (void)message;
    guarantee_list__init(list);
    TRY(store_load_guarantees(turn, list));
    reply->message = list;
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}

/* nginx asks for every call with a partner's key; the answer is the signed actor header. */
struct error authenticate(struct turn *turn, const void *message, struct reply *reply)
{
    struct text header = text_of(request_header(turn, "authorization"));
    struct actor actor = { .kind = ACTOR_PARTNER };
    const char *partner_id;

    (void)message;
    if (!text_starts(header, "Bearer pk_") || header.length > 100)
        return rejected(PROBLEM_UNAUTHENTICATED, "Authorization", "no partner's key");
    turn_looks_over_walls(turn); /* whose key it is, is the question */
    TRY(store_load_api_key(turn, sha256_hex(turn->arena, header.at + 7), &partner_id));
    if (!partner_id[0])
        return rejected(PROBLEM_UNAUTHENTICATED, "Authorization", "the key is unknown or revoked");
    snprintf(actor.id, sizeof actor.id, "%s", partner_id);
    snprintf(actor.partner, sizeof actor.partner, "%s", partner_id);
    reply_header(reply, "X-Actor",
                 actor_sign(service_keys(), &actor, turn->machine_now + SECONDS(60), turn->arena));
    reply->body = text_of("ok\n");
    reply->content_type = "text/plain";
    return OK;
}
