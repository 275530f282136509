/* Enums as JSON spells them: CHANNEL_API of enum Channel is "api". When one value lacks the type's
 * prefix, all names of that enum stay whole. */
#pragma once
#include "lib/base/arena.h"
#include <protobuf-c/protobuf-c.h>

/* NULL when the number has no name. */
const char *json_enum_name(struct arena *arena, const ProtobufCEnumDescriptor *of, int number);
/* False for an unknown name, one in capitals, and the name of 0 (unspecified). */
bool json_enum_number(const ProtobufCEnumDescriptor *of, struct text name, int *ret_number);
/* Like "api, mail, phone", without the name of 0. */
const char *json_enum_choices(struct arena *arena, const ProtobufCEnumDescriptor *of);
