/* Heads and forms of requests: a path that a route takes is made of the route's words and of
 * parameters without a slash; a form's field is UTF-8 and no longer than the form. libFuzzer: link
 * with -fsanitize=fuzzer. */
#include "lib/service/loop.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct route routes[] = { { GET, "/v1/orders/{id}/photos/{kind}", NULL, NULL, NULL,
                                         0 },
                                       { POST, "/s/{token}", NULL, NULL, NULL, 0 },
                                       { 0 } };
static const struct service fuzzed = { .name = "fuzz", .routes = routes };

static void expect_path(struct arena *arena, struct exchange *exchange)
{
    char **at = &exchange->parameters[0][0];
    const char *path = exchange->path[1] == 's'
                           ? arena_format(arena, "/s/%s", at[1])
                           : arena_format(arena, "/v1/orders/%s/photos/%s", at[1], at[3]);

    assert(strcmp(path, exchange->path) == 0);
    for (int i = 0; i < exchange->parameter_count; i++)
        assert(exchange->parameters[i][1][0] && !strchr(exchange->parameters[i][1], '/'));
}

/* The first line is the path, the rest the form. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    struct text rest, path = text_cut((struct text){ (const char *)bytes, size }, '\n', &rest);
    bool other_method = false;

    if (!exchange)
        abort();
    exchange->path = strndup(path.at ? path.at : "", path.length);
    exchange->method = size % 2 ? GET : POST;
    exchange->body_length = rest.length;
    exchange->body = malloc(rest.length + 1);
    if (rest.length)
        memcpy(exchange->body, rest.at, rest.length);
    exchange->owners = 1;
    the_service = &fuzzed;
    if (route_find(exchange, &other_method))
        expect_path(&arena, exchange);
    struct item item = { .exchange = exchange };
    struct turn_state state = { .item = &item, .turn = { .arena = &arena, .state = &state } };
    const char *field = form_field(&state.turn, "a");
    assert(utf8_valid(text_of(field)) && strlen(field) <= exchange->body_length);
    exchange_release(&exchange);
    arena_reset(&arena);
    return 0;
}
