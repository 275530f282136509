/* Strangers' bytes: every step looks for its end before it reads. */
#include "services/portal/domain/multipart.h"
#include <string.h>

enum { BOUNDARY_MOST = 70 }; /* RFC 2046, 5.1.1 */

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Whether `text` begins with `prefix` (lower case), whatever the case of its letters. */
static bool begins(struct text text, const char *prefix)
{
    size_t i = 0;

    while (prefix[i] && i < text.length && lower(text.at[i]) == prefix[i])
        i++;
    return !prefix[i];
}

static struct text skip(struct text text, size_t bytes)
{
    return (struct text){ text.at + bytes, text.length - bytes };
}

/* The value of `name=` among the parameters behind a header's first ';', without its quotes. */
static struct text parameter(struct text header, const char *name)
{
    size_t length = strlen(name);

    text_cut(header, ';', &header);
    while (header.length) {
        struct text rest, one = text_trim(text_cut(header, ';', &rest));
        if (begins(one, name) && one.length > length && one.at[length] == '=') {
            struct text value = skip(one, length + 1);
            if (!value.length || value.at[0] != '"')
                return value;
            /* A quoted value may hold a ';', so it is looked for in the whole header. */
            value = skip(value, 1);
            size_t left = (size_t)(header.at + header.length - value.at);
            const char *end = memchr(value.at, '"', left);
            return end ? (struct text){ value.at, (size_t)(end - value.at) } : NO_TEXT;
        }
        header = rest;
    }
    return NO_TEXT;
}

/* The head's lines up to the empty one; moves `rest` behind it. */
static bool read_head(struct text *rest, struct form_part *part)
{
    size_t most = rest->length < MULTIPART_HEAD_MOST ? rest->length : MULTIPART_HEAD_MOST;
    const char *end = memmem(rest->at, most, "\r\n\r\n", 4);

    if (!end)
        return false;
    struct text head = { rest->at, (size_t)(end - rest->at) };
    *rest = skip(*rest, head.length + 4);
    while (head.length) {
        struct text line = text_trim(text_cut(head, '\n', &head));
        if (begins(line, "content-disposition:")) {
            part->name = parameter(line, "name");
            part->file_name = parameter(line, "filename");
        } else if (begins(line, "content-type:")) {
            part->type = text_trim(skip(line, strlen("content-type:")));
        }
    }
    return part->name.length > 0;
}

/* The bytes up to the next boundary; moves `rest` behind it. */
static bool read_bytes(struct text *rest, struct text boundary, struct text *ret_bytes)
{
    const char *end = memmem(rest->at, rest->length, boundary.at, boundary.length);

    if (!end)
        return false;
    *ret_bytes = (struct text){ rest->at, (size_t)(end - rest->at) };
    *rest = skip(*rest, ret_bytes->length + boundary.length);
    return true;
}

bool multipart_read(struct text content_type, struct text body, struct multipart *ret_form)
{
    char mark[4 + BOUNDARY_MOST] = "\r\n--";
    struct text boundary = parameter(content_type, "boundary");
    struct multipart form = { .count = 0 };

    if (!begins(content_type, "multipart/form-data") || !boundary.length ||
        boundary.length > BOUNDARY_MOST)
        return false;
    memcpy(mark + 4, boundary.at, boundary.length);
    boundary = (struct text){ mark, boundary.length + 4 };
    /* The first one stands at the very beginning, without a line before it. */
    if (body.length < boundary.length - 2 || memcmp(body.at, mark + 2, boundary.length - 2) != 0)
        return false;
    body = skip(body, boundary.length - 2);
    while (text_starts(body, "\r\n")) {
        if (form.count == MULTIPART_PARTS_MOST)
            return false;
        struct form_part *part = &form.at[form.count++];
        body = skip(body, 2);
        if (!read_head(&body, part) || !read_bytes(&body, boundary, &part->bytes))
            return false;
    }
    if (!text_starts(body, "--"))
        return false;
    *ret_form = form;
    return true;
}

const struct form_part *multipart_find(const struct multipart *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (text_is(form->at[i].name, name))
            return &form->at[i];
    return NULL;
}
