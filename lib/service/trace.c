/* Reads and writes traceparent headers. */
#include "lib/service/trace.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    TRACE_AT = 3,
    TRACE_LENGTH = 32,
    SPAN_AT = 36,
    SPAN_LENGTH = 16,
    FLAGS_AT = 53,
    LENGTH = 55
};

static bool is_hex(struct text header, size_t from, size_t length)
{
    for (size_t i = from; i < from + length; i++)
        if (!strchr("0123456789abcdef", header.at[i]) || !header.at[i])
            return false;
    return true;
}

static bool is_zero(struct text header, size_t from, size_t length)
{
    for (size_t i = from; i < from + length; i++)
        if (header.at[i] != '0')
            return false;
    return true;
}

static bool has_form(struct text header)
{
    if (header.length < LENGTH || header.at[TRACE_AT - 1] != '-' || header.at[SPAN_AT - 1] != '-' ||
        header.at[FLAGS_AT - 1] != '-')
        return false;
    /* A later version may append fields; version 00 has none, ff is no version. */
    if (header.length > LENGTH && (header.at[LENGTH] != '-' || is_zero(header, 0, 2)))
        return false;
    return is_hex(header, 0, 2) && strncmp(header.at, "ff", 2) != 0 &&
           is_hex(header, TRACE_AT, TRACE_LENGTH) && is_hex(header, SPAN_AT, SPAN_LENGTH) &&
           is_hex(header, FLAGS_AT, 2);
}

bool trace_read(struct text traceparent, char ret_trace[TRACE_ROOM])
{
    if (!has_form(traceparent) || is_zero(traceparent, TRACE_AT, TRACE_LENGTH) ||
        is_zero(traceparent, SPAN_AT, SPAN_LENGTH))
        return false;
    memcpy(ret_trace, traceparent.at + TRACE_AT, TRACE_LENGTH);
    ret_trace[TRACE_LENGTH] = '\0';
    return true;
}

void trace_new(char ret_trace[TRACE_ROOM])
{
    unsigned char random[TRACE_LENGTH / 2];

    randombytes_buf(random, sizeof random);
    sodium_bin2hex(ret_trace, TRACE_ROOM, random, sizeof random);
}

void traceparent_write(char ret_traceparent[TRACEPARENT_ROOM], const char *trace, const char *span)
{
    snprintf(ret_traceparent, TRACEPARENT_ROOM, "00-%.32s-%.16s-01", trace, span);
}
