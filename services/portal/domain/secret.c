/* Shapes only; whether a token is good is in the tables. */
#include "services/portal/domain/secret.h"
#include "lib/base/array.h"

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_url_safe(struct text text, size_t length)
{
    if (text.length != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_letter_or_digit(text.at[i]) && text.at[i] != '-' && text.at[i] != '_')
            return false;
    return true;
}

bool is_account_token(struct text text)
{
    if (!text_starts(text, "tk_"))
        return false;
    return is_url_safe((struct text){ text.at + 3, text.length - 3 }, ACCOUNT_TOKEN_LENGTH - 3);
}

bool is_link_token(struct text text)
{
    return is_url_safe(text, LINK_TOKEN_LENGTH);
}

struct text bearer_token(struct text authorization)
{
    static const char scheme[] = "bearer ";
    const size_t length = COUNT(scheme) - 1;

    if (authorization.length <= length)
        return NO_TEXT;
    for (size_t i = 0; i < length; i++)
        if ((authorization.at[i] | 0x20) != scheme[i])
            return NO_TEXT;
    return text_trim((struct text){ authorization.at + length, authorization.length - length });
}

bool is_account_id(struct text id)
{
    for (size_t i = 0; i < id.length; i++) {
        char c = id.at[i];
        if (!is_letter_or_digit(c) && c != '.' && c != '-' && c != '_')
            return false;
    }
    return id.length > 0 && id.length < 64;
}

bool is_own_form(struct text sec_fetch_site)
{
    return !sec_fetch_site.length || text_is(sec_fetch_site, "same-origin") ||
           text_is(sec_fetch_site, "none");
}
