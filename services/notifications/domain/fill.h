/* Sentences with gaps: "Przyjedzie {name}." A gap without a value refuses the whole sentence, so
 * that nobody is sent half of one. */
#pragma once
#include "lib/base/arena.h"

struct word {
    const char *name, *value; /* "" and NULL count as missing */
};

enum { FILL_NAME_MOST = 31 };

/* `words` ends with a row without name. False (ret_text untouched) when a gap has no value;
 * `ret_missing`, in the arena, is then its name. A '{' always begins a gap. */
bool fill(struct arena *arena, const char *pattern, const struct word words[],
          const char **ret_text, const char **ret_missing);
