/* JSON from strangers: whatever is accepted is written and read back the same; whatever is refused
 * comes with a finding and a whole problem document. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include "lib/service/message.h"
#include <assert.h>
#include <jansson.h>
#include <string.h>

int fuzz_json(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct rule report_rules[] = {
    { "customer.phone", .flags = RULE_REQUIRED, .pattern = "\\+?[0-9]{9,12}" },
    { "lines", .max = 8 },
    { "lines[].tags[]", .min = 1, .max = 20, .pattern = "[a-z]+" },
    { "latitude", .min = -90, .max = 90 },
    { 0 },
};
static const struct message_rules table[] = { { &sample_report__descriptor, report_rules }, { 0 } };

static void expect_document(struct arena *arena, const struct error *error,
                            const struct violations *violations)
{
    struct text text = problem_write(arena, error, violations, "/fuzz", NULL);
    json_auto_t *document = json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES, NULL);

    assert(error->kind == ERROR_REJECTED);
    assert(violations->count > 0 || error->problem == PROBLEM_TOO_LARGE);
    assert(document);
    for (size_t i = 0; i < violations->count; i++)
        assert(utf8_valid(text_of(violations->at[i].pointer)) && violations->at[i].detail[0]);
}

static void expect_same_again(struct arena *arena, const struct json_shape *shape,
                              const ProtobufCMessage *message, unsigned flags)
{
    struct text json = json_write(arena, message, flags), packed = message_pack(arena, message);
    ProtobufCMessage *again = NULL, *unpacked = NULL;
    struct violations violations;

    if (json.length > MESSAGE_BYTES_MAX)
        return;
    struct error error = json_read(arena, shape, json, &again, &violations);
    assert(error.kind == ERROR_NONE);
    struct text packed_again = message_pack(arena, again);
    assert(packed.length == packed_again.length);
    assert(memcmp(packed.at, packed_again.at, packed.length) == 0);
    error = message_unpack(arena, shape->of, packed, &unpacked);
    assert(error.kind == ERROR_NONE);
    assert(text_is(json, json_write(arena, unpacked, flags).at));
}

int fuzz_json(const uint8_t *bytes, size_t size)
{
    static struct arena process, arena;
    static const struct json_rules *rules;
    struct text json = { (const char *)bytes, size };
    struct violations violations;
    ProtobufCMessage *message = NULL;

    if (!rules) {
        struct error error = json_rules_new(&process, table, &rules);
        assert(error.kind == ERROR_NONE);
    }
    struct json_shape shape = json_shape_of(rules, &sample_report__descriptor);
    struct error error = json_read(&arena, &shape, json, &message, &violations);
    if (error.kind != ERROR_NONE) {
        expect_document(&arena, &error, &violations);
    } else {
        expect_same_again(&arena, &shape, message, 0);
        expect_same_again(&arena, &shape, message, JSON_WRITE_PRETTY);
    }
    arena_reset(&arena);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    return fuzz_json(bytes, size);
}
