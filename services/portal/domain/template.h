/* Pages as templates: what is filled in is always escaped; there is no way to ask for less.
 *
 *   {{name}}                 the text `name`, escaped for element content and quoted attributes
 *   {{#name}} … {{/name}}    once per item of the list `name`, or once when the text is not empty
 *   {{^name}} … {{/name}}    once when the list or text `name` is empty
 *
 * A name is looked up in the item, then in what surrounds it. "{{{" is refused, an unknown name
 * too: a typo must not become an empty page. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/error.h"

enum {
    TEMPLATE_DEPTH_MOST = 8,
    TEMPLATE_NAME_MOST = 40,      /* bytes of a name: a-z, 0-9 and _ */
    TEMPLATE_HTML_MOST = 1 << 20, /* bytes of one page */
};

/* Names and what they stand for; one scope. Lives in its arena. */
struct view;
struct view *view_new(struct arena *arena);
/* Names are borrowed (literals); values too. NULL is "". A name is given once a view. */
void view_text(struct view *view, const char *name, const char *value);
/* {{#name}} when set, {{^name}} when not. */
void view_flag(struct view *view, const char *name, bool is_set);
bool view_has(const struct view *view, const char *name); /* itself, not what surrounds it */
/* Makes the list `name` exist; without items it is empty. */
void view_list(struct view *view, const char *name);
/* One more item of the list `name`, at its end. */
struct view *view_item(struct view *view, const char *name);

/* A page being written; starts as { .arena = arena }. NUL-terminated after each rendering. */
struct html {
    struct arena *arena;
    char *at;
    size_t length, room;
};

/* Adds the filled template at the end of `html`. REJECTED with PROBLEM_INTERNAL and the place when
 * the template is malformed, names something unknown, or the page grows beyond TEMPLATE_HTML_MOST;
 * `html` then holds a part that nobody may be shown. */
struct error template_render(struct html *html, struct text template, const struct view *view);
