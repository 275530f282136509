/* Writes one JSON line per event, in one write(2), so that lines of threads never mix. */
#include "lib/base/log.h"
#include "lib/base/time.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *log_program = "majster";
static enum log_level log_least = LOG_INFO;
static _Thread_local const struct log_field *log_shared;

struct line {
    char bytes[4096];
    size_t length;
};

static void put(struct line *line, const char *bytes, size_t length)
{
    /* Three bytes stay free for the closing quote, brace and newline. */
    size_t room = sizeof line->bytes - 3 - line->length;

    if (length > room)
        length = room;
    memcpy(line->bytes + line->length, bytes, length);
    line->length += length;
}

static void put_quoted(struct line *line, const char *text)
{
    put(line, "\"", 1);
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        char escaped[8];
        if (c == '"' || c == '\\')
            put(line, (char[]){ '\\', *at }, 2);
        else if (c < 0x20)
            put(line, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", c));
        else
            put(line, at, 1);
    }
    put(line, "\"", 1);
}

static void put_number(struct line *line, int64_t number)
{
    char digits[24];

    put(line, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

static void put_fields(struct line *line, const struct log_field *field)
{
    for (; field && field->name; field++) {
        put(line, ",", 1);
        put_quoted(line, field->name);
        put(line, ":", 1);
        if (field->text)
            put_quoted(line, field->text);
        else
            put_number(line, field->number);
    }
}

void log_write(enum log_level level, const char *event, const struct log_field fields[])
{
    static const char *const names[] = { "debug", "info", "warning", "error" };
    struct line line = { .length = 0 };

    if (level < log_least)
        return;
    put(&line, "{\"at\":", 6);
    put_number(&line, machine_clock());
    put_fields(&line, (const struct log_field[]){
                          TEXT("level", names[level]),
                          TEXT("program", log_program),
                          TEXT("event", event),
                          { 0 },
                      });
    put_fields(&line, log_shared);
    put_fields(&line, fields);
    memcpy(line.bytes + line.length, "}\n", 2);
    /* A log line that cannot be written has nobody to be told to. */
    ssize_t written = write(STDERR_FILENO, line.bytes, line.length + 2);
    (void)written;
}

void log_open(const char *program, enum log_level least)
{
    log_program = program;
    log_least = least;
}

void log_context(const struct log_field fields[])
{
    log_shared = fields;
}
