/* Actor headers from strangers: none of them is believed, and one that we signed comes back as it
 * was. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/actor.h"
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static char directory[] = "/tmp/actor_fuzz_XXXXXX";

static void clean_up(void)
{
    if (chdir(directory) == 0 && unlink("fuzz.public") == 0 && unlink("fuzz.secret") == 0)
        rmdir(directory);
}

static void take(char *to, size_t room, struct text *rest)
{
    struct text field = text_cut(*rest, ';', rest);
    size_t length = field.length < room ? field.length : room - 1;

    memset(to, 0, room);
    for (size_t i = 0; i < length && field.at[i]; i++)
        to[i] = field.at[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct actor_keys *keys;
    static struct arena arena;
    struct text header = { (const char *)bytes, size }, rest = header;
    struct actor actor = { .kind = ACTOR_PARTNER }, verified = { .kind = ACTOR_NOBODY };

    if (!keys &&
        (!mkdtemp(directory) || actor_keys_new(directory, "fuzz", &keys).kind || atexit(clean_up)))
        abort();
    assert(actor_verify(keys, header, 0, &verified).problem == PROBLEM_UNAUTHENTICATED);
    assert(verified.kind == ACTOR_NOBODY);
    take(actor.id, sizeof actor.id, &rest);
    take(actor.partner, sizeof actor.partner, &rest);
    take(actor.scope, sizeof actor.scope, &rest);
    char *signed_header = actor_sign(keys, &actor, 60000, &arena);
    assert(actor_verify(keys, text_of(signed_header), 60000, &verified).kind == ERROR_NONE);
    assert(memcmp(&actor, &verified, sizeof actor) == 0);
    assert(actor_verify(keys, text_of(signed_header), 60001, &verified).kind == ERROR_REJECTED);
    signed_header[3 + size % (strlen(signed_header) - 3)] ^= 1;
    assert(actor_verify(keys, text_of(signed_header), 0, &verified).kind == ERROR_REJECTED);
    arena_reset(&arena);
    return 0;
}
