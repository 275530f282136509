/* The one plain format of a mailed order: "Pole: wartość" lines, Polish names, in any order
 * (README.md). Nothing is guessed: what is missing or unknown sends the mail to a person. */
#pragma once
#include "lib/base/arena.h"

enum mail_field {
    MAIL_CONTRACT,
    MAIL_REFERENCE,
    MAIL_POLICY,
    MAIL_SERVICE,
    MAIL_FIRST_NAME,
    MAIL_LAST_NAME,
    MAIL_PHONE,
    MAIL_EMAIL,
    MAIL_STREET,
    MAIL_HOUSE,
    MAIL_FLAT,
    MAIL_POSTCODE,
    MAIL_TOWN,
    MAIL_DISTRICT,
    MAIL_DESCRIPTION,
    MAIL_FIELDS,
};

struct mail_order {
    const char *fields[MAIL_FIELDS]; /* "" when absent */
};

enum mail_verdict { MAIL_READ, MAIL_MISSING, MAIL_DOUBLED, MAIL_NO_ORDER };

/* `ret_field`: the missing or doubled one. Unknown lines are passed over (greetings, footers); a
 * quoted earlier mail ("> …") is not read. MAIL_NO_ORDER: fewer than three known fields. */
enum mail_verdict read_mail(struct arena *arena, struct text body, struct mail_order *ret_order,
                            enum mail_field *ret_field);
const char *mail_field_name(enum mail_field field); /* "Numer szkody" */
