/* Templates, styles and scripts inside the binary; made by make/portal.mk. */
#pragma once
#include "lib/base/text.h"

struct embedded_file {
    const char *name; /* "templates/visit.html", "static/majster.css" */
    struct text bytes;
    const char *hash; /* the first 16 hex digits of its SHA-256 */
};
extern const struct embedded_file embedded_files[]; /* name NULL ends */
