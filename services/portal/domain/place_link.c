/* Lines and links of addresses. */
#include "services/portal/domain/place_link.h"

const char *address_line(struct arena *arena, const struct address *address)
{
    bool has_flat = !string_empty(address->flat), has_town = !string_empty(address->town);
    const char *line = arena_format(arena, "%s %s%s%s", address->street ? address->street : "",
                                    address->house ? address->house : "", has_flat ? "/" : "",
                                    has_flat ? address->flat : "");
    const char *road = arena_text(arena, text_trim(text_of(line)));

    if (!has_town)
        return road;
    return road[0] ? arena_format(arena, "%s, %s", road, address->town) : address->town;
}

const char *url_encoded(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = arena_alloc(arena, text_of(text).length * 3 + 1), *to = encoded;

    for (const char *at = text ? text : ""; *at; at++) {
        unsigned char c = (unsigned char)*at;
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain) {
            *to++ = (char)c;
            continue;
        }
        *to++ = '%';
        *to++ = digits[c >> 4];
        *to++ = digits[c & 15];
    }
    return encoded;
}

const char *map_link(struct arena *arena, const struct address *address)
{
    const struct address without_flat = { address->street, address->house, "", address->town };

    if (string_empty(address->street) && string_empty(address->town))
        return "";
    return arena_format(arena, "geo:0,0?q=%s",
                        url_encoded(arena, address_line(arena, &without_flat)));
}
