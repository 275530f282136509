/* Rules of requests: tables become trees that mirror their message, so that a field's rule is found
 * by its index alone; and what a rule says of a value. */
#include "lib/service/json_reader.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

struct json_rules {
    size_t count;
    struct json_shape shapes[];
};

/* ---- reading the tables at start ---- */

struct rule_line {
    struct arena *process;
    const ProtobufCMessageDescriptor *of;
    const struct rule *rule;
};

static struct error wrong(const struct rule_line *line, const char *why)
{
    return fatal("rules of %s, field \"%s\": %s", line->of->name, line->rule->field, why);
}

static struct error compile_pattern(const struct rule_line *line, regex_t **ret_pattern)
{
    const char *anchored = arena_format(line->process, "^(%s)$", line->rule->pattern);
    regex_t *pattern = ARENA_NEW(line->process, regex_t);
    char why[80];

    int code = regcomp(pattern, anchored, REG_EXTENDED | REG_NOSUB);
    if (code) {
        regerror(code, pattern, why, sizeof why);
        return wrong(line, why);
    }
    *ret_pattern = pattern;
    return OK;
}

static bool has_amount(ProtobufCType type)
{
    return type != PROTOBUF_C_TYPE_BOOL && type != PROTOBUF_C_TYPE_ENUM &&
           type != PROTOBUF_C_TYPE_MESSAGE;
}

static struct error check_fits(const struct rule_line *line, const ProtobufCFieldDescriptor *field,
                               bool is_element)
{
    const struct rule *rule = line->rule;
    assert(field);
    bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED && !is_element;

    if (is_element && rule->flags & RULE_REQUIRED)
        return wrong(line, "an element cannot be required, limit the list instead");
    if (rule_has_limits(rule) && !is_list && !has_amount(field->type))
        return wrong(line, "this type has no limits");
    if (rule_has_upper_limit(rule) && rule->max < rule->min)
        return wrong(line, "max is below min");
    if (rule->pattern && (is_list || field->type != PROTOBUF_C_TYPE_STRING))
        return wrong(line, "only a text has a pattern");
    return OK;
}

static struct error set_check(const struct rule_line *line, const ProtobufCFieldDescriptor *field,
                              bool is_element, struct rule_node *node)
{
    struct rule_check *check = is_element ? &node->element : &node->whole;

    TRY(check_fits(line, field, is_element));
    if (check->rule)
        return wrong(line, "two rules");
    check->rule = line->rule;
    return line->rule->pattern ? compile_pattern(line, &check->pattern) : OK;
}

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *of,
                                                  struct text name)
{
    char terminated[64];

    if (name.length >= sizeof terminated)
        return NULL;
    snprintf(terminated, sizeof terminated, "%.*s", (int)name.length, name.at);
    return protobuf_c_message_descriptor_get_field_by_name(of, terminated);
}

static bool cut_brackets(struct text *name)
{
    if (name->length < 2 || memcmp(name->at + name->length - 2, "[]", 2) != 0)
        return false;
    name->length -= 2;
    return true;
}

struct path_step {
    const ProtobufCFieldDescriptor *field;
    bool is_element; /* written with [] */
};

static struct error take_step(const struct rule_line *line, const ProtobufCMessageDescriptor *of,
                              struct text name, struct path_step *ret_step)
{
    bool is_element = cut_brackets(&name);
    const ProtobufCFieldDescriptor *field = find_field(of, name);

    if (!field)
        return wrong(line, "no such field");
    if (is_element && field->label != PROTOBUF_C_LABEL_REPEATED)
        return wrong(line, "[] without a list");
    *ret_step = (struct path_step){ field, is_element };
    return OK;
}

/* Walks the path from the outermost message, growing the tree on its way. */
static struct error plant(const struct rule_line *line, struct rule_node *nodes)
{
    const ProtobufCMessageDescriptor *of = line->of;
    struct text rest = text_of(line->rule->field);
    struct path_step step = { 0 };

    for (;;) {
        struct text name = text_cut(rest, '.', &rest);
        TRY(take_step(line, of, name, &step));
        assert(step.field);
        struct rule_node *node = &nodes[step.field - of->fields];
        if (!rest.at)
            return set_check(line, step.field, step.is_element, node);
        if (step.field->type != PROTOBUF_C_TYPE_MESSAGE)
            return wrong(line, "nothing is below this field");
        if (step.field->label == PROTOBUF_C_LABEL_REPEATED && !step.is_element)
            return wrong(line, "a list needs [] here");
        of = step.field->descriptor;
        if (!node->fields)
            node->fields = ARENA_ARRAY(line->process, struct rule_node, of->n_fields);
        nodes = node->fields;
    }
}

struct error json_rules_new(struct arena *process, const struct message_rules table[],
                            const struct json_rules **ret_rules)
{
    size_t count = 0;

    while (table && table[count].of)
        count++;
    struct json_rules *rules =
        arena_alloc(process, sizeof *rules + count * sizeof rules->shapes[0]);
    for (; rules->count < count; rules->count++) {
        const struct message_rules *row = &table[rules->count];
        struct rule_node *nodes = ARENA_ARRAY(process, struct rule_node, row->of->n_fields);
        for (const struct rule *rule = row->rules; rule && rule->field; rule++)
            TRY(plant(&(struct rule_line){ process, row->of, rule }, nodes));
        rules->shapes[rules->count] = (struct json_shape){ .of = row->of, .nodes = nodes };
    }
    *ret_rules = rules;
    return OK;
}

struct json_shape json_shape_of(const struct json_rules *rules,
                                const ProtobufCMessageDescriptor *of)
{
    for (size_t i = 0; rules && i < rules->count; i++)
        if (rules->shapes[i].of == of)
            return rules->shapes[i];
    return (struct json_shape){ .of = of };
}

/* ---- what a rule says of a value ---- */

bool rule_has_limits(const struct rule *rule)
{
    return rule->min != 0 || rule->max != 0;
}

bool rule_has_upper_limit(const struct rule *rule)
{
    return rule->max != 0 || rule->min < 0;
}

bool rule_is_within(const struct rule *rule, int64_t amount)
{
    if (!rule_has_limits(rule))
        return true;
    return amount >= rule->min && (!rule_has_upper_limit(rule) || amount <= rule->max);
}

void rule_check_amount(struct reader *reader, const struct spot *place,
                       const struct rule_check *check, int64_t amount,
                       const struct measure *measure)
{
    const struct rule *rule = check->rule;

    if (!rule || rule_is_within(rule, amount))
        return;
    reader_violate(reader, place, measure->rule,
                   rule->says ? rule->says : reader_limits(reader, measure->says, rule));
}

static int64_t count_characters(const char *text)
{
    int64_t count = 0;

    for (; *text; text++)
        count += (*text & 0xC0) != 0x80;
    return count;
}

void rule_check_text(struct reader *reader, const struct spot *place,
                     const struct rule_check *check, const char *text)
{
    static const struct measure characters = { "length", "Dozwolona liczba znaków" };
    const struct rule *rule = check->rule;

    if (!rule)
        return;
    int64_t length = count_characters(text);
    if (!rule_is_within(rule, length))
        rule_check_amount(reader, place, check, length, &characters);
    else if (check->pattern && regexec(check->pattern, text, 0, NULL, 0) != 0)
        reader_violate(reader, place, "pattern", rule->says ? rule->says : "Niepoprawny format");
}
