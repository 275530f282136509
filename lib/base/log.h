/* Logs are events: a name and typed fields, one JSON line each on standard error. Only the loop,
 * main.c and timers log; everything else returns errors. No names, phones, addresses, mail texts.
 */
#pragma once
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *name;
    const char *text; /* NULL: `number` counts */
    int64_t number;
};

static inline const char *log_text(const char *text)
{
    return text ? text : "";
}

#define TEXT(label, value) ((struct log_field){ .name = (label), .text = log_text(value) })
#define NUMBER(label, value) ((struct log_field){ .name = (label), .number = (int64_t)(value) })

/* log_info("visit_booked", TEXT("technician", id), NUMBER("start_at", at)); */
#define log_debug(event, ...) LOG_AT(LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...) LOG_AT(LOG_INFO, event, __VA_ARGS__)
#define log_warning(event, ...) LOG_AT(LOG_WARNING, event, __VA_ARGS__)
#define log_error(event, ...) LOG_AT(LOG_ERROR, event, __VA_ARGS__)
#define LOG_AT(level, event, ...)                                                                  \
    log_write(level, event, (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })

void log_write(enum log_level level, const char *event, const struct log_field fields[]);
/* Names the program in each line and drops what is below `least`. */
void log_open(const char *program, enum log_level least);
/* Fields added to every line of this thread until the next call; borrowed, NULL-named row last. */
void log_context(const struct log_field fields[]);
