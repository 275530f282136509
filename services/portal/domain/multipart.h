/* A form with files as a browser sends it: multipart/form-data (RFC 7578). */
#pragma once
#include "lib/base/text.h"

enum { MULTIPART_PARTS_MOST = 20, MULTIPART_HEAD_MOST = 1024 };

/* All borrowed from the body. */
struct form_part {
    struct text name;
    struct text file_name; /* at is NULL when the part is no file */
    struct text type;      /* "image/jpeg"; empty when none is told */
    struct text bytes;
};
struct multipart {
    struct form_part at[MULTIPART_PARTS_MOST];
    size_t count;
};
/* False (ret untouched) on anything that is not whole: no boundary, a part without a name or
 * without its end, more parts or longer heads than above. */
bool multipart_read(struct text content_type, struct text body, struct multipart *ret_form);
/* The first part of that name; NULL when there is none. */
const struct form_part *multipart_find(const struct multipart *form, const char *name);
