/* Which traceparents are believed, and that what we write is one. */
#include "lib/base/array.h"
#include "lib/service/trace.h"
#include <criterion/criterion.h>

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN "00f067aa0ba902b7"

Test(trace, table)
{
    const struct {
        const char *name, *header;
        bool is_one;
    } rows[] = {
        { "as the standard shows it", "00-" TRACE "-" SPAN "-01", true },
        { "not sampled is a trace, too", "00-" TRACE "-" SPAN "-00", true },
        { "a later version", "01-" TRACE "-" SPAN "-01", true },
        { "a later version with more fields", "01-" TRACE "-" SPAN "-01-what=ever", true },
        { "version 00 has no more fields", "00-" TRACE "-" SPAN "-01-what=ever", false },
        { "a later version's fields need their dash", "01-" TRACE "-" SPAN "-01x", false },
        { "ff is no version", "ff-" TRACE "-" SPAN "-01", false },
        { "capital letters", "00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01", false },
        { "no trace", "00-00000000000000000000000000000000-" SPAN "-01", false },
        { "no span", "00-" TRACE "-0000000000000000-01", false },
        { "a dash elsewhere", "00-" TRACE "0" SPAN "-01", false },
        { "cut", "00-" TRACE "-" SPAN "-0", false },
        { "empty", "", false },
    };

    EACH (row, rows) {
        char trace[TRACE_ROOM] = "untouched";
        bool is_one = trace_read(text_of(row->header), trace);
        cr_expect_eq(is_one, row->is_one, "%s", row->name);
        cr_expect_str_eq(trace, row->is_one ? TRACE : "untouched", "%s", row->name);
    }
}

Test(trace, what_is_written_is_read)
{
    char made[TRACE_ROOM], other[TRACE_ROOM], header[TRACEPARENT_ROOM], read[TRACE_ROOM] = "";

    trace_new(made);
    trace_new(other);
    cr_expect_str_neq(made, other);
    traceparent_write(header, made, SPAN);
    cr_assert(trace_read(text_of(header), read));
    cr_expect_str_eq(read, made);
}
