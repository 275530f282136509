/* What a browser brings along: cookies, and the position that a form's answer left in one. */
#pragma once
#include "lib/base/text.h"
#include "lib/base/time.h"

/* The value of the cookie `name` in a Cookie header (RFC 6265, 5.4), the first of that name;
 * NO_TEXT when there is none. Borrowed from `header`. */
struct text cookie_find(struct text header, const char *name);

/* "matching:<subject>:12@<machine time>": wait until that service's facts about the subject have
 * been heard up to 12, but no longer than `until`. */
struct position {
    struct text service, subject;
    int64_t sequence;
    timestamp until;
};
/* False (ret untouched) on anything that is not such a position: a cookie is a stranger's word. */
bool position_parse(struct text cookie, struct position *ret_position);
/* Whether `text` is a position as owners tell it, "service:subject:sequence", safe in a cookie. */
bool position_is_told(struct text text);
