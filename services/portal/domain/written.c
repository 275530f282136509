/* Splitting is all; whether the pieces are good is intake's to say. */
#include "services/portal/domain/written.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Cuts the last word off. */
static struct text last_word(struct text *rest)
{
    struct text whole = text_trim(*rest);
    size_t at = whole.length;

    while (at > 0 && whole.at[at - 1] != ' ')
        at--;
    *rest = text_trim((struct text){ whole.at, at });
    return (struct text){ whole.at + at, whole.length - at };
}

bool name_split(struct text written, struct text *ret_first, struct text *ret_last)
{
    struct text last, first = text_cut(text_trim(written), ' ', &last);

    last = text_trim(last);
    if (!first.length || !last.length)
        return false;
    *ret_first = first;
    *ret_last = last;
    return true;
}

static bool says_flat(struct text word)
{
    return text_is(word, "m") || text_is(word, "m.") || text_is(word, "lok.") ||
           text_is(word, "lok") || text_is(word, "mieszkanie") || text_is(word, "/");
}

bool street_split(struct text written, struct street *ret_street)
{
    struct street found = { .flat = NO_TEXT };
    struct text rest = written, before;

    found.house = last_word(&rest);
    before = rest;
    if (says_flat(last_word(&before))) {
        found.flat = found.house;
        found.house = last_word(&before);
        rest = before;
    }
    struct text behind_slash, number = text_cut(found.house, '/', &behind_slash);
    if (behind_slash.length && !found.flat.length) {
        found.flat = behind_slash;
        found.house = number;
    }
    found.street = rest;
    if (!found.house.length || !is_digit(found.house.at[0]) || !found.street.length)
        return false;
    *ret_street = found;
    return true;
}

bool town_split(struct text written, struct text *ret_postcode, struct text *ret_town)
{
    struct text town, postcode = text_cut(text_trim(written), ' ', &town);

    town = text_trim(town);
    if (postcode.length != 6 || postcode.at[2] != '-' || !town.length)
        return false;
    for (size_t i = 0; i < postcode.length; i++)
        if (i != 2 && !is_digit(postcode.at[i]))
            return false;
    *ret_postcode = postcode;
    *ret_town = town;
    return true;
}

bool quantity_parse(struct text written, int64_t *ret_thousandths)
{
    struct text text = text_trim(written);
    int64_t whole = 0, part = 0, unit = 1000;
    size_t i = 0;

    for (; i < text.length && is_digit(text.at[i]); i++) {
        whole = whole * 10 + (text.at[i] - '0');
        if (whole > 1000000)
            return false;
    }
    bool has_part = i > 0 && i < text.length && (text.at[i] == ',' || text.at[i] == '.');
    if (has_part)
        for (i++; i < text.length && is_digit(text.at[i]) && unit > 1; i++) {
            unit /= 10;
            part += (text.at[i] - '0') * unit;
        }
    if (i == 0 || i != text.length || (has_part && unit == 1000) || whole * 1000 + part == 0)
        return false;
    *ret_thousandths = whole * 1000 + part;
    return true;
}

const char *quantity_text(struct arena *arena, int64_t thousandths)
{
    char *text = arena_format(arena, "%lld,%03lld", (long long)(thousandths / 1000),
                              (long long)(thousandths % 1000));
    size_t length = text_of(text).length;

    while (text[length - 1] == '0')
        text[--length] = '\0';
    if (text[length - 1] == ',')
        text[--length] = '\0';
    return text;
}
