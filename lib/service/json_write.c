/* Walks a message along its descriptor and writes what is there. */
#include "lib/service/json.h"
#include "lib/service/json_enum.h"
#include "lib/service/json_writer.h"
#include "lib/service/message.h"
#include <assert.h>
#include <sodium.h>

static void write_message(struct json_writer *writer, const ProtobufCMessage *message,
                          unsigned flags);

static void write_bytes(struct json_writer *writer, const ProtobufCBinaryData *bytes)
{
    size_t size = sodium_base64_ENCODED_LEN(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *room = writer_quoted(writer, size - 1);
    char after = room[size - 1];

    /* The codec ends with a NUL, where the closing quote stands. */
    sodium_bin2base64(room, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    room[size - 1] = after;
}

static void write_enum(struct json_writer *writer, const ProtobufCEnumDescriptor *of, int number)
{
    const char *name = json_enum_name(writer->arena, of, number);

    if (name)
        writer_string(writer, text_of(name));
    else
        writer_integer(writer, number);
}

static void write_value(struct json_writer *writer, const ProtobufCFieldDescriptor *field,
                        const void *slot, unsigned flags)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        writer_string(writer, text_of(*(const char *const *)slot));
        break;
    case PROTOBUF_C_TYPE_BYTES:
        write_bytes(writer, slot);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        writer_word(writer, *(const protobuf_c_boolean *)slot ? "true" : "false");
        break;
    case PROTOBUF_C_TYPE_ENUM:
        write_enum(writer, field->descriptor, *(const int *)slot);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
        writer_float(writer, *(const float *)slot);
        break;
    case PROTOBUF_C_TYPE_DOUBLE:
        writer_double(writer, *(const double *)slot);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        write_message(writer, *(ProtobufCMessage *const *)slot, flags);
        break;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        writer_unsigned(writer, *(const uint32_t *)slot);
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        writer_unsigned(writer, *(const uint64_t *)slot);
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        writer_integer(writer, *(const int64_t *)slot);
        break;
    default:
        writer_integer(writer, *(const int32_t *)slot);
    }
}

static bool is_default(ProtobufCType type, const void *slot)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
        return text_of(*(const char *const *)slot).length == 0;
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)slot)->len == 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return !*(ProtobufCMessage *const *)slot;
    case PROTOBUF_C_TYPE_FLOAT:
        return *(const float *)slot == 0;
    case PROTOBUF_C_TYPE_DOUBLE:
        return *(const double *)slot == 0;
    default:
        return message_element_size(type) == sizeof(uint32_t) ? *(const uint32_t *)slot == 0
                                                              : *(const uint64_t *)slot == 0;
    }
}

static bool is_written(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                       unsigned flags)
{
    const char *base = (const char *)message;
    bool is_member = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;

    assert(field->label != PROTOBUF_C_LABEL_OPTIONAL); /* proto2 */
    /* First, because the members share their bytes. */
    if (is_member && *(const int *)(base + field->quantifier_offset) != (int)field->id)
        return false;
    if (!is_default(field->type, base + field->offset))
        return true;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->type == PROTOBUF_C_TYPE_ENUM)
        return false;
    return is_member || flags & JSON_WRITE_ALL;
}

static void write_list(struct json_writer *writer, const ProtobufCMessage *message,
                       const ProtobufCFieldDescriptor *field, unsigned flags)
{
    const char *base = (const char *)message;
    size_t count = *(const size_t *)(base + field->quantifier_offset);
    const char *slots = *(const char *const *)(base + field->offset);
    size_t size = message_element_size(field->type);

    if (count == 0 && !(flags & JSON_WRITE_ALL))
        return;
    writer_key(writer, field->name);
    writer_open(writer, '[');
    for (size_t i = 0; i < count; i++) {
        writer_element(writer);
        write_value(writer, field, slots + i * size, flags);
    }
    writer_close(writer, ']');
}

static void write_message(struct json_writer *writer, const ProtobufCMessage *message,
                          unsigned flags)
{
    const ProtobufCMessageDescriptor *of = message->descriptor;

    writer_open(writer, '{');
    for (unsigned i = 0; i < of->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &of->fields[i];
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            write_list(writer, message, field, flags);
        } else if (is_written(message, field, flags)) {
            writer_key(writer, field->name);
            write_value(writer, field, (const char *)message + field->offset, flags);
        }
    }
    writer_close(writer, '}');
}

struct text json_write(struct arena *arena, const ProtobufCMessage *message, unsigned flags)
{
    struct json_writer writer = { .arena = arena, .is_pretty = flags & JSON_WRITE_PRETTY };

    write_message(&writer, message, flags);
    return writer_text(&writer);
}
