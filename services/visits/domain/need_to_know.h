/* When a technician may see whom he visits: from the first moment of the day before (Warsaw) until
 * 24 hours after the planned work ends. */
#pragma once
#include "lib/domain/window.h"
#include "services/visits/domain/course.h"

struct window need_to_know(const struct course *course);
