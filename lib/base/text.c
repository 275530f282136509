/* Small questions about bytes with a length. */
#include "lib/base/text.h"
#include <string.h>

struct text text_of(const char *string)
{
    return string ? (struct text){ string, strlen(string) } : NO_TEXT;
}

bool text_is(struct text text, const char *string)
{
    size_t length = strlen(string);

    /* NO_TEXT is "", and memcmp may not be handed its NULL. */
    return text.length == length && (!length || memcmp(text.at, string, length) == 0);
}

bool text_starts(struct text text, const char *prefix)
{
    size_t length = strlen(prefix);

    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

struct text text_cut(struct text text, char separator, struct text *rest)
{
    const char *at = text.length ? memchr(text.at, separator, text.length) : NULL;

    if (!at) {
        *rest = NO_TEXT;
        return text;
    }
    size_t before = (size_t)(at - text.at);
    *rest = (struct text){ at + 1, text.length - before - 1 };
    return (struct text){ text.at, before };
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text text)
{
    while (text.length && is_space(text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length && is_space(text.at[text.length - 1]))
        text.length--;
    return text;
}

bool string_is(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

bool string_empty(const char *string)
{
    return !string || !string[0];
}

bool text_number(struct text text, int64_t *ret_number)
{
    bool negative = text.length && text.at[0] == '-';
    int64_t number = 0;

    if (text.length == (size_t)negative || text.length > 20)
        return false;
    for (size_t i = negative; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        int64_t digit = text.at[i] - '0';
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digit, &number))
            return false;
    }
    /* Counted downwards, because the smallest int64 has no positive twin. */
    if (!negative && number == INT64_MIN)
        return false;
    *ret_number = negative ? number : -number;
    return true;
}

/* Length of the sequence that `lead` begins, 0 when no sequence may begin so (RFC 3629). */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return lead ? 1 : 0;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* Overlong forms, surrogates and points above U+10FFFF differ in the second byte only. */
static bool second_is_allowed(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second <= 0x9F;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second <= 0x8F;
    default:
        return true;
    }
}

bool utf8_valid(struct text text)
{
    const unsigned char *at = (const unsigned char *)text.at;

    for (size_t i = 0; i < text.length;) {
        size_t length = sequence_length(at[i]);
        if (length == 0 || length > text.length - i)
            return false;
        for (size_t k = 1; k < length; k++)
            if ((at[i + k] & 0xC0) != 0x80)
                return false;
        if (length > 1 && !second_is_allowed(at[i], at[i + 1]))
            return false;
        i += length;
    }
    return true;
}

void utf8_mend(char *string)
{
    while (*string) {
        size_t length = sequence_length((unsigned char)*string);
        struct text sequence = { string, strnlen(string, length) };
        if (length && sequence.length == length && utf8_valid(sequence)) {
            string += length;
            continue;
        }
        *string++ = '?';
    }
}
