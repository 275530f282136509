/* An address as one line, and as a link that a phone opens in its map. */
#pragma once
#include "lib/base/arena.h"

struct address {
    const char *street, *house, *flat, *town;
};
/* "Prosta 5/12, Warszawa"; what is empty is left out. In the arena. */
const char *address_line(struct arena *arena, const struct address *address);
/* "geo:0,0?q=Prosta%205%2C%20Warszawa" (RFC 5870 with the query that map programs know), without
 * the flat, which no map finds; "" without a street and a town. In the arena. */
const char *map_link(struct arena *arena, const struct address *address);
/* Percent-encodes everything but letters, digits, '-', '.', '_' and '~' (RFC 3986, 2.3). */
const char *url_encoded(struct arena *arena, const char *text);
