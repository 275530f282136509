/* Names of enum values, found by bisection in the descriptor's own index. */
#include "lib/service/json_enum.h"
#include <string.h>

enum { NAME_MAX_BYTES = 128 };

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* Bytes of "WORK_KIND_" at the start of `value` for type "WorkKind"; 0 when it does not start so.
 */
static size_t type_prefix(const char *type, const char *value)
{
    size_t length = 0;

    for (const char *at = type; *at; at++) {
        bool begins_word = at > type && is_upper(*at) && (!is_upper(at[-1]) || is_lower(at[1]));
        if (begins_word && value[length++] != '_')
            return 0;
        if (value[length++] != to_upper(*at))
            return 0;
    }
    return value[length] == '_' && value[length + 1] ? length + 1 : 0;
}

/* In sorted order the first and the last share a prefix only when all do. */
static size_t shared_prefix(const ProtobufCEnumDescriptor *of)
{
    size_t first = type_prefix(of->short_name, of->values_by_name[0].name);
    size_t last = type_prefix(of->short_name, of->values_by_name[of->n_value_names - 1].name);

    return first && last ? first : 0;
}

const char *json_enum_name(struct arena *arena, const ProtobufCEnumDescriptor *of, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(of, number);

    if (!value)
        return NULL;
    char *name = arena_string(arena, value->name + shared_prefix(of));
    for (char *at = name; *at; at++)
        *at = to_lower(*at);
    return name;
}

bool json_enum_number(const ProtobufCEnumDescriptor *of, struct text name, int *ret_number)
{
    size_t prefix = shared_prefix(of);
    char whole[NAME_MAX_BYTES];

    if (prefix + name.length >= sizeof whole)
        return false;
    memcpy(whole, of->values_by_name[0].name, prefix);
    for (size_t i = 0; i < name.length; i++) {
        if (is_upper(name.at[i]) || name.at[i] == '\0')
            return false;
        whole[prefix + i] = to_upper(name.at[i]);
    }
    whole[prefix + name.length] = '\0';
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(of, whole);
    if (!value || value->value == 0)
        return false;
    *ret_number = value->value;
    return true;
}

const char *json_enum_choices(struct arena *arena, const ProtobufCEnumDescriptor *of)
{
    const char *choices = "";

    for (unsigned i = 0; i < of->n_values; i++)
        if (of->values[i].value != 0)
            choices = arena_format(arena, "%s%s%s", choices, *choices ? ", " : "",
                                   json_enum_name(arena, of, of->values[i].value));
    return choices;
}
