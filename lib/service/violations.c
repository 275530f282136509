/* Findings about somebody's input: where (a JSON pointer), which rule, and a Polish sentence. */
#include "lib/service/json_reader.h"
#include <inttypes.h>
#include <string.h>

enum { CHARACTER_BYTES = 4 };

void violations_add(struct violations *violations, struct violation violation)
{
    if (violations->count < VIOLATIONS_MAX)
        violations->at[violations->count++] = violation;
}

bool reader_is_full(const struct reader *reader)
{
    return reader->violations->count == VIOLATIONS_MAX;
}

/* RFC 6901: "~" and "/" inside a name are "~0" and "~1". */
static const char *escape_name(struct arena *arena, const char *name)
{
    if (!strpbrk(name, "~/"))
        return name;
    char *escaped = arena_alloc(arena, 2 * strlen(name) + 1), *end = escaped;
    for (const char *at = name; *at; at++) {
        bool is_special = *at == '~' || *at == '/';
        *end++ = is_special ? '~' : *at;
        if (is_special)
            *end++ = *at == '~' ? '0' : '1';
    }
    return escaped;
}

static const char *pointer_to(struct arena *arena, const struct spot *place)
{
    if (!place->parent)
        return "";
    const char *parent = pointer_to(arena, place->parent);
    if (!place->name)
        return arena_format(arena, "%s/%zu", parent, place->index);
    return arena_format(arena, "%s/%s", parent, escape_name(arena, place->name));
}

void reader_violate(struct reader *reader, const struct spot *place, const char *rule,
                    const char *detail)
{
    if (reader_is_full(reader))
        return;
    violations_add(reader->violations,
                   (struct violation){ pointer_to(reader->arena, place), rule, detail });
}

const char *reader_limits(struct reader *reader, const char *what, const struct rule *rule)
{
    if (!rule_has_upper_limit(rule))
        return arena_format(reader->arena, "%s: co najmniej %" PRId64, what, rule->min);
    return arena_format(reader->arena, "%s: od %" PRId64 " do %" PRId64, what, rule->min,
                        rule->max);
}

static size_t character_length(struct text text)
{
    for (size_t length = 1; length <= CHARACTER_BYTES && length <= text.length; length++)
        if (utf8_valid((struct text){ text.at, length }))
            return length;
    return 0;
}

const char *text_excerpt(struct arena *arena, struct text text, size_t size)
{
    size_t most = text.length < size ? text.length : size;
    char *shown = arena_alloc(arena, most + sizeof "…"), *end = shown;

    while (text.length) {
        size_t length = character_length(text), taken = length ? length : 1;
        if ((size_t)(end - shown) + taken > most) {
            memcpy(end, "…", sizeof "…");
            break;
        }
        memcpy(end, length ? text.at : "?", taken);
        end += taken;
        text = (struct text){ text.at + taken, text.length - taken };
    }
    return shown;
}
