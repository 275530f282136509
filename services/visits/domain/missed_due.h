/* When a visit to which nobody came counts as missed. */
#pragma once
#include "services/visits/domain/course.h"

/* An announced arrival is waited for, but no longer than this. */
enum { ETA_PATIENCE_MS = 60 * 60 * 1000 };

/* The promise's last moment plus `grace_ms`; who is on the way and said when he will be there has
 * until then plus `grace_ms`, at most ETA_PATIENCE_MS longer than who said nothing. */
timestamp missed_due_at(const struct course *course, int64_t grace_ms);
/* From this moment on a technician may say that the customer does not open: the customer has the
 * whole of the promise to be at home. */
timestamp absence_from(const struct course *course);
