/* Makes error values, and answers what the problem table says of each problem. */
#include "lib/base/error.h"
#include "lib/base/text.h"
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

struct error error_say(enum problem problem, const char *field, const char *format, ...)
{
    struct error error = { .problem = problem };
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error.text, sizeof error.text, format, arguments);
    va_end(arguments);
    utf8_mend(error.text); /* cut in the middle of a letter, or quoting what is none */
    snprintf(error.field, sizeof error.field, "%s", field ? field : "");
    return error;
}
