/* Reading and refusing single fields. */
#include "tools/route/fields.h"
#include <math.h>
#include <stdio.h>

struct item item_of(struct problem *problem, json_t *json, const char *format, ...)
{
    char place[96];
    va_list list;

    va_start(list, format);
    vsnprintf(place, sizeof place, format, list);
    va_end(list);
    utf8_mend(place); /* it may have been cut within a letter */
    struct item item = { problem, json, arena_string(&problem->arena, place) };
    if (!json_is_object(json))
        refuse(&item, "", "is no object");
    return item;
}

void refuse(const struct item *item, const char *key, const char *rule)
{
    struct problem *problem = item->problem;

    if (!problem->error)
        problem->error =
            arena_format(&problem->arena, "%s%s%s: %s", item->place, key[0] ? "." : "", key, rule);
}

static const char *between(const struct item *item, int64_t least, int64_t most)
{
    return arena_format(&item->problem->arena, "is no whole number from %lld to %lld",
                        (long long)least, (long long)most);
}

int64_t field_whole(const struct item *item, const char *key, int64_t fallback, int64_t least,
                    int64_t most)
{
    json_t *value = json_object_get(item->json, key);

    if (!value || json_is_null(value))
        return fallback;
    if (!json_is_integer(value) || json_integer_value(value) < least ||
        json_integer_value(value) > most) {
        refuse(item, key, between(item, least, most));
        return fallback;
    }
    return json_integer_value(value);
}

double field_real(const struct item *item, const char *key, double fallback, double above)
{
    json_t *value = json_object_get(item->json, key);

    if (!value)
        return fallback;
    if (!json_is_number(value) || !(json_number_value(value) > above) ||
        !isfinite(json_number_value(value))) {
        refuse(item, key,
               arena_format(&item->problem->arena, "is no number greater than %g", above));
        return fallback;
    }
    return json_number_value(value);
}

const char *field_string(const struct item *item, const char *key, const char *fallback)
{
    json_t *value = json_object_get(item->json, key);

    if (!value)
        return fallback;
    if (!json_is_string(value)) {
        refuse(item, key, "is no string");
        return fallback;
    }
    return json_string_value(value);
}

json_t *field_array(const struct item *item, const char *key)
{
    json_t *value = json_object_get(item->json, key);

    if (!value || json_is_null(value))
        return NULL;
    if (!json_is_array(value))
        refuse(item, key, "is no array");
    return value;
}

const int32_t *field_amounts(const struct item *item, const char *key, int32_t amount_count)
{
    json_t *array = field_array(item, key), *value;
    size_t i;

    if (!array || !json_array_size(array))
        return NULL;
    if ((int64_t)json_array_size(array) != amount_count) {
        refuse(item, key, "has not as many amounts as the others");
        return NULL;
    }
    int32_t *amounts = ARENA_ARRAY(&item->problem->arena, int32_t, (size_t)amount_count);
    json_array_foreach(array, i, value)
    {
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > HORIZON)
            refuse(item, key, between(item, 0, HORIZON));
        else
            amounts[i] = (int32_t)json_integer_value(value);
    }
    return amounts;
}

int32_t time_of(const struct problem *problem, int64_t at)
{
    int64_t time = at - problem->origin;

    return time < 0 ? 0 : time < HORIZON ? (int32_t)time : HORIZON - 1;
}

const struct span *field_windows(const struct item *item, const char *key, int32_t *ret_count)
{
    json_t *array = field_array(item, key), *value;
    int64_t before = INT64_MIN;
    size_t i;

    *ret_count = 0;
    if (!array || !json_array_size(array))
        return NULL;
    struct span *windows = ARENA_ARRAY(&item->problem->arena, struct span, json_array_size(array));
    json_array_foreach(array, i, value)
    {
        json_t *from = json_array_get(value, 0), *until = json_array_get(value, 1);
        if (json_array_size(value) != 2 || !json_is_integer(from) || !json_is_integer(until) ||
            json_integer_value(from) < 0 || json_integer_value(from) > json_integer_value(until) ||
            (i && json_integer_value(from) <= before)) {
            refuse(item, key, "are no [from, until] in order and apart");
            return NULL;
        }
        if (json_integer_value(from) - item->problem->origin >= HORIZON)
            refuse(item, key, "begin too long after the first moment named");
        before = json_integer_value(until);
        windows[i] = (struct span){ time_of(item->problem, json_integer_value(from)),
                                    time_of(item->problem, before) };
    }
    *ret_count = (int32_t)i;
    return windows;
}
