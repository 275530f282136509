/* Templates: what is written, what is refused, and that no value ever gets out of its place. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/portal/domain/template.h"
#include <criterion/criterion.h>
#include <string.h>

static struct view *sample_view(struct arena *arena)
{
    struct view *view = view_new(arena);

    view_text(view, "name", "Anna");
    view_text(view, "nothing", "");
    view_text(view, "sharp", "<b a='1' b=\"2\">&amp;</b>");
    for (int i = 1; i <= 2; i++) {
        struct view *day = view_item(view, "days");
        view_text(day, "day", i == 1 ? "wt" : "śr");
        view_text(view_item(day, "slots"), "hour", "8:00");
        if (i == 2)
            view_text(view_item(day, "slots"), "hour", "9:00");
    }
    view_list(view, "none");
    view_flag(view, "on", true);
    view_flag(view, "off", false);
    return view;
}

static struct error render(struct arena *arena, const char *template, struct html *ret_html)
{
    *ret_html = (struct html){ .arena = arena };
    return template_render(ret_html, text_of(template), sample_view(arena));
}

Test(template, writes)
{
    const struct {
        const char *rule, *template, *html;
    } rows[] = {
        { "text stays as it is", "a { b } }} \n", "a { b } }} \n" },
        { "a value stands for its name", "({{name}})", "(Anna)" },
        { "an empty value is nothing", "({{nothing}})", "()" },
        { "a value is escaped", "{{sharp}}",
          "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;" },
        { "a list is written once per item", "{{#days}}[{{day}}]{{/days}}", "[wt][śr]" },
        { "lists stand in lists", "{{#days}}{{day}}:{{#slots}} {{hour}}{{/slots}};{{/days}}",
          "wt: 8:00;śr: 8:00 9:00;" },
        { "an item sees what is around it", "{{#days}}{{name}}{{/days}}", "AnnaAnna" },
        { "an empty list is nothing", "a{{#none}}x{{/none}}b", "ab" },
        { "an empty list has its other text", "{{^none}}x{{/none}}{{^days}}y{{/days}}", "x" },
        { "a flag that is set", "{{#on}}x{{/on}}{{^on}}y{{/on}}", "x" },
        { "a flag that is not set", "{{#off}}x{{/off}}{{^off}}y{{/off}}", "y" },
        { "a text is a section when it is not empty",
          "{{#name}}{{name}}{{/name}}{{#nothing}}x{{/nothing}}{{^nothing}}y{{/nothing}}", "Annay" },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        struct html html;
        struct error error = render(&arena, row->template, &html);
        cr_expect_eq(error.kind, ERROR_NONE, "%s: %s", row->rule, error.text);
        cr_expect_str_eq(html.length ? html.at : "", row->html, "%s", row->rule);
        arena_done(&arena);
    }
}

Test(template, refuses)
{
    const struct {
        const char *rule, *template, *why;
    } rows[] = {
        { "an unescaped value", "a\n{{{name}}}", "line 2: nothing is written unescaped" },
        { "an unescaped value behind a mark", "{{#{name}}}",
          "line 1: nothing is written unescaped" },
        { "an unknown value", "{{nmae}}", "line 1: a value's name is unknown" },
        { "an unknown section", "{{#nmae}}{{/nmae}}", "line 1: a section's name is unknown" },
        { "a list as a value", "{{days}}", "line 1: a value's name is unknown" },
        { "a tag that is not closed", "{{name", "line 1: a tag is not closed" },
        { "a section that is not ended", "{{#on}}", "line 1: a section is not ended" },
        { "a section that nobody began", "{{/on}}", "line 1: no section is open here" },
        { "sections across each other", "{{#on}}{{#days}}{{/on}}{{/days}}",
          "line 1: another section is open" },
        { "another end", "{{#on}}{{/off}}", "line 1: another section is open" },
        { "no name", "{{}}", "line 1: a name is letters, digits and _" },
        { "spaces in a name", "{{ name }}", "line 1: a name is letters, digits and _" },
        { "a long name", "{{aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde}}",
          "line 1: a name is letters, digits and _" },
        { "sections too deep in each other",
          "{{#on}}{{#on}}{{#on}}{{#on}}{{#on}}{{#on}}{{#on}}{{#on}}{{#on}}{{/on}}{{/on}}{{/on}}"
          "{{/on}}{{/on}}{{/on}}{{/on}}{{/on}}{{/on}}",
          "line 1: sections stand too deep in each other" },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        struct html html;
        struct error error = render(&arena, row->template, &html);
        cr_expect_eq(error.kind, ERROR_REJECTED, "%s", row->rule);
        cr_expect_eq(error.problem, PROBLEM_INTERNAL, "%s", row->rule);
        cr_expect_str_eq(error.text, row->why, "%s", row->rule);
        arena_done(&arena);
    }
}

Test(template, has_an_end)
{
    struct arena arena = { 0 };
    struct view *view = view_new(&arena);
    struct html html = { .arena = &arena };
    const size_t length = 204800;
    char *long_text = arena_alloc(&arena, length + 1);

    memset(long_text, '&', length); /* five bytes each once escaped */
    view_text(view, "most", long_text);
    struct error error = template_render(&html, text_of("{{most}}"), view);
    cr_expect_eq(error.kind, ERROR_NONE, "1,024,000 bytes are a page");
    error = template_render(&html, text_of("{{most}}"), view);
    cr_expect_eq(error.kind, ERROR_REJECTED, "2,048,000 are none");
    cr_expect_leq(html.length, TEMPLATE_HTML_MOST);
    arena_done(&arena);
}

/* ---- properties ---- */

enum { RUNS = 20000 };

static const char *random_text(struct arena *arena, struct random *random,
                               const char *const words[], int64_t count, int64_t most)
{
    const char *text = "";

    for (int64_t left = random_below(random, most + 1); left > 0; left--)
        text = arena_format(arena, "%s%s", text, words[random_below(random, count)]);
    return text;
}

/* Whatever a value holds: none of its signs can end a quoted attribute or begin a tag, and it reads
 * back as it was. */
static void expect_kept_in(const char *value, struct text html, uint64_t seed)
{
    static const char *const entities[][2] = {
        { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&#39;", "'" }
    };
    size_t at = 0;

    for (const char *sign = value; *sign; sign++) {
        const char *written = NULL;
        EACH (entity, entities)
            if ((*entity)[1][0] == *sign)
                written = (*entity)[0];
        size_t length = written ? strlen(written) : 1;
        cr_assert(at + length <= html.length, "seed %llu", (unsigned long long)seed);
        cr_assert(memcmp(html.at + at, written ? written : sign, length) == 0, "seed %llu",
                  (unsigned long long)seed);
        at += length;
    }
    cr_assert_eq(at, html.length, "seed %llu", (unsigned long long)seed);
}

Test(template, a_value_stays_in_its_place)
{
    static const char *const words[] = { "<",   ">",   "&", "\"", "'",         "{{", "}}",
                                         "{{{", "#on", "ą", "a",  "</script>", "=",  "\n" };
    const uint64_t seed = 20261123;
    struct random random = { seed };

    for (int run = 0; run < RUNS; run++) {
        struct arena arena = { 0 };
        struct html html = { .arena = &arena };
        struct view *view = view_new(&arena);
        const char *value = random_text(&arena, &random, words, COUNT(words), 12);
        view_text(view, "value", value);
        struct error error = template_render(&html, text_of("{{value}}"), view);
        cr_assert_eq(error.kind, ERROR_NONE);
        expect_kept_in(value, (struct text){ html.at, html.length }, seed);
        arena_done(&arena);
    }
}

Test(template, any_template_ends_well_or_is_refused)
{
    static const char *const words[] = {
        "{{",        "}}",        "{",         "}",        "#",        "^",          "/",
        "name",      "{{#days}}", "{{/days}}", "{{name}}", "{{#on}}",  "{{/on}}",    "{{^none}}",
        "{{/none}}", "x",         "ż",         "\n",       "{{hour}}", "{{#slots}}", "{{/slots}}"
    };
    const uint64_t seed = 7;
    struct random random = { seed };
    int written = 0;

    for (int run = 0; run < RUNS; run++) {
        struct arena arena = { 0 };
        struct html once, again;
        const char *template = random_text(&arena, &random, words, COUNT(words), 14);
        struct error error = render(&arena, template, &once);
        struct error second = render(&arena, template, &again);
        cr_assert_eq(error.kind, second.kind, "seed %llu: %s", (unsigned long long)seed, template);
        cr_assert_eq(once.length, again.length, "twice gives the same");
        cr_assert(error.kind == ERROR_NONE || error.text[0]);
        written += error.kind == ERROR_NONE;
        arena_done(&arena);
    }
    cr_expect_gt(written, RUNS / 100, "some of them are good: %d", written);
}
