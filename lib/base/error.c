/* Makes error values, and answers what the problem table says of each problem. */
#include "lib/base/error.h"
#include <stdarg.h>
#include <stdio.h>

static const struct {
    int status;
    const char *slug, *title;
} problems[] = {
#define X(name, status, slug, title) { status, slug, title },
    PROBLEMS(X)
#undef X
};

int problem_status(enum problem problem)
{
    return problems[problem].status;
}

const char *problem_slug(enum problem problem)
{
    return problems[problem].slug;
}

const char *problem_title(enum problem problem)
{
    return problems[problem].title;
}

static struct error make(enum error_kind kind, enum problem problem, const char *format,
                         va_list arguments) __attribute__((format(printf, 3, 0)));

static struct error make(enum error_kind kind, enum problem problem, const char *format,
                         va_list arguments)
{
    struct error error = { .kind = kind, .problem = problem };

    vsnprintf(error.text, sizeof error.text, format, arguments);
    return error;
}

struct error rejected(enum problem problem, const char *field, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct error error = make(ERROR_REJECTED, problem, format, arguments);
    va_end(arguments);
    snprintf(error.field, sizeof error.field, "%s", field ? field : "");
    return error;
}

struct error temporary(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct error error = make(ERROR_TEMPORARY, PROBLEM_BUSY, format, arguments);
    va_end(arguments);
    return error;
}

struct error fatal(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct error error = make(ERROR_FATAL, PROBLEM_INTERNAL, format, arguments);
    va_end(arguments);
    return error;
}
