#include "lib/base/array.h"
#include "lib/service/json_test.pb-c.h"
#include "lib/service/load_file.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct error load_text(struct turn *turn, const char *text, struct loaded *ret_loaded)
{
    char path[] = "/tmp/load_file_XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    struct error error = load_file(turn, path, "lines", &sample_line__descriptor, ret_loaded);
    unlink(path);
    return error;
}

Test(load_file, table)
{
    static const struct {
        const char *name, *text;
        size_t count;      /* when it is read */
        const char *where; /* error.field when it is not */
        const char *why;   /* part of its text */
    } rows[] = {
        { "two rows", "{\"lines\": [{\"what\":\"a\"}, {\"what\":\"b\"}]}\n", 2, NULL, NULL },
        { "none", " { \"lines\" : [ ] } ", 0, NULL, NULL },
        { "brackets and quotes inside texts are no structure",
          "{\"lines\":[{\"what\":\"]}\\\"{[\\\\\"},{\"what\":\"b\"}]}", 2, NULL, NULL },
        { "a field that is not there", "{\"lines\":[{\"what\":\"a\"},{\"wat\":\"b\"}]}", 0,
          "/lines/1/wat", "unknown" },
        { "a wrong type", "{\"lines\":[{\"what\":7}]}", 0, "/lines/0/what", "type" },
        { "nothing", "", 0, "", "does not begin" },
        { "another list", "{\"rows\":[]}", 0, "", "does not begin" },
        { "a longer name", "{\"linesx\":[]}", 0, "", "does not begin" },
        { "no list", "{\"lines\":{}}", 0, "", "does not begin" },
        { "a row that is no object", "{\"lines\":[7]}", 0, "", "row 0 is no whole object" },
        { "a row that does not end", "{\"lines\":[{\"what\":\"a\"", 0, "", "row 0 is no whole" },
        { "no comma", "{\"lines\":[{\"what\":\"a\"} {\"what\":\"b\"}]}", 0, "", "no comma" },
        { "a comma too much", "{\"lines\":[{\"what\":\"a\"},]}", 0, "", "row 1 is no whole" },
        { "a list that does not end", "{\"lines\":[{\"what\":\"a\"}", 0, "", "no comma" },
        { "another list behind", "{\"lines\":[],\"more\":[]}", 0, "", "follows" },
        { "something behind", "{\"lines\":[]} x", 0, "", "follows" },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        struct turn turn = { .arena = &arena };
        struct loaded loaded = { 0 };
        struct error error = load_text(&turn, row->text, &loaded);
        cr_expect_eq(error.kind, row->why ? ERROR_REJECTED : ERROR_NONE, "%s: %s", row->name,
                     error.text);
        if (row->why) {
            cr_expect_str_eq(error.field, row->where, "%s: %s", row->name, error.field);
            cr_expect(strstr(error.text, row->why), "%s: %s", row->name, error.text);
        }
        cr_expect_eq(loaded.count, row->count, "%s: untouched on failure", row->name);
        arena_done(&arena);
    }
}

Test(load_file, rows_in_the_files_order)
{
    struct arena arena = { 0 };
    struct turn turn = { .arena = &arena };
    struct loaded loaded = { 0 };
    struct error error =
        load_text(&turn, "{\"lines\":[{\"what\":\"a\"},{\"what\":\"b\"}]}", &loaded);

    cr_assert_eq(error.kind, ERROR_NONE);
    cr_assert_eq(loaded.count, 2);
    cr_expect_str_eq(((const SampleLine *)loaded.rows[0])->what, "a");
    cr_expect_str_eq(((const SampleLine *)loaded.rows[1])->what, "b");
    arena_done(&arena);
}

Test(load_file, no_such_file)
{
    struct arena arena = { 0 };
    struct turn turn = { .arena = &arena };
    struct loaded loaded;
    struct error missing =
        load_file(&turn, "/nonexistent/file", "lines", &sample_line__descriptor, &loaded);
    struct error folder = load_file(&turn, "/tmp", "lines", &sample_line__descriptor, &loaded);

    cr_expect_eq(missing.kind, ERROR_REJECTED);
    cr_expect_eq(folder.kind, ERROR_REJECTED);
    arena_done(&arena);
}
