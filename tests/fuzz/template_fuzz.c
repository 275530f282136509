/* Templates made of anything, filled with anything: rendered the same twice or refused with a
 * place, and no value ever writes a sign that HTML would read. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "services/portal/domain/template.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct error render(struct arena *arena, struct text template, const char *value,
                           struct html *ret_html)
{
    struct view *view = view_new(arena);

    view_text(view, "a", value);
    view_text(view_item(view, "list"), "b", value);
    view_text(view_item(view, "list"), "b", "");
    view_list(view, "none");
    *ret_html = (struct html){ .arena = arena };
    return template_render(ret_html, template, view);
}

/* The first half is the template, the rest a value. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena = { 0 };
    struct text template = { (const char *)bytes, size / 2 };
    const char *value =
        arena_text(&arena, (struct text){ (const char *)bytes + size / 2, size - size / 2 });
    struct html once, again;
    struct error error = render(&arena, template, value, &once);
    struct error second = render(&arena, template, value, &again);

    assert(error.kind == second.kind && once.length == again.length);
    assert(once.length <= TEMPLATE_HTML_MOST);
    assert(!once.length || memcmp(once.at, again.at, once.length) == 0);
    assert(error.kind == ERROR_NONE || (error.kind == ERROR_REJECTED && error.text[0]));
    error = render(&arena, text_of("{{a}}"), value, &once);
    assert(error.kind == ERROR_NONE || strlen(value) > TEMPLATE_HTML_MOST / 6);
    for (size_t i = 0; i < once.length; i++)
        assert(!memchr("<>\"'", once.at[i], 4));
    arena_done(&arena);
    return 0;
}
