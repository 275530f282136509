/* Frames, headers and cookies of all pages. */
#include "services/portal/page.h"
#include "services/portal/config.h"
#include "services/portal/domain/cookie.h"
#include "services/portal/embedded.h"

static const struct embedded_file *find_embedded(struct turn *turn, const char *folder,
                                                 const char *name)
{
    const char *whole = arena_format(turn->arena, "%s/%s", folder, name);

    for (const struct embedded_file *file = embedded_files; file->name; file++)
        if (string_is(file->name, whole))
            return file;
    return NULL;
}

static const char *static_url(struct turn *turn, const char *name)
{
    const struct embedded_file *file = find_embedded(turn, "static", name);

    return arena_format(turn->arena, "/static/%s?v=%s", name, file ? file->hash : "");
}

/* "+48221234567" of "+48 22 123 45 67". */
static const char *digits_of(struct arena *arena, const char *phone)
{
    char *digits = arena_string(arena, phone), *to = digits;

    for (const char *from = phone; *from; from++)
        if (*from == '+' || (*from >= '0' && *from <= '9'))
            *to++ = *from;
    *to = '\0';
    return digits;
}

struct view *page_view(struct turn *turn, const char *title)
{
    struct view *view = view_new(turn->arena);

    view_text(view, "title", title);
    view_text(view, "style_url", static_url(turn, "majster.css"));
    view_text(view, "day_script_url", static_url(turn, "day.js"));
    view_text(view, "icon_url", static_url(turn, "favicon.svg"));
    view_text(view, "phone", config.phone);
    view_text(view, "phone_digits", digits_of(turn->arena, config.phone));
    return view;
}

static struct error add_template(struct turn *turn, struct html *html, const char *name,
                                 const struct view *view)
{
    const struct embedded_file *file =
        find_embedded(turn, "templates", arena_format(turn->arena, "%s.html", name));

    if (!file)
        return rejected(PROBLEM_INTERNAL, "template", "no template %s", name);
    struct error error = template_render(html, file->bytes, view);
    if (error.kind != ERROR_NONE)
        return rejected(PROBLEM_INTERNAL, "template", "%s: %s", name, error.text);
    return OK;
}

struct error page_reply(struct turn *turn, struct reply *reply, const char *name, struct view *view)
{
    struct html html = { .arena = turn->arena };

    view_list(view, "is_live");
    view_list(view, "signed_in");
    TRY(add_template(turn, &html, "top", view));
    TRY(add_template(turn, &html, name, view));
    TRY(add_template(turn, &html, "bottom", view));
    reply->body = (struct text){ html.at, html.length };
    reply->content_type = "text/html";
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}

struct error page_notice(struct turn *turn, struct reply *reply, const struct notice *notice)
{
    struct view *view = page_view(turn, notice->title);

    view_text(view, "sentence", notice->sentence);
    view_text(view, "back", notice->back);
    view_text(view, "back_label", notice->back_label);
    reply->status = notice->status;
    return page_reply(turn, reply, "notice", view);
}

struct error page_unknown(struct turn *turn, struct reply *reply)
{
    return page_notice(
        turn, reply,
        &(struct notice){ .status = 404,
                          .title = "Nie ma takiej strony",
                          .sentence = "Link jest niepełny albo stracił ważność. Prosimy otworzyć "
                                      "go jeszcze raz z ostatniej wiadomości od nas." });
}

void page_redirect(struct reply *reply, const char *to)
{
    reply->status = 303;
    reply_header(reply, "Location", to);
    reply_header(reply, "Cache-Control", "no-store");
}

void page_cookie(struct turn *turn, struct reply *reply, const char *name, const char *value,
                 const char *path, int64_t seconds)
{
    reply_header(reply, "Set-Cookie",
                 arena_format(turn->arena, "%s=%s; Path=%s; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                              name, value, path, (long long)seconds,
                              config.secure_cookies ? "; Secure" : ""));
}

const char *page_cookie_sent(struct turn *turn, const char *name)
{
    return arena_text(turn->arena, cookie_find(text_of(request_header(turn, "cookie")), name));
}
