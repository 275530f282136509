/* Frames, headers and cookies of all pages. */
#include "services/portal/page.h"
#include "lib/base/array.h"
#include "services/portal/config.h"
#include "services/portal/domain/cookie.h"
#include "services/portal/embedded.h"
#include "services/portal/tokens.h"

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

void page_script(struct turn *turn, struct view *view, const char *name)
{
    view_text(view, "script_url", static_url(turn, name));
}

/* What each role can go to; the first is where it is led after signing in. */
static const struct nav_link {
    enum actor_kind kind;
    const char *link, *label;
} nav_links[] = {
    { ACTOR_TECHNICIAN, "/t", "Mój dzień" },
    { ACTOR_TECHNICIAN, "/my-calendar", "Mój kalendarz" },
    { ACTOR_CONSULTANT, "/c", "Zlecenia" },
    { ACTOR_CONSULTANT, "/c/new", "Nowe zgłoszenie" },
    { ACTOR_CONSULTANT, "/day", "Dzień w toku" },
    { ACTOR_PARTNER, "/p", "Pulpit" },
    { ACTOR_PARTNER, "/p/orders", "Zlecenia" },
    { ACTOR_OPERATOR, "/day", "Dzień w toku" },
};

const char *page_home(enum actor_kind kind)
{
    EACH (each, nav_links)
        if (each->kind == kind)
            return each->link;
    return "/";
}

void page_signed_in(struct view *view, enum actor_kind kind)
{
    struct view *links = NULL;
    int count = 0;

    view_flag(view, "signed_in", true);
    view_text(view, "home_link", page_home(kind));
    EACH (each, nav_links)
        count += each->kind == kind;
    view_list(view, "nav");
    /* The brand leads to the only page of whoever has one. */
    EACH (each, nav_links) {
        if (each->kind != kind || count < 2)
            continue;
        links = links ? links : view_item(view, "nav");
        struct view *item = view_item(links, "links");
        view_text(item, "link", each->link);
        view_text(item, "link_label", each->label);
    }
}

static struct error reply_templates(struct turn *turn, struct reply *reply,
                                    const char *const names[], const struct view *view)
{
    struct html html = { .arena = turn->arena };

    for (size_t i = 0; names[i]; i++)
        TRY(add_template(turn, &html, names[i], view));
    reply->body = (struct text){ html.at, html.length };
    reply->content_type = "text/html";
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}

static void add_defaults(struct view *view)
{
    static const char *const optional[] = { "is_wide", "signed_in", "nav", "refresh",
                                            "script_url" };

    EACH (each, optional)
        view_list(view, *each);
    if (!view_has(view, "home_link"))
        view_text(view, "home_link", "/");
}

struct error page_reply(struct turn *turn, struct reply *reply, const char *name, struct view *view)
{
    const char *const names[] = { "top", name, "bottom", NULL };

    add_defaults(view);
    return reply_templates(turn, reply, names, view);
}

struct error page_reply_around(struct turn *turn, struct reply *reply, const char *before,
                               const char *part, const char *behind, struct view *view)
{
    const char *const names[] = { "top", before, part, behind, "bottom", NULL };

    add_defaults(view);
    return reply_templates(turn, reply, names, view);
}

struct error page_part(struct turn *turn, struct reply *reply, const char *name,
                       const struct view *view)
{
    const char *const names[] = { name, NULL };

    TRY(reply_templates(turn, reply, names, view));
    const char *tag = arena_format(turn->arena, "\"%.32s\"", token_hash(turn->arena, reply->body));
    reply_header(reply, "ETag", tag);
    if (!string_is(request_header(turn, "if-none-match"), tag))
        return OK;
    reply->status = 304;
    reply->body = NO_TEXT;
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
