/* Is it a picture, of which kind, how large? Reads outside bytes: JPEG (ITU-T T.81) and PNG (W3C)
 * headers only; the picture itself is never decoded here. */
#pragma once
#include "lib/base/text.h"

enum { PIXELS_MOST = 40 * 1000 * 1000 };

enum image_kind { IMAGE_NONE, IMAGE_JPEG, IMAGE_PNG };

struct image_header {
    enum image_kind kind;
    int64_t width, height; /* from 1 */
};

enum image_verdict {
    IMAGE_GOOD,
    IMAGE_UNKNOWN,   /* begins like neither */
    IMAGE_BROKEN,    /* begins like one, but its header does not hold together */
    IMAGE_TOO_LARGE, /* more than PIXELS_MOST */
};

/* `ret_header` is untouched unless IMAGE_GOOD. */
enum image_verdict image_header_read(struct text bytes, struct image_header *ret_header);
const char *image_media_type(enum image_kind kind); /* "image/jpeg", "image/png"; "" for none */
