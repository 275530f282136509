/* Writes mail the way RFC 5322, 2045 and 2047 want it; a calendar part as in RFC 6047. */
#include "services/notifications/domain/mail_message.h"
#include "lib/base/growing_text.h"
#include "lib/domain/calendar.h"
#include <assert.h>
#include <string.h>

enum { LINE_BYTES = 57, WORD_BYTES = 39 }; /* 76 and 52 signs of base64; a header is 78 wide */

static void grow_base64(struct growing_text *mail, struct text bytes)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)bytes.at;

    for (size_t i = 0; i < bytes.length; i += 3) {
        size_t left = bytes.length - i;
        unsigned word = (unsigned)at[i] << 16 | (left > 1 ? (unsigned)at[i + 1] << 8 : 0U) |
                        (left > 2 ? (unsigned)at[i + 2] : 0U);
        char four[5] = { signs[word >> 18], signs[word >> 12 & 63],
                         left > 1 ? signs[word >> 6 & 63] : '=', left > 2 ? signs[word & 63] : '=',
                         '\0' };
        grow_string(mail, four);
    }
}

static void grow_base64_lines(struct growing_text *mail, const char *string)
{
    struct text rest = text_of(string);

    while (rest.length) {
        size_t length = rest.length < LINE_BYTES ? rest.length : LINE_BYTES;
        grow_base64(mail, (struct text){ rest.at, length });
        grow_string(mail, "\r\n");
        rest = (struct text){ rest.at + length, rest.length - length };
    }
}

static bool is_plain(const char *string)
{
    for (; *string; string++)
        if (*string < ' ' || *string > '~')
            return false;
    return true;
}

/* Encoded words of at most 75 signs that never part a letter's bytes (RFC 2047, 5). */
static void grow_words(struct growing_text *mail, const char *string)
{
    struct text rest = text_of(string);

    if (is_plain(string)) {
        grow_string(mail, string);
        return;
    }
    while (rest.length) {
        size_t length = rest.length < WORD_BYTES ? rest.length : WORD_BYTES;
        while (length < rest.length && (rest.at[length] & 0xC0) == 0x80)
            length--;
        grow_string(mail, "=?UTF-8?B?");
        grow_base64(mail, (struct text){ rest.at, length });
        grow_string(mail, "?=");
        rest = (struct text){ rest.at + length, rest.length - length };
        if (rest.length)
            grow_string(mail, "\r\n ");
    }
}

static void grow_header(struct growing_text *mail, const char *name, const char *value)
{
    grow_string(mail, name);
    grow_string(mail, ": ");
    grow_string(mail, value);
    grow_string(mail, "\r\n");
}

static const char *date_header(struct arena *arena, timestamp at)
{
    static const char *const days[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct civil local = civil_from_timestamp(at);

    return arena_format(arena, "%s, %02d %s %04d %02d:%02d:%02d +0%d00", days[local.weekday],
                        local.day, months[local.month], local.year, local.hour, local.minute,
                        local.second, (int)(warsaw_offset_ms(at) / HOURS(1)));
}

static void grow_headers(struct growing_text *mail, const struct mail *of)
{
    grow_string(mail, "From: ");
    grow_words(mail, of->from_name);
    grow_string(mail, string_empty(of->from_name) ? "<" : " <");
    grow_string(mail, of->from);
    grow_string(mail, ">\r\n");
    grow_header(mail, "To", arena_format(mail->arena, "<%s>", of->to));
    grow_string(mail, "Subject: ");
    grow_words(mail, of->subject);
    grow_string(mail, "\r\n");
    grow_header(mail, "Date", date_header(mail->arena, of->at));
    grow_header(mail, "Message-ID", arena_format(mail->arena, "<%s>", of->message_id));
    grow_header(mail, "Auto-Submitted", "auto-generated"); /* RFC 3834: no vacation answers */
    grow_header(mail, "MIME-Version", "1.0");
}

static void grow_part(struct growing_text *mail, const char *type, const char *body)
{
    grow_header(mail, "Content-Type", type);
    grow_header(mail, "Content-Transfer-Encoding", "base64");
    grow_string(mail, "\r\n");
    grow_base64_lines(mail, body);
}

struct text mail_message(struct arena *arena, const struct mail *mail)
{
    struct growing_text whole = { .arena = arena };
    static const char *const plain = "text/plain; charset=utf-8";

    assert(mail_address_valid(mail->from) && mail_address_valid(mail->to));
    assert(mail_address_valid(mail->message_id));
    grow_headers(&whole, mail);
    if (!mail->calendar) {
        grow_part(&whole, plain, mail->text);
        return grown(&whole);
    }
    /* Base64 has neither '-' nor '_', so no body holds the boundary. */
    static const char *const boundary = "=_majster";
    grow_header(&whole, "Content-Type",
                arena_format(arena, "multipart/alternative; boundary=\"%s\"", boundary));
    grow_string(&whole, arena_format(arena, "\r\n--%s\r\n", boundary));
    grow_part(&whole, plain, mail->text);
    grow_string(&whole, arena_format(arena, "--%s\r\n", boundary));
    grow_part(&whole,
              arena_format(arena, "text/calendar; charset=utf-8; method=%s; name=\"wizyta.ics\"",
                           mail->calendar_method),
              mail->calendar);
    grow_string(&whole, arena_format(arena, "--%s--\r\n", boundary));
    return grown(&whole);
}

bool mail_address_valid(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    size_t length = address ? strlen(address) : 0;

    if (!at || at == address || !at[1] || strchr(at + 1, '@') || length > 254)
        return false;
    for (const char *sign = address; *sign; sign++)
        if (*sign <= ' ' || *sign > '~' || strchr("\"(),:;<>[\\]", *sign))
            return false;
    return address[0] != '-' && at[1] != '.' && address[length - 1] != '.';
}

bool mail_address_split(struct arena *arena, const char *whole, const char **ret_name,
                        const char **ret_address)
{
    struct text after;
    struct text name = text_trim(text_cut(text_of(whole), '<', &after));
    struct text address = name;

    if (after.at) {
        struct text rest;
        address = text_cut(after, '>', &rest);
        if (!rest.at || rest.length)
            return false;
    } else {
        name = NO_TEXT;
    }
    char *kept = arena_text(arena, address);
    if (!mail_address_valid(kept))
        return false;
    *ret_name = arena_text(arena, name);
    *ret_address = kept;
    return true;
}
