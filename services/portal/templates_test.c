/* The templates that go into the binary: nothing inline (the Content-Security-Policy forbids it),
 * no value outside quotes in a tag, and everything they name is there. */
#include "lib/base/array.h"
#include "services/portal/config.h"
#include "services/portal/domain/secret.h"
#include "services/portal/domain/template.h"
#include "services/portal/embedded.h"
#include "services/portal/tokens.h"
#include <criterion/criterion.h>
#include <string.h>

struct portal_config config;

static bool is_template(const struct embedded_file *file)
{
    return strncmp(file->name, "templates/", 10) == 0;
}

static bool holds(const struct embedded_file *file, const char *word)
{
    return memmem(file->bytes.at, file->bytes.length, word, strlen(word)) != NULL;
}

Test(templates, nothing_is_inline)
{
    static const char *const forbidden[] = { " style=",   "<style",      " onclick", " onload",
                                             " onsubmit", "javascript:", "<script>", "{{{",
                                             "http://",   "https://" };
    int count = 0;

    for (const struct embedded_file *file = embedded_files; file->name; file++) {
        if (!is_template(file))
            continue;
        count++;
        EACH (word, forbidden)
            cr_expect_not(holds(file, *word), "%s: %s", file->name, *word);
    }
    cr_expect_geq(count, 9);
}

Test(templates, values_in_tags_are_quoted)
{
    for (const struct embedded_file *file = embedded_files; file->name; file++) {
        bool in_tag = false, in_quotes = false;
        for (size_t i = 0; is_template(file) && i < file->bytes.length; i++) {
            const char *at = file->bytes.at + i;
            bool is_value = at[0] == '{' && at[1] == '{' && !strchr("#^/", at[2]);
            if (is_value && in_tag)
                cr_expect(in_quotes, "%s: %.20s", file->name, at);
            if (*at == '"' && in_tag)
                in_quotes = !in_quotes;
            if (*at == '<' && !in_tag)
                in_tag = true;
            else if (*at == '>' && !in_quotes)
                in_tag = false;
            cr_assert(!(in_tag && *at == '\''), "%s: attributes have double quotes", file->name);
        }
        cr_expect_not(in_tag, "%s: a tag is not closed", file->name);
    }
}

/* A view in which everything is one text is refused by lists, so only tags' syntax is looked at:
 * every error but a name that is not there is the template's own. */
Test(templates, are_well_formed)
{
    for (const struct embedded_file *file = embedded_files; file->name; file++) {
        struct arena arena = { 0 };
        struct html html = { .arena = &arena };
        if (!is_template(file))
            continue;
        struct error error = template_render(&html, file->bytes, view_new(&arena));
        if (error.kind != ERROR_NONE)
            cr_expect(strstr(error.text, "unknown"), "%s: %s", file->name, error.text);
        arena_done(&arena);
    }
}

Test(templates, hashes_tell_files_apart)
{
    for (const struct embedded_file *file = embedded_files; file->name; file++) {
        cr_expect_eq(strlen(file->hash), 16, "%s", file->name);
        cr_expect_gt(file->bytes.length, 0, "%s", file->name);
        for (const struct embedded_file *other = embedded_files; other < file; other++)
            cr_expect_str_neq(file->hash, other->hash);
    }
}

Test(tokens, are_new_and_known_by_their_hash)
{
    struct arena arena = { 0 };
    char *token = token_make(&arena), *other = token_make(&arena);

    cr_expect(is_account_token(text_of(token)), "%s", token);
    cr_expect_str_neq(token, other);
    cr_expect_str_eq(token_hash(&arena, text_of("abc")),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                     "FIPS 180-2, B.1");
    arena_done(&arena);
}
