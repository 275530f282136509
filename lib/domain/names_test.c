/* A verb agrees with the names beside it. */
#include "lib/base/array.h"
#include "lib/domain/names.h"
#include <criterion/criterion.h>

Test(names, a_verb_agrees_with_how_many_they_are)
{
    const struct {
        const char *names, *verb;
    } rows[] = {
        { "", "przyjedzie" },         { "Anna", "przyjedzie" },
        { "Igor", "przyjedzie" },     { "Anna Maria", "przyjedzie" },
        { "Anna i Jan", "przyjadą" }, { "Anna, Jan i Olga", "przyjadą" },
    };

    EACH (row, rows)
        cr_expect_str_eq(agreed(row->names, "przyjedzie", "przyjadą"), row->verb, "%s", row->names);
}
