/* --describe: what a binary hears, follows, tells, can be asked and set, as JSON made from its own
 * tables; the README's picture, docs/events.md and the settings tables are made from it. */
#include "lib/service/loop.h"
#include <jansson.h>
#include <stdio.h>

static json_t *fields_of(const ProtobufCMessageDescriptor *type)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < type->n_fields; i++)
        json_array_append_new(list, json_string(type->fields[i].name));
    return list;
}

static json_t *type_of(const ProtobufCMessageDescriptor *type)
{
    return json_pack("{s:s, s:s, s:o}", "type", type->name, "topic", type->package_name, "fields",
                     fields_of(type));
}

static const char *const methods[] = { "GET", "POST", "PUT", "DELETE" };

static json_t *who_of(unsigned who)
{
    json_t *list = json_array();

    for (unsigned kind = 1; kind <= ACTOR_OPERATOR; kind <<= 1)
        if (who & kind)
            json_array_append_new(list, json_string(actor_kind_name((enum actor_kind)kind)));
    return list;
}

static json_t *body_of(const ProtobufCMessageDescriptor *type)
{
    return type ? json_pack("{s:s, s:o}", "type", type->name, "fields", fields_of(type)) : NULL;
}

static json_t *routes_of(const struct service *service)
{
    json_t *list = json_array();

    for (const struct route *route = service->routes; route && route->path; route++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:o*, s:s*, s:o, s:s*}", "method", methods[route->method],
                            "path", route->path, "request",
                            body_of(route->request ? route->request : route->raw_request), "reply",
                            route->reply ? route->reply->name : NULL, "who", who_of(route->who),
                            "says", route->says));
    return list;
}

static json_t *settings_of(const struct setting *setting)
{
    json_t *list = json_array();

    for (; setting && setting->name; setting++) {
        json_t *one = json_pack("{s:s, s:s, s:b}", "name", setting->name, "help", setting->help,
                                "secret", setting->is_secret);
        if (setting->target)
            json_object_update_new(
                one, json_pack("{s:I, s:I, s:I}", "default", (json_int_t)setting->fallback, "min",
                               (json_int_t)setting->min, "max", (json_int_t)setting->max));
        else
            json_object_set_new(one, "default",
                                json_string(setting->text_fallback ? setting->text_fallback : ""));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *timers_of(const struct service *service)
{
    json_t *list = json_array();

    for (const struct timer *timer = service->timers; timer && timer->name; timer++)
        json_array_append_new(list, json_pack("{s:s, s:I}", "name", timer->name, "every_ms",
                                              (json_int_t)timer->every_ms));
    return list;
}

static json_t *commands_of(const struct service *service)
{
    json_t *list = json_array();

    for (const struct command *command = service->commands; command && command->name; command++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", command->name, "arguments",
                                              command->arguments, "help", command->help));
    return list;
}

void describe(const struct service *service)
{
    json_t *listens = json_array(), *watches = json_array(), *emits = json_array();

    for (const struct subscription *s = service->listens; s && s->type; s++)
        json_array_append_new(listens, type_of(s->type));
    for (const struct watch *watch = service->watches; watch && watch->type; watch++)
        json_array_append_new(watches, type_of(watch->type));
    for (const event_type *type = service->emits; type && *type; type++)
        json_array_append_new(emits, type_of(*type));
    json_t *all = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "service",
                            service->name, "listens", listens, "watches", watches, "emits", emits,
                            "routes", routes_of(service), "timers", timers_of(service), "commands",
                            commands_of(service), "settings", settings_of(service->settings),
                            "common_settings", settings_of(common_settings));
    json_dumpf(all, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(all);
}
