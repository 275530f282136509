/* Cuts {"list": [ {…}, {…} ]} into its elements; what is inside them is json_read's matter. */
#include "lib/service/load_file.h"
#include "lib/service/http.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 16 * 1024 * 1024 };

static struct error read_whole(const char *path, struct arena *arena, struct text *ret_text)
{
    FILE *file = fopen(path, "re");
    struct text text = { .at = NULL };

    if (!file)
        return rejected(PROBLEM_NOT_FOUND, NULL, "open %.120s: %s", path, strerror(errno));
    bool is_sized = fseek(file, 0, SEEK_END) == 0;
    long size = is_sized ? ftell(file) : -1;
    if (size >= 0 && size <= FILE_BYTES_MAX && fseek(file, 0, SEEK_SET) == 0) {
        char *bytes = arena_alloc(arena, (size_t)size + 1);
        text = (struct text){ bytes, fread(bytes, 1, (size_t)size, file) };
    }
    fclose(file);
    if (!text.at || text.length != (size_t)size)
        return rejected(PROBLEM_TOO_LARGE, NULL, "read %.120s: no plain file of up to %d bytes",
                        path, FILE_BYTES_MAX);
    *ret_text = text;
    return OK;
}

/* Takes `sign` from the front, with the blanks before it. */
static bool take(struct text *rest, char sign)
{
    *rest = text_trim(*rest);
    if (!rest->length || rest->at[0] != sign)
        return false;
    *rest = (struct text){ rest->at + 1, rest->length - 1 };
    return true;
}

static bool take_key(struct text *rest, const char *key)
{
    size_t length = strlen(key);

    if (!take(rest, '"') || !text_starts(*rest, key))
        return false;
    *rest = (struct text){ rest->at + length, rest->length - length };
    return take(rest, '"') && take(rest, ':');
}

/* Bytes of the object in front, both braces included; 0 when there is none, or no end of it. */
static size_t object_length(struct text text)
{
    size_t depth = 0;
    bool is_quoted = false;

    for (size_t i = 0; i < text.length; i++) {
        char sign = text.at[i];
        if (i == 0 && sign != '{')
            return 0;
        if (is_quoted && sign == '\\')
            i++;
        else if (sign == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && (sign == '{' || sign == '['))
            depth++;
        else if (!is_quoted && (sign == '}' || sign == ']') && --depth == 0)
            return i + 1;
    }
    return 0;
}

static struct error read_row(struct turn *turn, const char *list, size_t at,
                             const ProtobufCMessageDescriptor *of, struct text json,
                             struct loaded *into)
{
    struct violations *violations = ARENA_NEW(turn->arena, struct violations);
    ProtobufCMessage *message = NULL;
    struct error error = request_parse(turn, of, json, &message, violations);

    if (error.kind == ERROR_REJECTED && violations->count)
        return rejected(error.problem,
                        arena_format(turn->arena, "/%s/%zu%s", list, at, violations->at[0].pointer),
                        "%s: %s", violations->at[0].rule, violations->at[0].detail);
    TRY(error);
    into->rows[into->count++] = message;
    return OK;
}

struct error load_file(struct turn *turn, const char *path, const char *list,
                       const ProtobufCMessageDescriptor *of, struct loaded *ret_loaded)
{
    struct text rest = { 0 };
    struct loaded loaded = { 0 };

    TRY(read_whole(path, turn->arena, &rest));
    /* No row is shorter than "{},". */
    loaded.rows = ARENA_ARRAY(turn->arena, const ProtobufCMessage *, rest.length / 3 + 1);
    if (!take(&rest, '{') || !take_key(&rest, list) || !take(&rest, '['))
        return rejected(PROBLEM_MALFORMED, NULL, "read %.100s: it does not begin {\"%s\": [", path,
                        list);
    for (bool more = !take(&rest, ']'); more; more = !take(&rest, ']')) {
        if (loaded.count && !take(&rest, ','))
            return rejected(PROBLEM_MALFORMED, NULL, "read %.100s: no comma after row %zu", path,
                            loaded.count - 1);
        rest = text_trim(rest);
        struct text row = { rest.at, object_length(rest) };
        if (!row.length)
            return rejected(PROBLEM_MALFORMED, NULL, "read %.100s: row %zu is no whole object",
                            path, loaded.count);
        TRY(read_row(turn, list, loaded.count, of, row, &loaded));
        rest = (struct text){ rest.at + row.length, rest.length - row.length };
    }
    if (!take(&rest, '}') || text_trim(rest).length)
        return rejected(PROBLEM_MALFORMED, NULL, "read %.100s: something follows the list", path);
    *ret_loaded = loaded;
    return OK;
}
