/* Forms with files as browsers send them, and what is refused. */
#include "lib/base/array.h"
#include "services/portal/domain/multipart.h"
#include <criterion/criterion.h>
#include <string.h>

#define TYPE "multipart/form-data; boundary=xYz"
#define FIELD(name, value)                                                                         \
    "--xYz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART                                                                                  \
    "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.jpg\"\r\n"             \
    "Content-Type: image/jpeg\r\n\r\nab\r\n--xY\r\n\r\n"

Test(multipart, fields_and_a_file)
{
    struct multipart form;

    cr_assert(multipart_read(text_of("Multipart/Form-Data; charset=utf-8; boundary=\"xYz\""),
                             text_of(FIELD("kind", "before") FILE_PART "--xYz--\r\n"), &form));
    cr_assert_eq(form.count, 2);
    cr_expect(text_is(multipart_find(&form, "kind")->bytes, "before"));
    cr_expect_null(multipart_find(&form, "kind")->file_name.at);
    const struct form_part *file = multipart_find(&form, "file");
    cr_expect(text_is(file->file_name, "a;b.jpg"));
    cr_expect(text_is(file->type, "image/jpeg"));
    cr_expect(text_is(file->bytes, "ab\r\n--xY\r\n"),
              "what only begins like a boundary is content");
    cr_expect_null(multipart_find(&form, "other"));
}

Test(multipart, an_empty_form_and_an_empty_file)
{
    struct multipart form;

    cr_assert(multipart_read(text_of(TYPE), text_of("--xYz--\r\n"), &form));
    cr_expect_eq(form.count, 0);
    cr_assert(multipart_read(text_of(TYPE), text_of(FIELD("file", "") "--xYz--"), &form));
    cr_expect_eq(form.at[0].bytes.length, 0);
}

Test(multipart, refused)
{
    static const struct {
        const char *name, *type, *body;
    } rows[] = {
        { "another type", "application/x-www-form-urlencoded; boundary=xYz", "--xYz--" },
        { "no boundary told", "multipart/form-data", "--xYz--" },
        { "an empty boundary", "multipart/form-data; boundary=\"\"", "----" },
        { "a quote that never ends", "multipart/form-data; boundary=\"xYz", "--xYz--" },
        { "a boundary longer than 70",
          "multipart/form-data; "
          "boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaa",
          "--" },
        { "no body", TYPE, "" },
        { "something before the first boundary", TYPE, "x--xYz--" },
        { "cut off in a part", TYPE, FIELD("kind", "before") "--xYz\r\nContent-Disposition: form" },
        { "cut off behind a part", TYPE, FIELD("kind", "before") "--xYz" },
        { "no last boundary", TYPE,
          "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n" },
        { "a part without name", TYPE,
          "--xYz\r\nContent-Disposition: form-data\r\n\r\nvalue\r\n--xYz--" },
    };

    EACH (row, rows) {
        struct multipart form = { .count = 77 };
        cr_expect_not(multipart_read(text_of(row->type), text_of(row->body), &form), "%s",
                      row->name);
        cr_expect_eq(form.count, 77, "%s: untouched", row->name);
    }
}

Test(multipart, more_parts_than_a_form_has)
{
    static char body[MULTIPART_PARTS_MOST * 80 + 200];
    struct multipart form;

    for (int i = 0; i < MULTIPART_PARTS_MOST; i++)
        strcat(body, FIELD("a", "1"));
    size_t length = strlen(body);
    strcat(body, "--xYz--");
    cr_expect(multipart_read(text_of(TYPE), text_of(body), &form));
    strcpy(body + length, FIELD("a", "1") "--xYz--");
    cr_expect_not(multipart_read(text_of(TYPE), text_of(body), &form));
}
