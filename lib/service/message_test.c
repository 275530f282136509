/* Bytes from outside: whatever is cut, flipped or nested is refused or decoded whole, never half.
 */
#include "lib/base/array.h"
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include "lib/service/message.h"
#include <criterion/criterion.h>
#include <string.h>

#define BYTES(literal) ((struct text){ (literal), sizeof(literal) - 1 })

static struct text pack_sample(struct arena *arena)
{
    static SampleLine line = SAMPLE_LINE__INIT;
    static SampleLine *lines[] = { &line };
    static double shares[] = { 0.5, -1e300 };
    SamplePerson customer = SAMPLE_PERSON__INIT;
    SampleReport report = SAMPLE_REPORT__INIT;
    SampleTree leaf = SAMPLE_TREE__INIT, tree = SAMPLE_TREE__INIT;

    line.what = "zamek", line.amount_grosz = -1;
    customer.name = "Żółć", customer.phone = "600100200";
    leaf.label = "liść", tree.below = &leaf;
    report.customer = &customer, report.tree = &tree;
    report.n_lines = 1, report.lines = lines;
    report.n_shares = COUNT(shares), report.shares = shares;
    report.answer_case = SAMPLE_REPORT__ANSWER_ANSWER_TEXT, report.answer_text = "tak";
    return message_pack(arena, &report.base);
}

/* json_write asserts that all texts are UTF-8 and all numbers finite. */
static bool decodes(struct arena *arena, struct text bytes)
{
    ProtobufCMessage *message = NULL;
    struct error error = message_unpack(arena, &sample_report__descriptor, bytes, &message);

    if (error.kind != ERROR_NONE) {
        cr_expect_eq(error.kind, ERROR_REJECTED);
        cr_expect_null(message);
        return false;
    }
    cr_assert_not_null(message);
    cr_expect_gt(json_write(arena, message, JSON_WRITE_ALL).length, 2);
    return true;
}

Test(message, what_was_packed_comes_back)
{
    struct arena arena = { 0 };
    struct text bytes = pack_sample(&arena);
    ProtobufCMessage *message = NULL;

    struct error error = message_unpack(&arena, &sample_report__descriptor, bytes, &message);
    cr_assert_eq(error.kind, ERROR_NONE, "%s", error.text);
    SampleReport *report = (SampleReport *)message;
    cr_expect_str_eq(report->customer->name, "Żółć");
    cr_expect_str_eq(report->tree->below->label, "liść");
    cr_expect_eq(report->lines[0]->amount_grosz, -1);
    struct text again = message_pack(&arena, message);
    cr_assert_eq(again.length, bytes.length);
    cr_expect_eq(memcmp(again.at, bytes.at, bytes.length), 0);
    arena_done(&arena);
}

Test(message, table)
{
    static const struct {
        const char *name;
        struct text bytes;
        const char *field; /* NULL: accepted */
    } rows[] = {
        { "nothing is a message of defaults", { NULL, 0 }, NULL },
        { "a text", BYTES("\x1A\x02ok"), NULL },
        { "an unknown field is kept", BYTES("\xBA\x3E\x02\xFF\xFE"), NULL },
        { "a text is UTF-8", BYTES("\x1A\x02\xC3("), "note" },
        { "a text has no NUL", BYTES("\x1A\x03x\0y"), "note" },
        { "a text in a sub-message is UTF-8", BYTES("\x0A\x03\x0A\x01\xFF"), "name" },
        { "a text in a list is UTF-8", BYTES("\xEA\x02\x01\xFF"), "tags" },
        { "a text in a oneof is UTF-8", BYTES("\xA2\x01\x01\xFF"), "answer_text" },
        { "a text in a list of messages is UTF-8", BYTES("\x12\x03\x1A\x01\xFF"), "tags" },
        { "bytes may be anything", BYTES("\x4A\x02\xFF\0"), NULL },
        { "a double is finite", BYTES("\x31\0\0\0\0\0\0\xF8\x7F"), "latitude" },
        { "a float is finite", BYTES("\x3D\0\0\x80\x7F"), "weight" },
        { "packed doubles are finite", BYTES("\xCA\x02\x08\0\0\0\0\0\0\xF0\xFF"), "shares" },
        { "every packed double is finite",
          BYTES("\xCA\x02\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xF0\x7F"), "shares" },
        { "a sub-message twice", BYTES("\x0A\0\x0A\0"), "customer" },
        { "elements of a list many times", BYTES("\x12\0\x12\0"), NULL },
        { "length beyond the end", BYTES("\x1A\x05ok"), "" },
        { "tag without value", BYTES("\x50"), "" },
        { "varint without end", BYTES("\x50\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"), "" },
        { "length of 64 bits", BYTES("\x1A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), "" },
        { "field number 0", BYTES("\x02\x00"), "" },
        { "field number above 2^29", BYTES("\x80\x80\x80\x80\x10\x01"), "" },
        { "groups are not ours", BYTES("\x53\x54"), "" },
        { "number where a text stands", BYTES("\x18\x01"), "" },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        ProtobufCMessage *message = NULL;
        struct error error =
            message_unpack(&arena, &sample_report__descriptor, row->bytes, &message);
        cr_expect_eq(error.kind == ERROR_NONE, row->field == NULL, "%s: %s", row->name, error.text);
        cr_expect_eq(message != NULL, row->field == NULL, "%s", row->name);
        if (row->field) {
            cr_expect_eq(error.problem, PROBLEM_MALFORMED, "%s", row->name);
            cr_expect_str_eq(error.field, row->field, "%s", row->name);
        }
        arena_done(&arena);
    }
}

Test(message, unknown_fields_survive)
{
    struct arena arena = { 0 };
    struct text bytes = BYTES("\x1A\x02ok\xBA\x3E\x02\xFF\xFE");
    ProtobufCMessage *message;

    struct error error = message_unpack(&arena, &sample_report__descriptor, bytes, &message);
    cr_assert_eq(error.kind, ERROR_NONE);
    struct text again = message_pack(&arena, message);
    cr_assert_eq(again.length, bytes.length);
    cr_expect_eq(memcmp(again.at, bytes.at, bytes.length), 0);
    arena_done(&arena);
}

/* `levels` trees inside each other. */
static struct text nest(struct arena *arena, size_t levels)
{
    SampleTree *tree = NULL;

    for (size_t i = 0; i < levels; i++) {
        SampleTree *outer = ARENA_NEW(arena, SampleTree);
        sample_tree__init(outer);
        outer->below = tree;
        tree = outer;
    }
    return message_pack(arena, &tree->base);
}

Test(message, depth_is_limited)
{
    const struct {
        const char *name;
        size_t levels;
        bool is_accepted;
    } rows[] = {
        { "one level", 1, true },
        { "the deepest allowed", MESSAGE_DEPTH_MAX, true },
        { "one too deep", MESSAGE_DEPTH_MAX + 1, false },
        { "deep enough to break the stack", 20000, false },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        struct text bytes = nest(&arena, row->levels);
        ProtobufCMessage *message = NULL;
        struct error error = message_unpack(&arena, &sample_tree__descriptor, bytes, &message);
        cr_expect_eq(error.kind == ERROR_NONE, row->is_accepted, "%s: %s", row->name, error.text);
        arena_done(&arena);
    }
}

Test(message, size_is_limited)
{
    struct arena arena = { 0 };
    char *bytes = arena_alloc(&arena, MESSAGE_BYTES_MAX + 1);
    ProtobufCMessage *message = NULL;

    /* Field 9, bytes, filling the message to the last byte: tag, three bytes of length. */
    memcpy(bytes, "\x4A\xFC\xFF\x0F", 4);
    struct text largest = { bytes, MESSAGE_BYTES_MAX };
    struct error error = message_unpack(&arena, &sample_report__descriptor, largest, &message);
    cr_expect_eq(error.kind, ERROR_NONE, "%s", error.text);
    struct text larger = { bytes, MESSAGE_BYTES_MAX + 1 };
    error = message_unpack(&arena, &sample_report__descriptor, larger, &message);
    cr_expect_eq(error.kind, ERROR_REJECTED);
    cr_expect_eq(error.problem, PROBLEM_TOO_LARGE);
    arena_done(&arena);
}

Test(message, cut_anywhere_is_refused_or_decoded_whole)
{
    struct arena arena = { 0 }, turn = { 0 };
    struct text bytes = pack_sample(&arena);
    size_t refused = 0;

    for (size_t length = 0; length < bytes.length; length++) {
        /* A copy of its own size, so that the sanitizer sees a read behind the end. */
        char *cut = arena_text(&turn, (struct text){ bytes.at, length });
        refused += !decodes(&turn, (struct text){ cut, length });
        arena_reset(&turn);
    }
    cr_expect_gt(refused, bytes.length / 2);
    arena_done(&turn);
    arena_done(&arena);
}

Test(message, any_flipped_bit_is_refused_or_decoded_whole)
{
    struct arena arena = { 0 }, turn = { 0 };
    struct text bytes = pack_sample(&arena);

    for (size_t bit = 0; bit < bytes.length * 8; bit++) {
        char *flipped = arena_text(&turn, bytes);
        flipped[bit / 8] ^= (char)(1 << bit % 8);
        decodes(&turn, (struct text){ flipped, bytes.length });
        arena_reset(&turn);
    }
    arena_done(&turn);
    arena_done(&arena);
}
