/* From words of an address to a point, by the gazetteer of Polish towns and city districts. */
#pragma once
#include "lib/base/arena.h"
#include "lib/domain/place.h"

struct gazetteer_place {
    const char
        *folded; /* lower case without Polish marks, for comparing; the list is sorted by it */
    const char *name;
    struct place place;
};

struct gazetteer {
    const struct gazetteer_place *at;
    size_t count;
};

enum located {
    LOCATED_DISTRICT, /* the district's own point */
    LOCATED_TOWN,
    LOCATED_NOWHERE, /* no such place */
    LOCATED_TWICE,   /* several places of that name: a person has to pick, never guessed */
};

/* Reads "name<TAB>lat<TAB>lon…" lines; lines that do not parse are passed over. All in `arena`. */
struct gazetteer gazetteer_read(struct arena *arena, struct text bytes);
/* "Żoliborz" -> "zoliborz"; spaces around are cut. */
const char *fold_name(struct arena *arena, const char *name);
/* The district counts only when it lies within 40 km of its town. `ret_place` is untouched when
 * nowhere or twice. Both names folded. */
enum located locate_address(const struct gazetteer *gazetteer, const char *town,
                            const char *district, struct place *ret_place);
