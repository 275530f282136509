/* What we answer, byte by byte, and that what was written can be read: seeded random messages. */
#include "lib/base/array.h"
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include "lib/service/message.h"
#include <criterion/criterion.h>
#include <float.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

Test(json_write, compact_in_order_of_numbers)
{
    struct arena arena = { 0 };
    SampleReport report = SAMPLE_REPORT__INIT;
    SamplePerson customer = SAMPLE_PERSON__INIT;
    SampleLine line = SAMPLE_LINE__INIT;
    SampleColour colours[] = { SAMPLE_COLOUR__SAMPLE_COLOUR_RED,
                               SAMPLE_COLOUR__SAMPLE_COLOUR_UNSPECIFIED, (SampleColour)77 };

    customer.name = "Żaneta \"Ż\" \\ \n\t\x01\x7F </script>";
    report.customer = &customer;
    report.lines = (SampleLine *[]){ &line, &line }, report.n_lines = 2;
    report.colour = SAMPLE_COLOUR__SAMPLE_COLOUR_DARK_BLUE;
    report.fruit = SAMPLE_FRUIT__SAMPLE_FRUIT_PEAR;
    report.latitude = 52.23, report.weight = 0.1F, report.is_urgent = 1;
    report.photo = (ProtobufCBinaryData){ 4, (uint8_t[]){ 0, 255, 1, 2 } };
    report.big = INT64_MIN, report.huge = UINT64_MAX, report.count = UINT32_MAX;
    report.answer_case = SAMPLE_REPORT__ANSWER_ANSWER_NUMBER;
    report.colours = colours, report.n_colours = COUNT(colours);
    struct text json = json_write(&arena, &report.base, 0);
    cr_expect_str_eq(
        json.at,
        "{\"customer\":{\"name\":\"Żaneta \\\"Ż\\\" \\\\ \\n\\t\\u0001\x7F </script>\"},"
        "\"lines\":[{},{}],\"colour\":\"dark_blue\",\"fruit\":\"sample_fruit_pear\","
        "\"latitude\":52.23,\"weight\":0.1,\"is_urgent\":true,\"photo\":\"AP8BAg==\","
        "\"count\":4294967295,\"big\":-9223372036854775808,"
        "\"huge\":18446744073709551615,\"answer_number\":0,"
        "\"colours\":[\"red\",\"unspecified\",77]}",
        "%s", json.at);
    cr_expect_eq(json.length, strlen(json.at));
    arena_done(&arena);
}

Test(json_write, all_and_pretty)
{
    struct arena arena = { 0 };
    SampleTree leaf = SAMPLE_TREE__INIT, tree = SAMPLE_TREE__INIT;
    SamplePerson person = SAMPLE_PERSON__INIT;
    SampleTree *leaves[] = { &leaf, &leaf };

    cr_expect_str_eq(json_write(&arena, &person.base, 0).at, "{}");
    cr_expect_str_eq(json_write(&arena, &person.base, JSON_WRITE_ALL).at,
                     "{\"name\":\"\",\"phone\":\"\",\"email\":\"\"}");
    cr_expect_str_eq(json_write(&arena, &tree.base, JSON_WRITE_ALL).at,
                     "{\"label\":\"\",\"branches\":[]}");
    tree.label = "a", tree.branches = leaves, tree.n_branches = 2, leaf.label = "b";
    cr_expect_str_eq(json_write(&arena, &tree.base, JSON_WRITE_PRETTY).at,
                     "{\n  \"label\": \"a\",\n  \"branches\": [\n    {\n      \"label\": \"b\"\n"
                     "    },\n    {\n      \"label\": \"b\"\n    }\n  ]\n}");
    arena_done(&arena);
}

Test(json_write, shortest_number_that_reads_back)
{
    static const struct {
        double number;
        const char *json;
    } rows[] = {
        { 52.229676, "{\"latitude\":52.229676}" },
        { 0.1 + 0.2, "{\"latitude\":0.30000000000000004}" },
        { 1e21, "{\"latitude\":1e+21}" },
        { -5e-324, "{\"latitude\":-4.94065645841247e-324}" },
        { 100, "{\"latitude\":100}" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        SampleReport report = SAMPLE_REPORT__INIT;
        report.latitude = row->number;
        cr_expect_str_eq(json_write(&arena, &report.base, 0).at, row->json);
    }
    arena_done(&arena);
}

/* ---- random messages, by descriptor ---- */

struct maker {
    struct arena *arena;
    uint64_t state; /* splitmix64 */
    unsigned depth;
};

static uint64_t draw(struct maker *maker)
{
    uint64_t z = (maker->state += 0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static const char *make_text(struct maker *maker)
{
    static const char *const parts[] = { "a",    "ż", "\"", "\\", "/", "\n",     "\x01",
                                         "\x7F", "€", "😀",  "z",  " ", "\u2028", "0" };
    char *text = arena_alloc(maker->arena, 64);

    for (uint64_t left = draw(maker) % 12; left; left--)
        strcat(text, parts[draw(maker) % COUNT(parts)]);
    return text;
}

static ProtobufCBinaryData make_bytes(struct maker *maker)
{
    uint64_t bits = draw(maker);
    uint8_t *bytes = arena_alloc(maker->arena, sizeof bits);

    memcpy(bytes, &bits, sizeof bits);
    return (ProtobufCBinaryData){ draw(maker) % sizeof bits, bytes };
}

static double make_double(struct maker *maker)
{
    uint64_t bits = draw(maker);
    double number;

    memcpy(&number, &bits, sizeof number);
    if (draw(maker) % 4 == 0)
        return (double)(int64_t)bits / 1e6;
    return isfinite(number) ? number : -0.0;
}

static float make_float(struct maker *maker)
{
    uint32_t bits = (uint32_t)draw(maker);
    float number;

    memcpy(&number, &bits, sizeof number);
    return isfinite(number) ? number : FLT_MAX;
}

static int64_t make_integer(struct maker *maker)
{
    static const int64_t edges[] = { 0, 1, -1, INT64_MIN, INT64_MAX, INT32_MIN, INT32_MAX };

    if (draw(maker) % 3 == 0)
        return edges[draw(maker) % COUNT(edges)];
    uint64_t shift = draw(maker) % 64;
    return (int64_t)draw(maker) >> shift;
}

static ProtobufCMessage *make_message(struct maker *maker, const ProtobufCMessageDescriptor *of);

static int make_enum(struct maker *maker, const ProtobufCEnumDescriptor *of, bool may_be_zero)
{
    int number;

    do
        number = of->values[draw(maker) % of->n_values].value;
    while (number == 0 && !may_be_zero);
    return number;
}

static void make_value(struct maker *maker, const ProtobufCFieldDescriptor *field, void *slot)
{
    bool is_alone =
        field->label != PROTOBUF_C_LABEL_REPEATED && !(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF);

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(const char **)slot = make_text(maker);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)slot = make_bytes(maker);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)slot = draw(maker) % 2;
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)slot = make_enum(maker, field->descriptor, is_alone);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
        *(float *)slot = make_float(maker);
        break;
    case PROTOBUF_C_TYPE_DOUBLE:
        *(double *)slot = make_double(maker);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)slot = make_message(maker, field->descriptor);
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        *(uint64_t *)slot = (uint64_t)make_integer(maker) & INT64_MAX;
        break;
    default:
        if (message_element_size(field->type) == sizeof(uint32_t))
            *(uint32_t *)slot = (uint32_t)make_integer(maker);
        else
            *(int64_t *)slot = make_integer(maker);
    }
}

static void make_field(struct maker *maker, ProtobufCMessage *message,
                       const ProtobufCFieldDescriptor *field)
{
    char *base = (char *)message;
    size_t size = message_element_size(field->type);

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = draw(maker) % 4;
        char *slots = arena_alloc(maker->arena, 4 * size);
        for (size_t i = 0; i < count; i++)
            make_value(maker, field, slots + i * size);
        *(size_t *)(base + field->quantifier_offset) = count;
        *(void **)(base + field->offset) = count ? slots : NULL;
        return;
    }
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        if (*(int *)(base + field->quantifier_offset) || draw(maker) % 5)
            return;
        *(int *)(base + field->quantifier_offset) = (int)field->id;
    }
    make_value(maker, field, base + field->offset);
}

static ProtobufCMessage *make_message(struct maker *maker, const ProtobufCMessageDescriptor *of)
{
    ProtobufCMessage *message = arena_alloc(maker->arena, of->sizeof_message);

    protobuf_c_message_init(of, message);
    maker->depth++;
    for (unsigned i = 0; i < of->n_fields; i++)
        if (draw(maker) % 2 && (of->fields[i].type != PROTOBUF_C_TYPE_MESSAGE || maker->depth < 6))
            make_field(maker, message, &of->fields[i]);
    maker->depth--;
    return message;
}

static bool comes_back(struct arena *arena, const ProtobufCMessage *message, unsigned flags)
{
    struct json_shape shape = { .of = message->descriptor };
    struct text packed = message_pack(arena, message), json = json_write(arena, message, flags);
    struct violations violations;
    ProtobufCMessage *again = NULL, *unpacked = NULL;

    struct error error = json_read(arena, &shape, json, &again, &violations);
    cr_expect_eq(error.kind, ERROR_NONE, "%s\n%s", error.text, json.at);
    if (!again)
        return false;
    struct text packed_again = message_pack(arena, again);
    struct text json_again = json_write(arena, again, flags);
    error = message_unpack(arena, message->descriptor, packed, &unpacked);
    cr_expect_eq(error.kind, ERROR_NONE, "%s", error.text);
    struct text json_unpacked = unpacked ? json_write(arena, unpacked, flags) : NO_TEXT;
    return packed.length == packed_again.length && json.length == json_again.length &&
           json.length == json_unpacked.length &&
           memcmp(packed.at, packed_again.at, packed.length) == 0 &&
           memcmp(json.at, json_again.at, json.length) == 0 &&
           memcmp(json.at, json_unpacked.at, json.length) == 0;
}

Test(json_write, every_message_comes_back_the_same)
{
    enum { ROUNDS = 3000 };

    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        struct arena arena = { 0 };
        struct maker maker = { .arena = &arena, .state = seed };
        ProtobufCMessage *message = make_message(&maker, &sample_report__descriptor);
        cr_assert(comes_back(&arena, message, 0), "seed %zu", (size_t)seed);
        cr_assert(comes_back(&arena, message, JSON_WRITE_ALL), "all, seed %zu", (size_t)seed);
        cr_assert(comes_back(&arena, message, JSON_WRITE_PRETTY), "pretty, seed %zu", (size_t)seed);
        arena_done(&arena);
    }
}

/* ---- problem documents ---- */

static const char *member(const json_t *document, const char *key)
{
    const char *value = json_string_value(json_object_get(document, key));

    return value ? value : "";
}

Test(problem_write, every_problem_is_a_whole_document)
{
    for (int problem = PROBLEM_MALFORMED; problem <= PROBLEM_BUSY; problem++) {
        struct arena arena = { 0 };
        struct error error = { .kind = ERROR_REJECTED,
                               .problem = (enum problem)problem,
                               .text = "secret of the log" };
        struct text text = problem_write(&arena, &error, NULL, "/v1/orders/1", "abc");
        json_auto_t *document = json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES, NULL);
        cr_assert_not_null(document, "%s", text.at);
        cr_expect(
            text_starts(text_of(member(document, "type")), "https://majster.example/problems/"));
        cr_expect_str_eq(member(document, "title"), problem_title((enum problem)problem));
        cr_expect_eq(json_integer_value(json_object_get(document, "status")),
                     problem_status((enum problem)problem));
        cr_expect_str_neq(member(document, "detail"), "");
        cr_expect_str_eq(member(document, "instance"), "/v1/orders/1");
        cr_expect_str_eq(member(document, "trace_id"), "abc");
        cr_expect_null(strstr(text.at, "secret"));
        arena_done(&arena);
    }
}

Test(problem_write, violations_are_listed)
{
    struct arena arena = { 0 };
    struct violations violations = { 0 };
    struct error error = rejected(PROBLEM_INVALID, "/customer/phone", "x");

    violations_add(&violations, (struct violation){ "/customer/phone", "required", "Podaj numer" });
    cr_expect_str_eq(
        problem_write(&arena, &error, &violations, NULL, NULL).at,
        "{\"type\":\"https://majster.example/problems/invalid\",\"title\":\"Niepoprawne "
        "dane\",\"status\":422,\"detail\":\"Podaj numer\",\"errors\":[{\"pointer\":"
        "\"/customer/phone\",\"rule\":\"required\",\"detail\":\"Podaj numer\"}]}");
    violations_add(&violations, (struct violation){ "/note", "length", "Za długie" });
    struct text two = problem_write(&arena, &error, &violations, NULL, NULL);
    cr_expect_not_null(strstr(two.at, "\"detail\":\"Podaj numer; inne błędy: 1\""), "%s", two.at);
    cr_expect_not_null(strstr(two.at, "{\"pointer\":\"/note\""), "%s", two.at);
    violations.at[1].pointer = "limit";
    two = problem_write(&arena, &error, &violations, NULL, NULL);
    cr_expect_not_null(strstr(two.at, "{\"parameter\":\"limit\""), "%s", two.at);
    violations.at[0].detail = "Podaj numer.";
    two = problem_write(&arena, &error, &violations, NULL, NULL);
    cr_expect_not_null(strstr(two.at, "\"detail\":\"Podaj numer; inne błędy: 1\""), "%s", two.at);
    arena_done(&arena);
}

Test(problem_write, a_handlers_field_is_named)
{
    static const struct {
        const char *field, *expected;
    } rows[] = {
        { "/start_at", "\"errors\":[{\"pointer\":\"/start_at\",\"rule\":\"hour-taken\"" },
        { "Idempotency-Key", "\"errors\":[{\"parameter\":\"Idempotency-Key\"" },
        { "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxż", "xx?\"" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        struct error error = rejected(PROBLEM_HOUR_TAKEN, row->field, "x");
        struct text text = problem_write(&arena, &error, NULL, "/a?\xFF", NULL);
        cr_expect_not_null(strstr(text.at, row->expected), "%s", text.at);
        cr_expect(utf8_valid(text));
    }
    arena_done(&arena);
}
