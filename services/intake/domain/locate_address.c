/* Binary search over folded names; a district must lie near its town, because Polish names repeat.
 */
#include "services/intake/domain/locate_address.h"
#include <stdlib.h>
#include <string.h>

enum { DISTRICT_MOST_M = 40000 };

static const struct {
    const char *from, *to;
} folds[] = {
    { "ą", "a" }, { "ć", "c" }, { "ę", "e" }, { "ł", "l" }, { "ń", "n" }, { "ó", "o" },
    { "ś", "s" }, { "ź", "z" }, { "ż", "z" }, { "Ą", "a" }, { "Ć", "c" }, { "Ę", "e" },
    { "Ł", "l" }, { "Ń", "n" }, { "Ó", "o" }, { "Ś", "s" }, { "Ź", "z" }, { "Ż", "z" },
};

const char *fold_name(struct arena *arena, const char *name)
{
    struct text text = text_trim(text_of(name));
    char *folded = arena_alloc(arena, text.length + 1), *to = folded;

    for (size_t i = 0; i < text.length;) {
        size_t k = 0;
        while (k < sizeof folds / sizeof folds[0] &&
               (text.length - i < 2 || memcmp(text.at + i, folds[k].from, 2) != 0))
            k++;
        if (k < sizeof folds / sizeof folds[0]) {
            *to++ = folds[k].to[0];
            i += 2;
            continue;
        }
        char c = text.at[i++];
        *to++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return folded;
}

static int by_folded(const void *a, const void *b)
{
    const struct gazetteer_place *left = a, *right = b;
    int order = strcmp(left->folded, right->folded);

    if (order)
        return order;
    /* A stable order whatever the file's: the result must not hang on qsort's mood. */
    return left->place.lat < right->place.lat ? -1 : left->place.lat > right->place.lat;
}

static bool read_line(struct arena *arena, struct text line, struct gazetteer_place *ret_place)
{
    struct text rest = line, name = text_cut(rest, '\t', &rest);
    struct text lat = text_cut(rest, '\t', &rest), lon = text_cut(rest, '\t', &rest);
    const char *name_text = arena_text(arena, name);
    struct place place = { strtod(arena_text(arena, lat), NULL),
                           strtod(arena_text(arena, lon), NULL) };

    if (!name.length || !place_valid(place))
        return false;
    *ret_place = (struct gazetteer_place){ fold_name(arena, name_text), name_text, place };
    return true;
}

struct gazetteer gazetteer_read(struct arena *arena, struct text bytes)
{
    size_t lines = 1, count = 0;

    for (size_t i = 0; i < bytes.length; i++)
        lines += bytes.at[i] == '\n';
    struct gazetteer_place *places = ARENA_ARRAY(arena, struct gazetteer_place, lines);
    while (bytes.length) {
        struct text line = text_cut(bytes, '\n', &bytes);
        count += read_line(arena, line, &places[count]);
    }
    qsort(places, count, sizeof *places, by_folded);
    return (struct gazetteer){ places, count };
}

/* The first of the places with that name, and how many there are. */
static size_t find(const struct gazetteer *gazetteer, const char *folded, size_t *ret_first)
{
    size_t low = 0, high = gazetteer->count, count = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(gazetteer->at[middle].folded, folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_first = low;
    while (low + count < gazetteer->count && strcmp(gazetteer->at[low + count].folded, folded) == 0)
        count++;
    return count;
}

enum located locate_address(const struct gazetteer *gazetteer, const char *town,
                            const char *district, struct place *ret_place)
{
    size_t town_at = 0, district_at = 0;
    size_t towns = find(gazetteer, town, &town_at);
    size_t districts = district[0] ? find(gazetteer, district, &district_at) : 0;
    const struct gazetteer_place *found = NULL;
    size_t near = 0;

    if (towns == 0)
        return LOCATED_NOWHERE;
    for (size_t t = 0; t < towns; t++) {
        for (size_t d = 0; d < districts; d++) {
            const struct gazetteer_place *place = &gazetteer->at[district_at + d];
            if (distance_m(gazetteer->at[town_at + t].place, place->place) > DISTRICT_MOST_M)
                continue;
            found = place;
            near++;
        }
    }
    if (near == 1) {
        *ret_place = found->place;
        return LOCATED_DISTRICT;
    }
    if (towns > 1)
        return LOCATED_TWICE;
    *ret_place = gazetteer->at[town_at].place;
    return LOCATED_TOWN;
}
