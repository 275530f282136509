/* sign-actor: prints a signed actor header for benchmarks and tests that call an owner without
 * nginx in front. Needs the secret half of a key, so it can do nothing that its caller could not.
 */
#include "lib/service/actor.h"
#include <sodium.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct actor_keys *keys = NULL;
    struct arena arena = { 0 };
    struct actor actor = { 0 };

    if (argc != 7 || sodium_init() < 0) {
        fprintf(stderr,
                "usage: sign-actor KEYS_DIR KEY KIND ID PARTNER SCOPE (- for an empty one)\n");
        return 2;
    }
    struct error error = actor_keys_new(argv[1], argv[2], &keys);
    if (error.kind != ERROR_NONE) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    actor.kind = actor_kind_of(argv[3]);
    snprintf(actor.id, sizeof actor.id, "%s", argv[4][0] == '-' ? "" : argv[4]);
    snprintf(actor.partner, sizeof actor.partner, "%s", argv[5][0] == '-' ? "" : argv[5]);
    snprintf(actor.scope, sizeof actor.scope, "%s", argv[6][0] == '-' ? "" : argv[6]);
    puts(actor_sign(keys, &actor, machine_clock() + HOURS(12), &arena));
    arena_done(&arena);
    actor_keys_free(&keys);
    return 0;
}
