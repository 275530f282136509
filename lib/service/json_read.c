/* Walks a parsed JSON text along a message's descriptor and fills the message; every field that
 * does not fit becomes a violation, and the walk goes on. */
#include "lib/service/json_reader.h"
#include "lib/service/message.h"
#include <assert.h>
#include <string.h>

static const struct rule_node no_rules;

static void read_object(struct reader *reader, const struct item *item, ProtobufCMessage *message);

static void read_value(struct reader *reader, const struct item *item)
{
    const ProtobufCMessageDescriptor *of = item->field->descriptor;

    if (item->field->type != PROTOBUF_C_TYPE_MESSAGE) {
        reader_read_scalar(reader, item);
        return;
    }
    ProtobufCMessage *message = arena_alloc(reader->arena, of->sizeof_message);
    protobuf_c_message_init(of, message);
    read_object(reader, item, message);
    *(ProtobufCMessage **)item->slot = message;
}

static void read_list(struct reader *reader, const struct item *list, const struct rule_node *node,
                      size_t *ret_count)
{
    static const struct measure elements = { "length", "Dozwolona liczba pozycji" };
    size_t count = json_array_size(list->value), size = message_element_size(list->field->type);

    if (!json_is_array(list->value)) {
        reader_expected(reader, list, "lista");
        return;
    }
    if (count == 0)
        return;
    rule_check_amount(reader, &list->place, list->check, (int64_t)count, &elements);
    char *slots = arena_alloc(reader->arena, count * size);
    for (size_t i = 0; i < count && !reader_is_full(reader); i++)
        read_value(reader, &(struct item){ .place = { .parent = &list->place, .index = i },
                                           .field = list->field,
                                           .check = &node->element,
                                           .below = node->fields,
                                           .value = json_array_get(list->value, i),
                                           .slot = slots + i * size });
    *(void **)list->slot = slots;
    *ret_count = count;
}

static bool is_same_oneof(const ProtobufCFieldDescriptor *a, const ProtobufCFieldDescriptor *b)
{
    return a->flags & b->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
           a->quantifier_offset == b->quantifier_offset;
}

static const char *name_members(struct arena *arena, const ProtobufCMessageDescriptor *of,
                                const ProtobufCFieldDescriptor *member)
{
    const char *names = "";

    for (unsigned i = 0; i < of->n_fields; i++)
        if (is_same_oneof(&of->fields[i], member))
            names = arena_format(arena, "%s%s%s", names, *names ? ", " : "", of->fields[i].name);
    return names;
}

static bool is_given(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);

    if (text)
        return strspn(text, " \t\r\n") < json_string_length(value);
    return value && !json_is_null(value) && (!json_is_array(value) || json_array_size(value) > 0);
}

/* True when it is there. */
static bool require(struct reader *reader, const struct item *item, const json_t *object,
                    const ProtobufCMessageDescriptor *of)
{
    const char *says = item->check->rule->says;
    bool is_member = item->field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
    bool is_there = is_given(object, item->field->name);

    for (unsigned i = 0; is_member && i < of->n_fields; i++)
        is_there |=
            is_same_oneof(&of->fields[i], item->field) && is_given(object, of->fields[i].name);
    if (is_there)
        return true;
    if (!says && is_member)
        says = arena_format(reader->arena, "Podaj jedno z pól: %s",
                            name_members(reader->arena, of, item->field));
    reader_violate(reader, &item->place, "required", says ? says : "To pole jest wymagane");
    return false;
}

/* False when another member of the field's oneof came before. */
static bool claim_oneof(struct reader *reader, const struct item *item, ProtobufCMessage *message)
{
    int *which = (int *)((char *)message + item->field->quantifier_offset);

    if (!(item->field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return true;
    if (*which != 0) {
        reader_violate(reader, &item->place, "oneof",
                       arena_format(reader->arena, "Można podać tylko jedno z pól: %s",
                                    name_members(reader->arena, message->descriptor, item->field)));
        return false;
    }
    *which = (int)item->field->id;
    return true;
}

static void read_field(struct reader *reader, const struct item *item, json_t *object,
                       const struct rule_node *node, ProtobufCMessage *message)
{
    const struct rule *rule = item->check->rule;

    if (rule && rule->flags & RULE_REQUIRED && !require(reader, item, object, message->descriptor))
        return;
    if (!item->value || json_is_null(item->value) || !claim_oneof(reader, item, message))
        return;
    if (item->field->label == PROTOBUF_C_LABEL_REPEATED)
        read_list(reader, item, node, (size_t *)((char *)message + item->field->quantifier_offset));
    else
        read_value(reader, item);
}

static void tell_unknown(struct reader *reader, const struct spot *place, json_t *object,
                         const ProtobufCMessageDescriptor *of)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        if (protobuf_c_message_descriptor_get_field_by_name(of, key))
            continue;
        const char *says = arena_format(reader->arena, "Nieznane pole: %s",
                                        text_excerpt(reader->arena, text_of(key), NAME_SHOWN));
        /* A pointer with a name that was cut would point nowhere. */
        struct spot unknown = { .parent = place, .name = key };
        reader_violate(reader, strlen(key) <= NAME_SHOWN ? &unknown : place, "unknown", says);
        if (reader_is_full(reader))
            return;
    }
}

static void read_fields(struct reader *reader, const struct item *outer, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *of = message->descriptor;
    size_t known = 0;

    for (unsigned i = 0; i < of->n_fields; i++) {
        const struct rule_node *node = outer->below ? &outer->below[i] : &no_rules;
        struct item item = { .place = { .parent = &outer->place, .name = of->fields[i].name },
                             .field = &of->fields[i],
                             .check = &node->whole,
                             .below = node->fields,
                             .value = json_object_get(outer->value, of->fields[i].name),
                             .slot = (char *)message + of->fields[i].offset };
        assert(item.field->label != PROTOBUF_C_LABEL_OPTIONAL); /* proto2 */
        known += item.value != NULL;
        read_field(reader, &item, outer->value, node, message);
    }
    if (known < json_object_size(outer->value) && !reader->ignores_unknown)
        tell_unknown(reader, &outer->place, outer->value, of);
}

static void read_object(struct reader *reader, const struct item *item, ProtobufCMessage *message)
{
    if (!json_is_object(item->value)) {
        reader_expected(reader, item, "obiekt");
        return;
    }
    if (reader->depth == MESSAGE_DEPTH_MAX) {
        reader_violate(reader, &item->place, "depth", "Zbyt głębokie zagnieżdżenie");
        return;
    }
    reader->depth++;
    read_fields(reader, item, message);
    reader->depth--;
}

static struct error refuse(enum problem problem, const ProtobufCMessageDescriptor *of,
                           const struct violations *violations)
{
    const struct violation *first = &violations->at[0];

    return rejected(problem, first->pointer, "read %s: %s at \"%s\", %zu in all", of->name,
                    first->rule, first->pointer, violations->count);
}

static struct error too_large(const ProtobufCMessageDescriptor *of, size_t size)
{
    return rejected(PROBLEM_TOO_LARGE, NULL, "read %s: %zu bytes, at most %d", of->name, size,
                    MESSAGE_BYTES_MAX);
}

struct error json_read(struct arena *arena, const struct json_shape *shape, struct text json,
                       ProtobufCMessage **ret_message, struct violations *ret_violations)
{
    struct reader reader = { .arena = arena,
                             .violations = ret_violations,
                             .ignores_unknown = shape->ignores_unknown };
    enum problem problem = PROBLEM_INVALID;

    ret_violations->count = 0;
    if (json.length > MESSAGE_BYTES_MAX)
        return too_large(shape->of, json.length);
    json_auto_t *root = json_parse(&reader, json, &problem);
    if (!root)
        return refuse(problem, shape->of, ret_violations);
    ProtobufCMessage *message = arena_alloc(arena, shape->of->sizeof_message);
    protobuf_c_message_init(shape->of, message);
    read_object(&reader, &(struct item){ .below = shape->nodes, .value = root }, message);
    if (ret_violations->count)
        return refuse(problem, shape->of, ret_violations);
    /* "0," of a list can become eight bytes of a double, nothing grows more. */
    if (json.length > MESSAGE_BYTES_MAX / 4) {
        size_t size = protobuf_c_message_get_packed_size(message);
        if (size > MESSAGE_BYTES_MAX)
            return too_large(shape->of, size);
    }
    *ret_message = message;
    return OK;
}
