/* Cookies are strangers' words: everything is checked, nothing is copied. */
#include "services/portal/domain/cookie.h"

struct text cookie_find(struct text header, const char *name)
{
    while (header.length) {
        struct text value, pair = text_trim(text_cut(header, ';', &header));
        struct text key = text_cut(pair, '=', &value);
        if (value.at && text_is(key, name))
            return value;
    }
    return NO_TEXT;
}

static bool is_plain(struct text text, size_t most)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '/' && c != '_')
            return false;
    }
    return text.length > 0 && text.length <= most;
}

static bool parse_told(struct text rest, struct position *ret_position)
{
    struct position position = { 0 };

    position.service = text_cut(rest, ':', &rest);
    position.subject = text_cut(rest, ':', &rest);
    if (!is_plain(position.service, 32) || !is_plain(position.subject, 100) ||
        !text_number(rest, &position.sequence) || position.sequence < 1)
        return false;
    *ret_position = position;
    return true;
}

bool position_is_told(struct text text)
{
    struct position unused;

    return parse_told(text, &unused);
}

bool position_parse(struct text cookie, struct position *ret_position)
{
    struct text rest, told = text_cut(cookie, '@', &rest);
    struct position position;
    timestamp until;

    if (!parse_told(told, &position) || !text_number(rest, &until))
        return false;
    position.until = until;
    *ret_position = position;
    return true;
}
