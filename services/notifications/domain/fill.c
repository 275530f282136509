/* Fills the gaps of templates and of partner events' sentences. */
#include "services/notifications/domain/fill.h"
#include "lib/base/growing_text.h"
#include <assert.h>

static const char *find_word(const struct word words[], struct text name)
{
    for (; words->name; words++)
        if (text_is(name, words->name))
            return string_empty(words->value) ? NULL : words->value;
    return NULL;
}

bool fill(struct arena *arena, const char *pattern, const struct word words[],
          const char **ret_text, const char **ret_missing)
{
    struct growing_text filled = { .arena = arena };
    struct text rest = text_of(pattern);

    while (rest.length) {
        struct text after;
        struct text before = text_cut(rest, '{', &after);
        grow(&filled, before);
        if (!after.at)
            break;
        struct text name = text_cut(after, '}', &rest);
        assert(rest.at && name.length <= FILL_NAME_MOST); /* a pattern is our own and well made */
        const char *value = find_word(words, name);
        if (!value) {
            *ret_missing = arena_text(arena, name);
            return false;
        }
        grow_string(&filled, value);
    }
    *ret_text = grown_string(&filled);
    return true;
}
