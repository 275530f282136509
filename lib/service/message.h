/* Messages as bytes: what comes from outside is checked before protobuf-c unpacks it, because
 * protobuf-c itself has no limit of depth and cuts strings at a NUL without a word. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/error.h"
#include <protobuf-c/protobuf-c.h>

enum {
    MESSAGE_BYTES_MAX = 256 * 1024,
    MESSAGE_DEPTH_MAX = 32, /* levels of messages inside each other, the outermost included */
};

/* Memory from `arena`; giving back does nothing. Never call free_unpacked on what it filled. */
ProtobufCAllocator arena_allocator(struct arena *arena);

/* Decodes `bytes` into `arena`. Afterwards every string, at any depth, is UTF-8 without NUL and
 * every number is finite. Fields that `of` does not know are kept. REJECTED (TOO_LARGE, MALFORMED,
 * with the field's name where there is one) otherwise; `ret_message` is then untouched. */
struct error message_unpack(struct arena *arena, const ProtobufCMessageDescriptor *of,
                            struct text bytes, ProtobufCMessage **ret_message);

/* The same for bytes that this service packed itself and kept: they may be as many as they are. */
struct error message_unpack_kept(struct arena *arena, const ProtobufCMessageDescriptor *of,
                                 struct text bytes, ProtobufCMessage **ret_message);

/* The bytes live in `arena`. The same message gives the same bytes. */
struct text message_pack(struct arena *arena, const ProtobufCMessage *message);

/* Bytes of one element in a repeated field's array, as protobuf-c lays it out. */
size_t message_element_size(ProtobufCType type);
