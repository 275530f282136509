/* What people write into one field and machines want in several: a name, a street with its number,
 * a town with its postcode, a quantity. */
#pragma once
#include "lib/base/arena.h"

/* "Anna Maria Nowak": first word, and the rest. False (ret untouched) on less than two words. */
bool name_split(struct text written, struct text *ret_first, struct text *ret_last);

struct street {
    struct text street, house, flat; /* flat may be empty */
};
/* "Prosta 5/12", "3 Maja 5A m. 12", "al. Jana Pawła II 20". False (ret untouched) without a number
 * behind a name. */
bool street_split(struct text written, struct street *ret_street);
/* "00-838 Warszawa". False (ret untouched) on anything else. */
bool town_split(struct text written, struct text *ret_postcode, struct text *ret_town);

/* "1", "1,5", "0.25" in thousandths; false (ret untouched) on anything else, on nothing and above
 * a million. */
bool quantity_parse(struct text written, int64_t *ret_thousandths);
/* "1,5" of 1500. In the arena. */
const char *quantity_text(struct arena *arena, int64_t thousandths);
