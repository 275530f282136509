/* Walks the wire format once by descriptor, then lets protobuf-c unpack. See message.h for why. */
#include "lib/service/message.h"
#include <assert.h>
#include <math.h>
#include <string.h>

enum { VARINT = 0, FIXED_64 = 1, DELIMITED = 2, FIXED_32 = 5 };
enum { FIELDS_MAX = 256, FIELD_NUMBER_MAX = (1 << 29) - 1 };

struct cursor {
    const char *at, *end;
};

struct level {
    const ProtobufCMessageDescriptor *of;
    struct cursor rest;
    unsigned depth;
    uint64_t seen[FIELDS_MAX / 64]; /* single sub-messages that have come already */
};

struct wire_field {
    const ProtobufCFieldDescriptor *field; /* NULL: unknown */
    unsigned wire_type;
    struct text bytes; /* of a fixed or delimited value */
};

static struct error broken(const struct level *level, const ProtobufCFieldDescriptor *field,
                           const char *why)
{
    return rejected(PROBLEM_MALFORMED, field ? field->name : NULL, "unpack %s: %s%s%s",
                    level->of->name, field ? field->name : "", field ? ": " : "", why);
}

static bool take_varint(struct cursor *cursor, uint64_t *ret_number)
{
    uint64_t number = 0;

    for (unsigned shift = 0; shift < 70 && cursor->at < cursor->end; shift += 7) {
        uint64_t byte = (unsigned char)*cursor->at++;
        if (shift == 63 && byte > 1)
            return false;
        number |= (byte & 0x7F) << shift;
        if (byte < 0x80) {
            *ret_number = number;
            return true;
        }
    }
    return false;
}

static bool take_bytes(struct cursor *cursor, uint64_t length, struct text *ret_bytes)
{
    if (length > (uint64_t)(cursor->end - cursor->at))
        return false;
    *ret_bytes = (struct text){ cursor->at, (size_t)length };
    cursor->at += length;
    return true;
}

static bool take_field(struct level *level, struct wire_field *ret_field)
{
    struct wire_field taken = { 0 };
    uint64_t tag, number;

    if (!take_varint(&level->rest, &tag) || tag >> 3 == 0 || tag >> 3 > FIELD_NUMBER_MAX)
        return false;
    taken.field = protobuf_c_message_descriptor_get_field(level->of, (unsigned)(tag >> 3));
    taken.wire_type = tag & 7;
    *ret_field = taken;
    switch (taken.wire_type) {
    case VARINT:
        return take_varint(&level->rest, &number);
    case FIXED_64:
        return take_bytes(&level->rest, 8, &ret_field->bytes);
    case FIXED_32:
        return take_bytes(&level->rest, 4, &ret_field->bytes);
    case DELIMITED:
        return take_varint(&level->rest, &number) &&
               take_bytes(&level->rest, number, &ret_field->bytes);
    default:
        return false;
    }
}

/* Also holds for packed fields: one value after the other. */
static bool all_finite(ProtobufCType type, struct text bytes)
{
    size_t size = type == PROTOBUF_C_TYPE_FLOAT ? sizeof(float) : sizeof(double);

    for (size_t i = 0; i + size <= bytes.length; i += size) {
        float narrow = 0;
        double wide = 0;
        memcpy(size == sizeof narrow ? (void *)&narrow : (void *)&wide, bytes.at + i, size);
        if (!isfinite(narrow) || !isfinite(wide))
            return false;
    }
    return true;
}

/* protobuf-c merges a single sub-message that comes twice, copying all of it each time: refused,
 * because small bytes could cost gigabytes so, and none of our writers does it. */
static bool is_second(struct level *level, const ProtobufCFieldDescriptor *field)
{
    size_t index = (size_t)(field - level->of->fields);
    uint64_t bit = UINT64_C(1) << index % 64;

    assert(level->of->n_fields <= FIELDS_MAX);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return false;
    bool is_seen = level->seen[index / 64] & bit;
    level->seen[index / 64] |= bit;
    return is_seen;
}

static struct error check_level(struct level *level);

static struct error check_value(struct level *level, const struct wire_field *taken)
{
    const ProtobufCFieldDescriptor *field = taken->field;
    struct text bytes = taken->bytes;

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return utf8_valid(bytes) ? OK : broken(level, field, "not UTF-8, or has a NUL");
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return all_finite(field->type, bytes) ? OK : broken(level, field, "not a finite number");
    case PROTOBUF_C_TYPE_MESSAGE:
        if (is_second(level, field))
            return broken(level, field, "given twice");
        return check_level(&(struct level){ .of = field->descriptor,
                                            .rest = { bytes.at, bytes.at + bytes.length },
                                            .depth = level->depth + 1 });
    default:
        return OK;
    }
}

static struct error check_level(struct level *level)
{
    struct wire_field taken;

    if (level->depth > MESSAGE_DEPTH_MAX)
        return broken(level, NULL, "nested too deep");
    while (level->rest.at < level->rest.end) {
        if (!take_field(level, &taken))
            return broken(level, NULL, "bytes end or break off inside a field");
        if (taken.field && taken.wire_type != VARINT)
            TRY(check_value(level, &taken));
    }
    return OK;
}

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void leave_to_arena(void *arena, void *memory)
{
    (void)arena, (void)memory;
}

ProtobufCAllocator arena_allocator(struct arena *arena)
{
    return (ProtobufCAllocator){ allocate, leave_to_arena, arena };
}

struct error message_unpack_kept(struct arena *arena, const ProtobufCMessageDescriptor *of,
                                 struct text bytes, ProtobufCMessage **ret_message)
{
    ProtobufCAllocator allocator = arena_allocator(arena);
    const char *at = bytes.length ? bytes.at : "";
    struct level outermost = { .of = of, .rest = { at, at + bytes.length }, .depth = 1 };

    TRY(check_level(&outermost));
    ProtobufCMessage *message =
        protobuf_c_message_unpack(of, &allocator, bytes.length, (const uint8_t *)at);
    if (!message)
        return broken(&outermost, NULL, "a field's kind differs from ours");
    *ret_message = message;
    return OK;
}

struct error message_unpack(struct arena *arena, const ProtobufCMessageDescriptor *of,
                            struct text bytes, ProtobufCMessage **ret_message)
{
    if (bytes.length > MESSAGE_BYTES_MAX)
        return rejected(PROBLEM_TOO_LARGE, NULL, "unpack %s: %zu bytes, at most %d", of->name,
                        bytes.length, MESSAGE_BYTES_MAX);
    return message_unpack_kept(arena, of, bytes, ret_message);
}

struct text message_pack(struct arena *arena, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(arena, size ? size : 1);
    size_t written = protobuf_c_message_pack(message, bytes);

    assert(written == size);
    return (struct text){ (const char *)bytes, written };
}

size_t message_element_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(int);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return sizeof(uint32_t);
    default:
        return sizeof(uint64_t);
    }
}
