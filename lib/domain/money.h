/* Money is whole grosze in an int64, names end in _grosz. People read and write it the Polish way:
 * "1 234,50 zł". */
#pragma once
#include "lib/base/arena.h"

/* Reads "1 234,50 zł", "1234.5", "-0,99", "12 PLN": optional minus, digits alone or in groups of
 * three parted by a space, NBSP or narrow NBSP, comma or dot with one or two digits, unit optional.
 * False (ret untouched) on anything else or on overflow. */
bool money_parse(struct text text, int64_t *ret_grosz);
/* "1 234,50 zł" with plain spaces (a NBSP would double the price of an SMS). */
const char *money_text(struct arena *arena, int64_t grosz);

/* False (ret untouched) when the sum does not fit. */
bool money_add(int64_t a_grosz, int64_t b_grosz, int64_t *ret_grosz);
