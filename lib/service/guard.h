/* Which turn killed the process: its id stands in a small file, mapped, while it runs. Who has died
 * of the same turn three times within an hour does not run it a fourth time. */
#pragma once
#include "lib/base/error.h"
#include "lib/base/time.h"
#include <stdbool.h>

enum { GUARD_DEATHS_MOST = 3 };

/* Opens or makes the file; a turn that still stands in it has killed the last process. TEMPORARY
 * when the file cannot be mapped: everything else then works without. One per process. */
struct error guard_open(const char *path, timestamp machine_now);
/* Between the two the turn runs; ids longer than 100 bytes are cut. Both do nothing without a file.
 */
void guard_enter(const char *id);
void guard_leave(void);
bool guard_is_deadly(const char *id, timestamp machine_now);
/* The turn was put aside: if somebody brings it back, it may try again. */
void guard_forgive(const char *id);
