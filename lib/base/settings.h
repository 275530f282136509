/* Settings are a table, read from the environment once, at the start. A value out of range, or an
 * unknown name with the service's own prefix, refuses to start. Secrets come from NAME_FILE. */
#pragma once
#include "lib/base/error.h"
#include <stdbool.h>
#include <stdint.h>

struct setting {
    const char *name;
    int64_t *target; /* a number; NULL when it is a text */
    int64_t fallback, min, max;
    const char *help;
    const char **text; /* a text; the value lives as long as the process */
    const char *text_fallback;
    bool is_secret; /* NAME_FILE is read instead of NAME; never printed */
};

/* Fills the targets of `settings` (ends with a row without name). `prefix` like "MATCHING_": a name
 * in the environment that begins so and is in neither table is an error; `others` may be NULL. */
struct error settings_read(const struct setting settings[], const struct setting others[],
                           const char *prefix);
/* FATAL when the file that setting `name` names cannot be read; none named is fine. */
struct error setting_file_check(const char *name, const char *path);
