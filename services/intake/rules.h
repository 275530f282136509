/* What each request of intake must be like; the parser, its errors and OpenAPI follow this table.
 */
#pragma once
#include "lib/service/json.h"

extern const struct message_rules intake_rules[];
