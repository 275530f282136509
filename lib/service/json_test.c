/* What a caller may send and what he is told; each row is one rule. */
#include "lib/base/array.h"
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct rule report_rules[] = {
    { "customer", RULE_REQUIRED, .says = "Podaj dane klienta" },
    { "customer.name", RULE_REQUIRED, .min = 2, .max = 5 },
    { "customer.phone", RULE_REQUIRED, .pattern = "[0-9]{9}|112", .says = "Podaj numer telefonu" },
    { "customer.email", .pattern = "[^@ ]+@[^@ ]+" },
    { "lines", .min = 1, .max = 3 },
    { "lines[].amount_grosz", RULE_REQUIRED, .min = 1, .max = 5000 },
    { "lines[].tags", .max = 2 },
    { "lines[].tags[]", .min = 2, .max = 5, .pattern = "[a-z]+" },
    { "latitude", .min = -90, .max = 90 },
    { "small", .min = 3 },
    { "answer_share", .min = 1 },
    { "small_signed", .min = -5, .max = 0 },
    { "photo", .min = 2, .max = 3 },
    { 0 },
};
static const struct rule oneof_rules[] = { { "answer_number", .flags = RULE_REQUIRED }, { 0 } };
static const struct rule tree_rules[] = { { "label", .flags = RULE_REQUIRED }, { 0 } };

static struct json_shape shape_with(struct arena *arena, const ProtobufCMessageDescriptor *of,
                                    const struct rule *rules)
{
    const struct message_rules table[] = { { of, rules }, { 0 } };
    const struct json_rules *ready = NULL;

    struct error error = json_rules_new(arena, table, &ready);
    cr_assert_eq(error.kind, ERROR_NONE, "%s", error.text);
    return json_shape_of(ready, of);
}

struct row {
    const char *name, *json;
    const char *pointer, *rule; /* of the only violation */
};
#define ACCEPTED NULL, NULL

static void expect_row(const struct json_shape *shape, const struct row *row)
{
    struct arena arena = { 0 };
    struct violations violations;
    ProtobufCMessage *message = NULL;

    struct error error = json_read(&arena, shape, text_of(row->json), &message, &violations);
    cr_expect_eq(error.kind == ERROR_NONE, row->rule == NULL, "%s: %s", row->name, error.text);
    cr_expect_eq(message != NULL, row->rule == NULL, "%s", row->name);
    cr_expect_eq(violations.count, row->rule ? 1 : 0, "%s: %zu violations", row->name,
                 violations.count);
    if (row->rule && violations.count) {
        const struct violation *got = &violations.at[0];
        cr_expect_str_eq(got->pointer, row->pointer, "%s: %s", row->name, got->pointer);
        cr_expect_str_eq(got->rule, row->rule, "%s: %s", row->name, got->rule);
        cr_expect_gt(strlen(got->detail), 0, "%s", row->name);
        cr_expect_eq(error.kind, ERROR_REJECTED, "%s", row->name);
        bool is_malformed = strcmp(row->rule, "syntax") == 0;
        cr_expect_eq(error.problem, is_malformed ? PROBLEM_MALFORMED : PROBLEM_INVALID, "%s",
                     row->name);
        cr_expect_eq(strncmp(error.field, got->pointer, 47), 0, "%s: %s", row->name, error.field);
    }
    arena_done(&arena);
}

#define CUSTOMER "\"customer\":{\"name\":\"Ala\",\"phone\":\"600100200\"}"
#define WITH(more) "{" CUSTOMER "," more "}"

Test(json_read, rules)
{
    static const struct row rows[] = {
        { "the least that is asked for", "{" CUSTOMER "}", ACCEPTED },
        { "a required sub-message", "{}", "/customer", "required" },
        { "null is absent", "{\"customer\":null}", "/customer", "required" },
        { "a required text", "{\"customer\":{\"name\":\"Ala\"}}", "/customer/phone", "required" },
        { "a required text is not empty", "{\"customer\":{\"name\":\"\",\"phone\":\"112\"}}",
          "/customer/name", "required" },
        { "a required text is not blank", "{\"customer\":{\"name\":\"Ala\",\"phone\":\" \\n\"}}",
          "/customer/phone", "required" },
        { "a text too short", "{\"customer\":{\"name\":\"A\",\"phone\":\"112\"}}", "/customer/name",
          "length" },
        { "characters count, not bytes", "{\"customer\":{\"name\":\"Żółćń\",\"phone\":\"112\"}}",
          ACCEPTED },
        { "a text too long", "{\"customer\":{\"name\":\"Żółćńą\",\"phone\":\"112\"}}",
          "/customer/name", "length" },
        { "a pattern binds its start", "{\"customer\":{\"name\":\"Ala\",\"phone\":\"x112\"}}",
          "/customer/phone", "pattern" },
        { "a pattern binds its end", "{\"customer\":{\"name\":\"Ala\",\"phone\":\"112\\n\"}}",
          "/customer/phone", "pattern" },
        { "an empty text is an absent one",
          "{\"customer\":{\"name\":\"Ala\",\"phone\":\"112\",\"email\":\"\"}}", ACCEPTED },
        { "an optional text keeps its pattern",
          "{\"customer\":{\"name\":\"Ala\",\"phone\":\"112\",\"email\":\"ala\"}}",
          "/customer/email", "pattern" },
        { "an empty list is an absent one", WITH("\"lines\":[]"), ACCEPTED },
        { "a list too long",
          WITH("\"lines\":[{\"amount_grosz\":1},{\"amount_grosz\":1},"
               "{\"amount_grosz\":1},{\"amount_grosz\":1}]"),
          "/lines", "length" },
        { "a required number in a list", WITH("\"lines\":[{\"amount_grosz\":1},{}]"),
          "/lines/1/amount_grosz", "required" },
        { "a number below its range", WITH("\"lines\":[{\"amount_grosz\":0}]"),
          "/lines/0/amount_grosz", "range" },
        { "a number at its lower end", WITH("\"lines\":[{\"amount_grosz\":1}]"), ACCEPTED },
        { "a number at its upper end", WITH("\"lines\":[{\"amount_grosz\":5000}]"), ACCEPTED },
        { "a number above its range", WITH("\"lines\":[{\"amount_grosz\":5001}]"),
          "/lines/0/amount_grosz", "range" },
        { "an element's pattern", WITH("\"lines\":[{\"amount_grosz\":1,\"tags\":[\"ok\",\"N\"]}]"),
          "/lines/0/tags/1", "length" },
        { "an element's length", WITH("\"lines\":[{\"amount_grosz\":1,\"tags\":[\"ok\",\"NO\"]}]"),
          "/lines/0/tags/1", "pattern" },
        { "a list inside a list",
          WITH("\"lines\":[{\"amount_grosz\":1,\"tags\":[\"aa\",\"bb\",\"cc\"]}]"), "/lines/0/tags",
          "length" },
        { "a real at its end", WITH("\"latitude\":-90.0"), ACCEPTED },
        { "a real just beyond", WITH("\"latitude\":90.0000001"), "/latitude", "range" },
        { "a real just below", WITH("\"latitude\":-90.0000001"), "/latitude", "range" },
        { "a real far beyond", WITH("\"latitude\":-1e300"), "/latitude", "range" },
        { "an integer is a real, too", WITH("\"latitude\":52"), ACCEPTED },
        { "no upper limit", WITH("\"small\":2147483647"), ACCEPTED },
        { "a lower limit alone", WITH("\"small\":2"), "/small", "range" },
        { "a real above the whole numbers", WITH("\"answer_share\":1e300"), ACCEPTED },
        { "a real below the whole numbers", WITH("\"answer_share\":-1e300"), "/answer_share",
          "range" },
        { "an upper limit of 0", WITH("\"small_signed\":1"), "/small_signed", "range" },
        { "bytes long enough", WITH("\"photo\":\"AAE=\""), ACCEPTED },
        { "bytes too short", WITH("\"photo\":\"AA==\""), "/photo", "length" },
        { "bytes too long", WITH("\"photo\":\"AAECAw==\""), "/photo", "length" },
    };
    static struct arena process; /* patterns live as long as the program */
    struct json_shape shape = shape_with(&process, &sample_report__descriptor, report_rules);

    EACH (row, rows)
        expect_row(&shape, row);
}

Test(json_read, types)
{
    static const struct row rows[] = {
        { "nothing is given", "{}", ACCEPTED },
        { "the whole is an object", "[1]", "", "type" },
        { "the whole is no number", "5", "", "type" },
        { "a text is no number", "{\"note\":5}", "/note", "type" },
        { "a number is no text", "{\"big\":\"5\"}", "/big", "type" },
        { "a number without fraction", "{\"big\":5.5}", "/big", "type" },
        { "a number without exponent", "{\"big\":5e3}", "/big", "type" },
        { "a truth is no number", "{\"is_urgent\":1}", "/is_urgent", "type" },
        { "a list is no text", "{\"tags\":\"a\"}", "/tags", "type" },
        { "an element is no null", "{\"tags\":[\"a\",null]}", "/tags/1", "type" },
        { "an object is no list", "{\"lines\":{}}", "/lines", "type" },
        { "a list is no object", "{\"customer\":[]}", "/customer", "type" },
        { "int32 at its end", "{\"small\":-2147483648}", ACCEPTED },
        { "int32 beyond", "{\"small\":-2147483649}", "/small", "range" },
        { "sint32 beyond", "{\"small_signed\":2147483648}", "/small_signed", "range" },
        { "sfixed32 beyond", "{\"small_fixed\":2147483648}", "/small_fixed", "range" },
        { "uint32 at its end", "{\"count\":4294967295}", ACCEPTED },
        { "uint32 beyond", "{\"count\":4294967296}", "/count", "range" },
        { "fixed32 is not negative", "{\"count_fixed\":-1}", "/count_fixed", "range" },
        { "int64 at its end", "{\"big\":-9223372036854775808}", ACCEPTED },
        { "int64 beyond", "{\"lines\":[{},{\"amount_grosz\":9223372036854775808}]}",
          "/lines/1/amount_grosz", "range" },
        { "uint64 is not negative", "{\"huge\":-1}", "/huge", "range" },
        { "a real beyond all", "{\"latitude\":1e999}", "/latitude", "range" },
        { "a float beyond", "{\"weight\":3.5e38}", "/weight", "range" },
        { "an enum by its name", "{\"colour\":\"dark_blue\",\"colours\":[\"red\"]}", ACCEPTED },
        { "an enum's name is small", "{\"colour\":\"RED\"}", "/colour", "enum" },
        { "an enum's prefix stays away", "{\"colour\":\"sample_colour_red\"}", "/colour", "enum" },
        { "an enum is not unspecified", "{\"colour\":\"unspecified\"}", "/colour", "enum" },
        { "an enum is no number", "{\"colour\":1}", "/colour", "type" },
        { "an enum has no NUL", "{\"colour\":\"red\\u0000\"}", "/colour", "enum" },
        { "an enum with mixed names keeps them", "{\"fruit\":\"sample_fruit_pear\"}", ACCEPTED },
        { "a mixed enum has no short name", "{\"fruit\":\"pear\"}", "/fruit", "enum" },
        { "another mixed enum", "{\"tool\":\"wrench\"}", ACCEPTED },
        { "another mixed enum's long name", "{\"tool\":\"sample_tool_saw\"}", ACCEPTED },
        { "bytes are base64", "{\"photo\":\"###\"}", "/photo", "type" },
        { "bytes are padded", "{\"photo\":\"AA\"}", "/photo", "type" },
        { "bytes are canonical", "{\"photo\":\"AB==\"}", "/photo", "type" },
        { "bytes are no list", "{\"photo\":[1]}", "/photo", "type" },
        { "one of a oneof", "{\"answer_number\":0}", ACCEPTED },
        { "two of a oneof", "{\"answer_text\":\"a\",\"answer_number\":0}", "/answer_number",
          "oneof" },
        { "null takes no part in a oneof", "{\"answer_text\":null,\"answer_number\":0}", ACCEPTED },
        { "an unknown field", "{\"notes\":\"a\"}", "/notes", "unknown" },
        { "an unknown field inside", "{\"customer\":{\"a/b~c\":1}}", "/customer/a~1b~0c",
          "unknown" },
        { "an unknown field inside a list", "{\"lines\":[{},{\"x\":1}]}", "/lines/1/x", "unknown" },
    };
    struct json_shape shape = { .of = &sample_report__descriptor };

    EACH (row, rows)
        expect_row(&shape, row);
}

Test(json_read, hostile)
{
    static const struct row rows[] = {
        { "nothing", "", "", "syntax" },
        { "no JSON", "nonsense", "", "syntax" },
        { "text behind the end", "{} {}", "", "syntax" },
        { "a comma too many", "{\"customer\":{\"name\":\"a\",}}", "/customer", "syntax" },
        { "cut inside a text", "{\"lines\":[{\"what\":\"a", "/lines/0/what", "syntax" },
        { "cut inside a key", "{\"lin", "/lin", "syntax" },
        { "cut behind a backslash", "{\"note\":\"a\\", "/note", "syntax" },
        { "half a surrogate pair", "{\"note\":\"\\ud800\"}", "/note", "syntax" },
        { "surrogates in the wrong order", "{\"note\":\"\\udc00\\ud800\"}", "/note", "syntax" },
        { "a whole surrogate pair", "{\"note\":\"\\ud83d\\ude00\"}", ACCEPTED },
        { "brackets and quotes inside a text", "{\"note\":\"\\\"{[,\\\\\",\"big\":1e999}", "/big",
          "range" },
        { "a raw control character", "{\"note\":\"\x01\"}", "/note", "syntax" },
        { "NaN is no JSON", "{\"latitude\":NaN}", "/latitude", "syntax" },
        { "a comment is no JSON", "{/**/}", "", "syntax" },
        { "a NUL in a text", "{\"note\":\"a\\u0000b\"}", "/note", "utf8" },
        { "a NUL in a list", "{\"tags\":[\"\\u0000\"]}", "/tags/0", "utf8" },
        { "a NUL in a key", "{\"customer\":{\"na\\u0000me\":1}}", "/customer/na\\u0000me", "utf8" },
        { "bytes that are not UTF-8", "{\"tags\":[\"a\",\"\xC3(\"]}", "/tags/1", "utf8" },
        { "an overlong form", "{\"note\":\"\xC0\xAF\"}", "/note", "utf8" },
        { "a key twice", "{\"note\":\"a\",\"note\":\"b\"}", "/note", "duplicate" },
        { "a key twice in a list", "{\"lines\":[{},{\"what\":\"a\",\"what\":\"a\"}]}",
          "/lines/1/what", "duplicate" },
        { "a key twice, once escaped", "{\"note\":\"a\",\"n\\u006fte\":\"b\"}", "/n\\u006fte",
          "duplicate" },
    };
    struct json_shape shape = { .of = &sample_report__descriptor };

    EACH (row, rows)
        expect_row(&shape, row);
}

Test(json_read, oneof_can_be_required)
{
    static const struct row rows[] = {
        { "the member with the rule", "{\"answer_number\":0}", ACCEPTED },
        { "another member will do", "{\"answer_flag\":false}", ACCEPTED },
        { "none", "{}", "/answer_number", "required" },
        { "an empty one", "{\"answer_text\":\"\"}", "/answer_number", "required" },
    };
    static struct arena process; /* patterns live as long as the program */
    struct json_shape shape = shape_with(&process, &sample_report__descriptor, oneof_rules);

    EACH (row, rows)
        expect_row(&shape, row);
}

Test(json_read, list_can_be_required)
{
    static const struct rule rules[] = { { "branches", .flags = RULE_REQUIRED }, { 0 } };
    static const struct row rows[] = {
        { "one element", "{\"branches\":[{}]}", ACCEPTED },
        { "an empty list", "{\"branches\":[]}", "/branches", "required" },
        { "no list", "{\"branches\":{}}", "/branches", "type" },
    };
    struct arena process = { 0 };
    struct json_shape shape = shape_with(&process, &sample_tree__descriptor, rules);

    EACH (row, rows)
        expect_row(&shape, row);
    arena_done(&process);
}

Test(json_read, rules_stay_where_they_were_put)
{
    static const struct row rows[] = {
        { "here", "{}", "/label", "required" },
        { "not below", "{\"label\":\"a\",\"below\":{},\"branches\":[{}]}", ACCEPTED },
    };
    static struct arena process; /* patterns live as long as the program */
    struct json_shape shape = shape_with(&process, &sample_tree__descriptor, tree_rules);

    EACH (row, rows)
        expect_row(&shape, row);
}

Test(json_read, foreign_json_may_have_more)
{
    struct json_shape shape = { .of = &sample_report__descriptor, .ignores_unknown = true };
    const struct row row = { "foreign", "{\"x\":[[[]]],\"note\":\"a\",\"customer\":{\"y\":1}}",
                             ACCEPTED };

    expect_row(&shape, &row);
}

Test(json_read, tells_everything_at_once)
{
    static const struct violation expected[] = {
        { "/customer/phone", "required", "Podaj numer telefonu" },
        { "/lines/0/amount_grosz", "range", "Dozwolone wartości: od 1 do 5000" },
        { "/lines/1/amount_grosz", "type", "Oczekiwano: liczba całkowita" },
        { "/colour", "enum", "Dozwolone wartości: below_zero, red, dark_blue" },
        { "/small", "range", "Dozwolone wartości: co najmniej 3" },
        { "/answer_number", "oneof", NULL },
        { "/adress", "unknown", "Nieznane pole: adress" },
    };
    static struct arena process;
    struct arena arena = { 0 };
    struct json_shape shape = shape_with(&process, &sample_report__descriptor, report_rules);
    struct violations violations;
    ProtobufCMessage *message = NULL;

    struct error error = json_read(
        &arena, &shape,
        text_of("{\"customer\":{\"name\":\"Ala\"},\"small\":1,\"adress\":1,\"colour\":\"\","
                "\"lines\":[{\"amount_grosz\":0},{\"amount_grosz\":\"1\"}],"
                "\"answer_number\":1,\"answer_text\":\"b\"}"),
        &message, &violations);
    cr_expect_eq(error.problem, PROBLEM_INVALID);
    cr_expect_null(message);
    cr_assert_eq(violations.count, COUNT(expected), "%zu", violations.count);
    for (size_t i = 0; i < COUNT(expected); i++) {
        cr_expect_str_eq(violations.at[i].pointer, expected[i].pointer);
        cr_expect_str_eq(violations.at[i].rule, expected[i].rule);
        if (expected[i].detail)
            cr_expect_str_eq(violations.at[i].detail, expected[i].detail, "%s",
                             violations.at[i].detail);
    }
    arena_done(&arena);
}

static struct text repeat(struct arena *arena, const char *head, const char *part, size_t times)
{
    size_t first = strlen(head), each = strlen(part);
    char *json = arena_alloc(arena, first + each * times + 1);

    memcpy(json, head, first);
    for (size_t i = 0; i < times; i++)
        memcpy(json + first + i * each, part, each);
    return text_of(json);
}

static struct error read_report(struct arena *arena, struct text json,
                                struct violations *violations)
{
    struct json_shape shape = { .of = &sample_report__descriptor };
    ProtobufCMessage *message = NULL;

    return json_read(arena, &shape, json, &message, violations);
}

Test(json_read, violations_end_at_32)
{
    struct arena arena = { 0 };
    struct violations violations;
    struct text many = repeat(&arena, "{\"tags\":[0", ",1", 50000);
    const char *closed = arena_format(&arena, "%s]}", many.at);

    struct error error = read_report(&arena, text_of(closed), &violations);
    cr_expect_eq(error.problem, PROBLEM_INVALID);
    cr_assert_eq(violations.count, VIOLATIONS_MAX);
    cr_expect_str_eq(violations.at[31].pointer, "/tags/31");
    arena_done(&arena);
}

Test(json_read, nesting_and_size_are_limited)
{
    struct arena arena = { 0 };
    struct violations violations;

    struct text brackets = repeat(&arena, "", "[", 100000);
    struct error error = read_report(&arena, brackets, &violations);
    cr_expect_eq(error.kind, ERROR_REJECTED);
    cr_expect_str_eq(violations.at[0].rule, "depth");
    cr_expect_str_eq(violations.at[0].pointer, repeat(&arena, "", "/0", 24).at, "cut there");

    const char *trees = repeat(&arena, "{\"tree\":", "{\"below\":", 31).at;
    const char *ends = repeat(&arena, "", "}", 32).at;
    error =
        read_report(&arena, text_of(arena_format(&arena, "%snull%s", trees, ends)), &violations);
    cr_expect_eq(error.kind, ERROR_NONE, "32 levels: %s", error.text);
    error = read_report(&arena, text_of(arena_format(&arena, "%s{}%s", trees, ends)), &violations);
    cr_expect_eq(error.kind, ERROR_REJECTED, "33 levels");
    cr_expect_str_eq(violations.at[0].rule, "depth");

    struct text spaces = repeat(&arena, "{}", " ", 256 * 1024 - 1);
    error = read_report(&arena, spaces, &violations);
    cr_expect_eq(error.problem, PROBLEM_TOO_LARGE);
    error = read_report(&arena, (struct text){ spaces.at, spaces.length - 1 }, &violations);
    cr_expect_eq(error.kind, ERROR_NONE, "%s", error.text);

    const char *shares = repeat(&arena, "{\"shares\":[1", ",1", 100000).at;
    error = read_report(&arena, text_of(arena_format(&arena, "%s]}", shares)), &violations);
    cr_expect_eq(error.problem, PROBLEM_TOO_LARGE, "a message larger than its JSON");
    arena_done(&arena);
}

Test(json_read, a_huge_unknown_key_is_cut_in_the_answer)
{
    struct arena arena = { 0 };
    struct violations violations;
    const char *key = repeat(&arena, "", "ż", 50000).at;

    struct error error =
        read_report(&arena, text_of(arena_format(&arena, "{\"%s\":1}", key)), &violations);
    cr_expect_eq(error.problem, PROBLEM_INVALID);
    cr_expect_str_eq(violations.at[0].pointer, "");
    cr_expect_lt(strlen(violations.at[0].detail), 100);
    cr_expect(utf8_valid(text_of(violations.at[0].detail)));
    arena_done(&arena);
}
