/* Grosze to text and back, and the one rounding rule. */
#include "lib/domain/money.h"
#include <inttypes.h>

static bool take(struct text *text, const char *start)
{
    if (!text_starts(*text, start))
        return false;
    size_t length = text_of(start).length;
    *text = (struct text){ text->at + length, text->length - length };
    return true;
}

static bool take_space(struct text *text)
{
    return take(text, " ") || take(text, "\u00a0") || take(text, "\u202f");
}

/* Takes the digits in front; false when there are fewer than `least` or the number overflows. */
static bool take_digits(struct text *text, size_t least, size_t *ret_count, int64_t *number)
{
    size_t count = 0;

    while (count < text->length && text->at[count] >= '0' && text->at[count] <= '9') {
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, text->at[count] - '0', number))
            return false;
        count++;
    }
    *text = (struct text){ text->at + count, text->length - count };
    *ret_count = count;
    return count >= least;
}

/* Whole złote: "1234" or "1 234 567". */
static bool take_zlote(struct text *text, int64_t *zlote)
{
    size_t count;

    if (!take_digits(text, 1, &count, zlote))
        return false;
    while (count <= 3) {
        struct text group = *text;
        size_t group_count;
        if (!take_space(&group) || !group.length || group.at[0] < '0' || group.at[0] > '9')
            return true;
        if (!take_digits(&group, 3, &group_count, zlote) || group_count != 3)
            return false;
        *text = group;
    }
    return true;
}

/* What stands after the comma: one digit means tens of grosze. */
static bool take_cents(struct text *text, int64_t *cents)
{
    size_t count;

    if (!take(text, ",") && !take(text, "."))
        return true;
    if (!take_digits(text, 1, &count, cents) || count > 2)
        return false;
    if (count == 1)
        *cents *= 10;
    return true;
}

bool money_parse(struct text text, int64_t *ret_grosz)
{
    int64_t zlote = 0, cents = 0, grosz;

    text = text_trim(text);
    bool negative = take(&text, "-");
    if (!take_zlote(&text, &zlote) || !take_cents(&text, &cents))
        return false;
    take_space(&text);
    if (!take(&text, "zł"))
        take(&text, "PLN");
    if (text.length || __builtin_mul_overflow(zlote, 100, &grosz) ||
        __builtin_add_overflow(grosz, cents, &grosz))
        return false;
    *ret_grosz = negative ? -grosz : grosz;
    return true;
}

static const char *grouped(struct arena *arena, uint64_t zlote)
{
    if (zlote < 1000)
        return arena_format(arena, "%" PRIu64, zlote);
    return arena_format(arena, "%s %03" PRIu64, grouped(arena, zlote / 1000), zlote % 1000);
}

const char *money_text(struct arena *arena, int64_t grosz)
{
    /* The smallest int64 has no positive twin in int64, but it has one in uint64. */
    uint64_t size = grosz < 0 ? 0 - (uint64_t)grosz : (uint64_t)grosz;

    return arena_format(arena, "%s%s,%02" PRIu64 " zł", grosz < 0 ? "-" : "",
                        grouped(arena, size / 100), size % 100);
}

bool money_add(int64_t a_grosz, int64_t b_grosz, int64_t *ret_grosz)
{
    int64_t sum;

    if (__builtin_add_overflow(a_grosz, b_grosz, &sum))
        return false;
    *ret_grosz = sum;
    return true;
}
