/* One e-mail as bytes: RFC 5322 and MIME, UTF-8 in base64, CRLF line ends. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/time.h"

struct mail {
    const char *from_name, *from; /* "Majster", "kontakt@majster.example" */
    const char *to;
    const char *message_id; /* "id@domain", without brackets */
    const char *subject, *text;
    timestamp at;
    const char *calendar;        /* an .ics that goes along; NULL: none */
    const char *calendar_method; /* "REQUEST", "CANCEL" */
};

/* The addresses must be valid. The same mail gives the same bytes. */
struct text mail_message(struct arena *arena, const struct mail *mail);

/* Plain ASCII local@domain without spaces, quotes, brackets or control signs, at most 254: nothing
 * that could end a header or become a second recipient. */
bool mail_address_valid(const char *address);

/* "Majster <a@b>" or "a@b" into its two halves, in the arena; false when the address is not valid.
 */
bool mail_address_split(struct arena *arena, const char *whole, const char **ret_name,
                        const char **ret_address);
