/* The one error type, by value. Its kind answers the only question there is: what to do next.
 * REJECTED: never try this again (park the message, answer 4xx). TEMPORARY: try later (503).
 * FATAL: the process must end and be restarted. A bug is an assert, not an error value. */
#pragma once
#include "lib/base/problem.h"
#include <stddef.h>

#ifdef __clang__
#define MUST_USE __attribute__((warn_unused_result))
#else
#define MUST_USE [[nodiscard]]
#endif

enum error_kind { ERROR_NONE, ERROR_REJECTED, ERROR_TEMPORARY, ERROR_FATAL };

struct MUST_USE error {
    enum error_kind kind;
    enum problem problem; /* what an HTTP caller is told */
    char field[48];       /* JSON pointer or name of the input that broke the rule; may be "" */
    char text[192];       /* what was attempted with which value; lower case, no full stop */
};

#define OK ((struct error){ .kind = ERROR_NONE })

/* Returns the error of `call`, if any, from the calling function. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        struct error try_error = (call);                                                           \
        if (try_error.kind != ERROR_NONE)                                                          \
            return try_error;                                                                      \
    } while (0)

/* rejected(PROBLEM_…, field or NULL, format, …), temporary(format, …), fatal(format, …). The text
 * is cut at 191 bytes. Macros, because clang's analyzer reads one file at a time: here it sees the
 * kind, so it knows that TRY returns. */
#define rejected(problem, field, ...)                                                              \
    error_of_kind(ERROR_REJECTED, error_say(problem, field, __VA_ARGS__))
#define temporary(...) error_of_kind(ERROR_TEMPORARY, error_say(PROBLEM_BUSY, NULL, __VA_ARGS__))
#define fatal(...) error_of_kind(ERROR_FATAL, error_say(PROBLEM_INTERNAL, NULL, __VA_ARGS__))

/* For the macros above alone. */
struct error error_say(enum problem problem, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline struct error error_of_kind(enum error_kind kind, struct error said)
{
    said.kind = kind;
    return said;
}
