/* The one place where values become HTML. */
#include "services/portal/domain/template.h"
#include <assert.h>
#include <string.h>

struct field {
    struct field *next;
    const char *name;
    const char *text; /* NULL: a list */
    struct view *first, *last;
};

struct view {
    struct arena *arena;
    const struct view *around;
    struct field *fields;
    struct view *next; /* item of the same list */
};

/* ---- views ---- */

struct view *view_new(struct arena *arena)
{
    struct view *view = ARENA_NEW(arena, struct view);

    view->arena = arena;
    return view;
}

static struct field *own_field(const struct view *view, struct text name)
{
    for (struct field *field = view->fields; field; field = field->next)
        if (text_is(name, field->name))
            return field;
    return NULL;
}

static struct field *add_field(struct view *view, const char *name)
{
    struct field *field = ARENA_NEW(view->arena, struct field);

    assert(!own_field(view, text_of(name)));
    field->name = name;
    field->next = view->fields;
    view->fields = field;
    return field;
}

void view_text(struct view *view, const char *name, const char *value)
{
    add_field(view, name)->text = value ? value : "";
}

bool view_has(const struct view *view, const char *name)
{
    return own_field(view, text_of(name)) != NULL;
}

void view_list(struct view *view, const char *name)
{
    if (!own_field(view, text_of(name)))
        add_field(view, name);
}

struct view *view_item(struct view *view, const char *name)
{
    struct field *field = own_field(view, text_of(name));
    struct view *item = view_new(view->arena);

    if (!field)
        field = add_field(view, name);
    assert(!field->text);
    item->around = view;
    if (field->last)
        field->last->next = item;
    else
        field->first = item;
    field->last = item;
    return item;
}

void view_flag(struct view *view, const char *name, bool is_set)
{
    view_list(view, name);
    if (is_set)
        view_item(view, name);
}

static const struct field *find_field(const struct view *view, struct text name)
{
    for (; view; view = view->around) {
        const struct field *field = own_field(view, name);
        if (field)
            return field;
    }
    return NULL;
}

/* ---- writing ---- */

static struct error write_bytes(struct html *html, const char *bytes, size_t length)
{
    if (html->length + length > TEMPLATE_HTML_MOST)
        return rejected(PROBLEM_INTERNAL, "template", "the page is longer than %d bytes",
                        TEMPLATE_HTML_MOST);
    if (html->length + length + 1 > html->room) {
        size_t room = html->room * 2 + length + 4096;
        char *more = arena_alloc(html->arena, room);
        if (html->length)
            memcpy(more, html->at, html->length);
        html->at = more;
        html->room = room;
    }
    if (length)
        memcpy(html->at + html->length, bytes, length);
    html->length += length;
    html->at[html->length] = '\0';
    return OK;
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static struct error write_escaped(struct html *html, const char *value)
{
    const char *from = value;

    for (const char *at = value;; at++) {
        const char *replaced = entity(*at);
        if (*at && !replaced)
            continue;
        TRY(write_bytes(html, from, (size_t)(at - from)));
        if (!*at)
            return OK;
        TRY(write_bytes(html, replaced, strlen(replaced)));
        from = at + 1;
    }
}

/* ---- reading ---- */

struct tag {
    char kind; /* 0: a value; '#', '^' or '/' */
    struct text name;
    size_t from, until; /* of the whole tag in the template */
};

struct rendering {
    struct html *html;
    struct text template;
};

static struct error wrong(const struct rendering *rendering, size_t at, const char *why)
{
    size_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += rendering->template.at[i] == '\n';
    return rejected(PROBLEM_INTERNAL, "template", "line %zu: %s", line, why);
}

static bool is_name(struct text name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return name.length > 0 && name.length <= TEMPLATE_NAME_MOST;
}

/* The next tag at or after `at`; `ret_found` is false when only text is left. */
static struct error next_tag(const struct rendering *rendering, size_t at, struct tag *ret_tag,
                             bool *ret_found)
{
    struct text rest = { rendering->template.at + at, rendering->template.length - at };
    const char *open = rest.length ? memmem(rest.at, rest.length, "{{", 2) : NULL;

    *ret_found = open != NULL;
    if (!open)
        return OK;
    size_t from = (size_t)(open - rendering->template.at);
    struct text inside = { open + 2, rest.length - (size_t)(open - rest.at) - 2 };
    const char *close = inside.length ? memmem(inside.at, inside.length, "}}", 2) : NULL;
    if (!close)
        return wrong(rendering, from, "a tag is not closed");
    struct tag tag = { .name = { inside.at, (size_t)(close - inside.at) },
                       .from = from,
                       .until = (size_t)(close - rendering->template.at) + 2 };
    if (tag.name.length && memchr("#^/", tag.name.at[0], 3)) {
        tag.kind = tag.name.at[0];
        tag.name = (struct text){ tag.name.at + 1, tag.name.length - 1 };
    }
    if (tag.name.length && tag.name.at[0] == '{')
        return wrong(rendering, from, "nothing is written unescaped");
    if (!is_name(tag.name))
        return wrong(rendering, from, "a name is letters, digits and _");
    *ret_tag = tag;
    return OK;
}

/* Finds the end of a section whose body begins at `at`. */
static struct error find_end(const struct rendering *rendering, size_t at,
                             const struct tag *opening, struct tag *ret_closing)
{
    int depth = 1;

    for (;;) {
        struct tag tag;
        bool found;
        TRY(next_tag(rendering, at, &tag, &found));
        if (!found)
            return wrong(rendering, opening->from, "a section is not ended");
        depth += tag.kind == '/' ? -1 : tag.kind ? 1 : 0;
        if (depth == 0) {
            if (tag.name.length != opening->name.length ||
                memcmp(tag.name.at, opening->name.at, tag.name.length) != 0)
                return wrong(rendering, tag.from, "another section is open");
            *ret_closing = tag;
            return OK;
        }
        at = tag.until;
    }
}

struct range {
    size_t from, until; /* bytes of the template */
};

static struct error render_range(const struct rendering *rendering, struct range range,
                                 const struct view *view, int depth);

static struct error render_section(const struct rendering *rendering, const struct tag *opening,
                                   struct range body, const struct view *view, int depth)
{
    const struct field *field = find_field(view, opening->name);

    if (!field)
        return wrong(rendering, opening->from, "a section's name is unknown");
    bool is_empty = field->text ? !field->text[0] : !field->first;
    if (opening->kind == '^')
        return is_empty ? render_range(rendering, body, view, depth + 1) : OK;
    if (field->text)
        return is_empty ? OK : render_range(rendering, body, view, depth + 1);
    for (const struct view *item = field->first; item; item = item->next)
        TRY(render_range(rendering, body, item, depth + 1));
    return OK;
}

static struct error render_range(const struct rendering *rendering, struct range range,
                                 const struct view *view, int depth)
{
    if (depth > TEMPLATE_DEPTH_MOST)
        return wrong(rendering, range.from, "sections stand too deep in each other");
    for (size_t at = range.from; at < range.until;) {
        struct tag tag = { 0 }, closing = { 0 };
        bool found;
        TRY(next_tag(rendering, at, &tag, &found));
        size_t text_end = found && tag.from < range.until ? tag.from : range.until;
        TRY(write_bytes(rendering->html, rendering->template.at + at, text_end - at));
        if (text_end == range.until)
            return OK;
        at = tag.until;
        if (tag.kind == '/')
            return wrong(rendering, tag.from, "no section is open here");
        if (!tag.kind) {
            const struct field *field = find_field(view, tag.name);
            if (!field || !field->text)
                return wrong(rendering, tag.from, "a value's name is unknown");
            TRY(write_escaped(rendering->html, field->text));
            continue;
        }
        TRY(find_end(rendering, at, &tag, &closing));
        TRY(render_section(rendering, &tag, (struct range){ at, closing.from }, view, depth));
        at = closing.until;
    }
    return OK;
}

struct error template_render(struct html *html, struct text template, const struct view *view)
{
    struct rendering rendering = { html, template };

    return render_range(&rendering, (struct range){ 0, template.length }, view, 0);
}
