/* A typo in a table of rules refuses to start. */
#include "lib/base/array.h"
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include <criterion/criterion.h>
#include <string.h>

Test(json_rules, table)
{
    static const struct {
        const char *name;
        struct rule rule;
        const char *why; /* part of the error; NULL: fits */
    } rows[] = {
        { "a field", { "note", .max = 5 }, NULL },
        { "a field far below", { "tree.branches[].below.label", .max = 5 }, NULL },
        { "an element", { "counts[]", .min = 1, .max = 5 }, NULL },
        { "a list", { "counts", RULE_REQUIRED, .min = 1, .max = 5 }, NULL },
        { "a oneof's member", { "answer_person.name", .flags = RULE_REQUIRED }, NULL },
        { "a field that is not there", { .field = "notes" }, "no such field" },
        { "a field that is not there below", { .field = "customer.fone" }, "no such field" },
        { "an empty step", { .field = "customer..name" }, "no such field" },
        { "an empty end", { .field = "customer." }, "no such field" },
        { "nothing below a text", { .field = "note.name" }, "nothing is below" },
        { "nothing below a list of texts", { .field = "tags[].name" }, "nothing is below" },
        { "a list without []", { .field = "lines.what" }, "needs []" },
        { "[] without a list", { .field = "note[]" }, "[] without a list" },
        { "[] without a list on the way", { .field = "customer[].name" }, "[] without a list" },
        { "a required element", { "tags[]", .flags = RULE_REQUIRED }, "cannot be required" },
        { "limits of a truth", { "is_urgent", .max = 1 }, "no limits" },
        { "limits of an enum", { "colour", .max = 1 }, "no limits" },
        { "limits of a sub-message", { "customer", .max = 1 }, "no limits" },
        { "limits of elements that are messages", { "lines[]", .max = 1 }, "no limits" },
        { "limits upside down", { "note", .min = 5, .max = 4 }, "below min" },
        { "limits upside down, negative", { "small", .min = -4, .max = -5 }, "below min" },
        { "a pattern of a number", { "small", .pattern = "1" }, "only a text" },
        { "a pattern of a list", { "tags", .pattern = "1" }, "only a text" },
        { "a pattern that is none", { "note", .pattern = "(" }, "rules of json_test" },
    };

    EACH (row, rows) {
        const struct rule rules[] = { row->rule, { 0 } };
        const struct message_rules table[] = { { &sample_report__descriptor, rules }, { 0 } };
        const struct json_rules *ready = NULL;
        struct arena process = { 0 };
        struct error error = json_rules_new(&process, table, &ready);
        cr_expect_eq(error.kind, row->why ? ERROR_FATAL : ERROR_NONE, "%s: %s", row->name,
                     error.text);
        if (row->why)
            cr_expect_not_null(strstr(error.text, row->why), "%s: %s", row->name, error.text);
        arena_done(&process);
    }
}

Test(json_rules, one_field_has_one_rule)
{
    static const struct rule rules[] = { { "note", .max = 5 }, { "note", .min = 1 }, { 0 } };
    static const struct message_rules table[] = { { &sample_report__descriptor, rules }, { 0 } };
    const struct json_rules *ready = NULL;
    struct arena process = { 0 };

    struct error error = json_rules_new(&process, table, &ready);
    cr_expect_eq(error.kind, ERROR_FATAL);
    cr_expect_null(ready);
    arena_done(&process);
}

Test(json_rules, every_message_finds_its_own)
{
    static const struct rule person[] = { { "name", .flags = RULE_REQUIRED }, { 0 } };
    static const struct rule line[] = { { "what", .flags = RULE_REQUIRED }, { 0 } };
    static const struct message_rules table[] = {
        { &sample_person__descriptor, person },
        { &sample_line__descriptor, line },
        { 0 },
    };
    const struct json_rules *ready = NULL, *none = NULL;
    struct arena process = { 0 };

    struct error error = json_rules_new(&process, table, &ready);
    cr_assert_eq(error.kind, ERROR_NONE, "%s", error.text);
    cr_expect_not_null(json_shape_of(ready, &sample_line__descriptor).nodes);
    cr_expect_neq(json_shape_of(ready, &sample_line__descriptor).nodes,
                  json_shape_of(ready, &sample_person__descriptor).nodes);
    cr_expect_null(json_shape_of(ready, &sample_tree__descriptor).nodes);
    error = json_rules_new(&process, NULL, &none);
    cr_assert_eq(error.kind, ERROR_NONE);
    cr_expect_null(json_shape_of(none, &sample_line__descriptor).nodes);
    cr_expect_eq(json_shape_of(NULL, &sample_line__descriptor).of, &sample_line__descriptor);
    arena_done(&process);
}
