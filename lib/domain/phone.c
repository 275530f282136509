/* Normalises Polish numbers by the national numbering plan (UKE; the same ranges as E.164 country
 * 48 in libphonenumber). */
#include "lib/domain/phone.h"
#include <string.h>

enum { NATIONAL = 9, LONGEST = 15 };

/* By the first two digits. */
static const char mobile_ranges[][3] = { "45", "50", "51", "53", "57", "60", "66",
                                         "69", "72", "73", "78", "79", "88" };
static const char landline_ranges[][3] = {
    "12", "13", "14", "15", "16", "17", "18", "22", "23", "24", "25", "26", "29",
    "32", "33", "34", "39", "41", "42", "43", "44", "46", "47", "48", "52", "54",
    "55", "56", "58", "59", "61", "62", "63", "65", "67", "68", "71", "74", "75",
    "76", "77", "81", "82", "83", "84", "85", "86", "87", "89", "91", "94", "95",
};

static bool has_range(const char ranges[][3], size_t count, const char *digits)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(ranges[i], digits, 2) == 0)
            return true;
    return false;
}

static enum phone_kind kind_of(const char *digits)
{
    if (has_range(mobile_ranges, sizeof mobile_ranges / sizeof mobile_ranges[0], digits))
        return PHONE_MOBILE;
    if (has_range(landline_ranges, sizeof landline_ranges / sizeof landline_ranges[0], digits))
        return PHONE_LANDLINE;
    return PHONE_INVALID;
}

/* Keeps the digits; false on any sign that does not belong to a number. */
static bool keep_digits(struct text text, char digits[LONGEST], size_t *ret_count)
{
    size_t count = 0;

    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            if (count == LONGEST)
                return false;
            digits[count++] = c;
        } else if (!c || !strchr(" -().,/", c)) {
            return false;
        }
    }
    *ret_count = count;
    return true;
}

struct phone phone_parse(struct text text)
{
    struct phone phone = { .kind = PHONE_INVALID };
    char digits[LONGEST];
    size_t count = 0, skip = 0;

    text = text_trim(text);
    bool plus = text_starts(text, "+");
    if (plus)
        text = (struct text){ text.at + 1, text.length - 1 };
    if (!keep_digits(text, digits, &count))
        return phone;
    if (!plus && count == NATIONAL + 4 && memcmp(digits, "0048", 4) == 0)
        skip = 4;
    else if (count == NATIONAL + 2 && memcmp(digits, "48", 2) == 0)
        skip = 2;
    else if (!plus && count == NATIONAL + 1 && digits[0] == '0')
        skip = 1; /* the trunk prefix, gone since 2010 but still written */
    if (count - skip != NATIONAL || (plus && skip == 0))
        return phone;
    phone.kind = kind_of(digits + skip);
    if (phone.kind != PHONE_INVALID) {
        memcpy(phone.e164, "+48", 3);
        memcpy(phone.e164 + 3, digits + skip, NATIONAL);
    }
    return phone;
}
