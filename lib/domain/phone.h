/* Polish telephone numbers in one form, E.164: "+48" and nine digits. */
#pragma once
#include "lib/base/text.h"

enum phone_kind {
    PHONE_INVALID,
    PHONE_MOBILE,   /* takes SMS */
    PHONE_LANDLINE, /* voice only: geographic, VoIP (39) and government (26, 47) numbers */
};

struct phone {
    char e164[13]; /* "+48501234567"; "" when invalid */
    enum phone_kind kind;
};

/* Reads how people write it: "501 234 567", "+48 (22) 123-45-67", "0048…", "0-22 …". Premium,
 * shared-cost and free numbers (70, 80), short ones and other countries' are PHONE_INVALID. */
struct phone phone_parse(struct text text);
