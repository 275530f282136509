/* Parsing by jansson, and where in the text it gave up: jansson tells a byte, people need the
 * field. */
#include "lib/service/json_reader.h"
#include <string.h>

enum { FRAMES_MAX = 24 }; /* a pointer into something deeper is cut there */

struct frame {
    bool is_object, expects_key;
    struct text key; /* as it stands in the text, escapes and all */
    size_t index;
};

struct trail {
    struct frame frames[FRAMES_MAX];
    size_t depth; /* may exceed FRAMES_MAX */
};

/* The text before the break is well-formed, so brackets and quotes are all there is to follow. */
static struct frame *innermost(struct trail *trail)
{
    if (trail->depth == 0 || trail->depth > FRAMES_MAX)
        return NULL;
    return &trail->frames[trail->depth - 1];
}

static void enter(struct trail *trail, bool is_object)
{
    trail->depth++;
    struct frame *frame = innermost(trail);
    if (frame)
        *frame = (struct frame){ .is_object = is_object, .expects_key = is_object };
}

static void next_member(struct frame *frame)
{
    frame->expects_key = frame->is_object;
    frame->index++;
}

/* Bytes of the string that begins behind its opening quote. */
static size_t string_length(struct text rest)
{
    size_t length = 0;

    while (length < rest.length && rest.at[length] != '"')
        length += rest.at[length] == '\\' ? 2 : 1;
    return length < rest.length ? length : rest.length;
}

static void follow(struct trail *trail, struct text text)
{
    for (size_t i = 0; i < text.length; i++) {
        struct frame *frame = innermost(trail);
        char c = text.at[i];
        if (c == '{' || c == '[') {
            enter(trail, c == '{');
        } else if ((c == '}' || c == ']') && trail->depth) {
            trail->depth--;
        } else if (c == ',' && frame) {
            next_member(frame);
        } else if (c == '"') {
            struct text rest = { text.at + i + 1, text.length - i - 1 };
            size_t length = string_length(rest);
            i += length + 1;
            if (frame && frame->expects_key) {
                frame->key = (struct text){ rest.at, length };
                frame->expects_key = false;
            }
        }
    }
}

/* Tells the finding at the place that `trail` leads to, one step of the stack per frame. */
static void violate_at(struct reader *reader, const struct trail *trail, size_t step,
                       const struct spot *place, const struct violation *finding)
{
    size_t depth = trail->depth < FRAMES_MAX ? trail->depth : FRAMES_MAX;
    const struct frame *frame = &trail->frames[step];

    if (step == depth || (frame->is_object && !frame->key.at)) {
        reader_violate(reader, place, finding->rule, finding->detail);
        return;
    }
    struct spot inner = { .parent = place, .index = frame->index };
    if (frame->is_object)
        inner.name = text_excerpt(reader->arena, frame->key, NAME_SHOWN);
    violate_at(reader, trail, step + 1, &inner, finding);
}

struct breakage {
    enum problem problem;
    const char *rule, *detail;
};

static struct breakage breakage_of(struct arena *arena, const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_numeric_overflow:
        return (struct breakage){ PROBLEM_INVALID, "range", "Liczba jest za duża" };
    case json_error_duplicate_key:
        return (struct breakage){ PROBLEM_INVALID, "duplicate", "To pole podano dwa razy" };
    case json_error_null_byte_in_key:
    case json_error_invalid_utf8:
        return (struct breakage){ PROBLEM_INVALID, "utf8",
                                  "Tekst musi być zapisany w UTF-8, bez znaku NUL" };
    case json_error_stack_overflow:
        return (struct breakage){ PROBLEM_INVALID, "depth", "Zbyt głębokie zagnieżdżenie" };
    default:
        return (struct breakage){ PROBLEM_MALFORMED, "syntax",
                                  arena_format(arena, "Błąd składni JSON: wiersz %d, kolumna %d",
                                               error->line, error->column) };
    }
}

json_t *json_parse(struct reader *reader, struct text json, enum problem *ret_problem)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    const char *at = json.length ? json.at : "";
    json_error_t error;
    struct trail trail = { .depth = 0 };

    json_t *root = json_loadb(at, json.length, flags, &error);
    if (root)
        return root;
    size_t read = error.position > 0 ? (size_t)error.position : 0;
    follow(&trail, (struct text){ at, read < json.length ? read : json.length });
    struct breakage breakage = breakage_of(reader->arena, &error);
    violate_at(reader, &trail, 0, &(struct spot){ 0 },
               &(struct violation){ .rule = breakage.rule, .detail = breakage.detail });
    *ret_problem = breakage.problem;
    return NULL;
}
