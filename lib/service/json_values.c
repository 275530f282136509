/* Single values: what jansson parsed becomes what the field's type keeps, or a violation. */
#include "lib/service/json_enum.h"
#include "lib/service/json_reader.h"
#include <math.h>
#include <sodium.h>

void reader_expected(struct reader *reader, const struct item *item, const char *expected)
{
    reader_violate(reader, &item->place, "type",
                   arena_format(reader->arena, "Oczekiwano: %s", expected));
}

static void read_text(struct reader *reader, const struct item *item)
{
    struct text text = { json_string_value(item->value), json_string_length(item->value) };

    if (!json_is_string(item->value)) {
        reader_expected(reader, item, "tekst");
    } else if (!utf8_valid(text)) {
        reader_violate(reader, &item->place, "utf8", "Tekst nie może zawierać znaku NUL");
    } else {
        const char *copy = arena_text(reader->arena, text);
        if (*copy)
            rule_check_text(reader, &item->place, item->check, copy);
        *(const char **)item->slot = copy;
    }
}

static void read_bytes(struct reader *reader, const struct item *item)
{
    static const struct measure bytes = { "length", "Dozwolona liczba bajtów" };
    const char *base64 = json_string_value(item->value);
    size_t length = json_string_length(item->value), used = 0;

    if (!base64) {
        reader_expected(reader, item, "tekst w base64");
        return;
    }
    size_t room = length / 4 * 3;
    uint8_t *decoded = arena_alloc(reader->arena, room + 1);
    if (sodium_base642bin(decoded, room, base64, length, NULL, &used, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        reader_expected(reader, item, "tekst w base64");
        return;
    }
    if (used)
        rule_check_amount(reader, &item->place, item->check, (int64_t)used, &bytes);
    *(ProtobufCBinaryData *)item->slot = (ProtobufCBinaryData){ used, decoded };
}

static void read_enum(struct reader *reader, const struct item *item)
{
    struct text name = { json_string_value(item->value), json_string_length(item->value) };
    int number;

    if (!json_is_string(item->value))
        reader_expected(reader, item, "tekst");
    else if (json_enum_number(item->field->descriptor, name, &number))
        *(int *)item->slot = number;
    else
        reader_violate(reader, &item->place, "enum",
                       arena_format(reader->arena, "Dozwolone wartości: %s",
                                    json_enum_choices(reader->arena, item->field->descriptor)));
}

static const struct measure values = { "range", "Dozwolone wartości" };

/* Limits are whole numbers: whichever neighbour breaks one stands for the fraction. */
static int64_t neighbour(const struct rule *rule, double number)
{
    if (number < -0x1p63 || number >= 0x1p63)
        return number < 0 ? INT64_MIN : INT64_MAX;
    int64_t below = (int64_t)floor(number);
    return rule_is_within(rule, below) ? (int64_t)ceil(number) : below;
}

static void read_real(struct reader *reader, const struct item *item)
{
    bool is_float = item->field->type == PROTOBUF_C_TYPE_FLOAT;
    double number = json_number_value(item->value);

    if (!json_is_number(item->value)) {
        reader_expected(reader, item, "liczba");
        return;
    }
    if (is_float && !isfinite((float)number)) {
        reader_violate(reader, &item->place, "range", "Liczba jest za duża");
        return;
    }
    if (item->check->rule)
        rule_check_amount(reader, &item->place, item->check, neighbour(item->check->rule, number),
                          &values);
    if (is_float)
        *(float *)item->slot = (float)number;
    else
        *(double *)item->slot = number;
}

/* What the field's type can hold, as a rule that everybody has to keep. */
static const struct rule *type_limits(ProtobufCType type)
{
    static const struct rule int32_limits = { .min = INT32_MIN, .max = INT32_MAX };
    static const struct rule uint32_limits = { .min = 0, .max = UINT32_MAX };
    static const struct rule int64_limits = { .min = INT64_MIN, .max = INT64_MAX };
    static const struct rule uint64_limits = { .min = 0, .max = INT64_MAX };

    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return &int32_limits;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return &uint32_limits;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return &uint64_limits;
    default:
        return &int64_limits;
    }
}

static void read_integer(struct reader *reader, const struct item *item)
{
    const struct rule *of_type = type_limits(item->field->type);
    bool is_narrow = of_type->max == INT32_MAX || of_type->max == UINT32_MAX;
    int64_t number = json_integer_value(item->value);

    if (!json_is_integer(item->value)) {
        reader_expected(reader, item, "liczba całkowita");
        return;
    }
    if (item->check->rule && !rule_is_within(item->check->rule, number))
        rule_check_amount(reader, &item->place, item->check, number, &values);
    else
        rule_check_amount(reader, &item->place, &(struct rule_check){ .rule = of_type }, number,
                          &values);
    if (is_narrow)
        *(uint32_t *)item->slot = (uint32_t)number;
    else
        *(int64_t *)item->slot = number;
}

static void read_bool(struct reader *reader, const struct item *item)
{
    if (json_is_boolean(item->value))
        *(protobuf_c_boolean *)item->slot = json_is_true(item->value);
    else
        reader_expected(reader, item, "true albo false");
}

void reader_read_scalar(struct reader *reader, const struct item *item)
{
    switch (item->field->type) {
    case PROTOBUF_C_TYPE_STRING:
        read_text(reader, item);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        read_bytes(reader, item);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        read_enum(reader, item);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        read_bool(reader, item);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        read_real(reader, item);
        break;
    default:
        read_integer(reader, item);
    }
}
