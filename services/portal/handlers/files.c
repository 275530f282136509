/* The front page, pages that are not there, and static files under addresses that carry their hash.
 */
#include "services/portal/embedded.h"
#include "services/portal/handlers.h"

struct error show_front(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return page_reply(turn, reply, "front", page_view(turn, "Majster"));
}

struct error show_nothing(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return page_unknown(turn, reply);
}

static const char *type_of(const char *name)
{
    struct text rest = text_of(name), suffix = NO_TEXT;

    while (rest.length)
        suffix = text_cut(rest, '.', &rest);
    if (text_is(suffix, "css"))
        return "text/css";
    if (text_is(suffix, "svg"))
        return "image/svg+xml";
    return text_is(suffix, "js") ? "text/javascript" : "application/octet-stream";
}

/* The hash stands in the address that pages link to: such an answer never changes. */
struct error serve_static(struct turn *turn, const void *message, struct reply *reply)
{
    const char *name = arena_format(turn->arena, "static/%s", path_parameter(turn, "file"));
    const struct embedded_file *file = embedded_files;

    (void)message;
    while (file->name && !string_is(file->name, name))
        file++;
    if (!file->name)
        return page_unknown(turn, reply);
    const char *tag = arena_format(turn->arena, "\"%s\"", file->hash);
    bool is_exact = string_is(query_parameter(turn, "v"), file->hash);
    reply_header(reply, "ETag", tag);
    reply_header(reply, "Cache-Control",
                 is_exact ? "public, max-age=31536000, immutable" : "no-cache");
    if (string_is(request_header(turn, "if-none-match"), tag)) {
        reply->status = 304;
        return OK;
    }
    reply->body = file->bytes;
    reply->content_type = type_of(name);
    return OK;
}
