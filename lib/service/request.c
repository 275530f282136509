/* What a handler may ask of its request: headers, parameters, the body and its form fields. */
#include "lib/service/loop.h"
#include <string.h>

const char *find_line(const char *lines, const char *name, size_t *ret_length)
{
    size_t length = strlen(name);

    for (const char *at = lines; at && *at; at = strchr(at, '\n') + 1) {
        if (strncmp(at, name, length) == 0 && at[length] == ':' && at[length + 1] == ' ') {
            const char *value = at + length + 2;
            *ret_length = (size_t)(strchr(value, '\n') - value);
            return value;
        }
    }
    return NULL;
}

static const char *line_value(const struct turn *turn, const char *lines, const char *name)
{
    size_t length;
    const char *value = find_line(lines, name, &length);

    return value ? arena_text(turn->arena, (struct text){ value, length }) : "";
}

const char *request_header(const struct turn *turn, const char *name)
{
    const struct exchange *exchange = turn->state->item->exchange;

    return exchange ? line_value(turn, exchange->headers, name) : "";
}

const char *query_parameter(const struct turn *turn, const char *name)
{
    const struct exchange *exchange = turn->state->item->exchange;

    return exchange ? line_value(turn, exchange->query, name) : "";
}

const char *path_parameter(const struct turn *turn, const char *name)
{
    const struct exchange *exchange = turn->state->item->exchange;

    for (int i = 0; exchange && i < exchange->parameter_count; i++)
        if (string_is(exchange->parameters[i][0], name))
            return exchange->parameters[i][1];
    return "";
}

struct text request_body(const struct turn *turn)
{
    const struct exchange *exchange = turn->state->item->exchange;

    return exchange ? (struct text){ exchange->body, exchange->body_length } : NO_TEXT;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* application/x-www-form-urlencoded: one value, decoded. */
static const char *decode_form(struct arena *arena, struct text value)
{
    char *decoded = arena_alloc(arena, value.length + 1), *to = decoded;

    for (size_t i = 0; i < value.length; i++) {
        bool is_escape = value.at[i] == '%' && i + 2 < value.length &&
                         hex_digit(value.at[i + 1]) >= 0 && hex_digit(value.at[i + 2]) >= 0;
        if (is_escape) {
            *to++ = (char)(hex_digit(value.at[i + 1]) * 16 + hex_digit(value.at[i + 2]));
            i += 2;
        } else {
            *to++ = value.at[i] == '+' ? ' ' : value.at[i];
        }
    }
    /* A NUL or broken UTF-8 in a form is nobody's honest input. */
    return utf8_valid((struct text){ decoded, (size_t)(to - decoded) }) ? decoded : "";
}

const char *form_field(const struct turn *turn, const char *name)
{
    struct text rest = request_body(turn);

    while (rest.length) {
        struct text value, pair = text_cut(rest, '&', &rest), key = text_cut(pair, '=', &value);
        if (text_is(key, name))
            return decode_form(turn->arena, value);
    }
    return "";
}
