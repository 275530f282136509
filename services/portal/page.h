/* How portal answers a browser: pages from templates, redirects, cookies. Every page is no-store.
 */
#pragma once
#include "lib/service/http.h"
#include "services/portal/domain/template.h"

/* A view with what the frame around every page needs. */
struct view *page_view(struct turn *turn, const char *title);
/* The script static/<name> goes with the page; the page has to work without it. */
void page_script(struct turn *turn, struct view *view, const char *name);
/* Shows where this role can go, and that it can sign out. */
void page_signed_in(struct view *view, enum actor_kind kind);
/* Where a role is led after signing in. */
const char *page_home(enum actor_kind kind);
/* Answers with templates/<name>.html inside the frame, status 200 unless the reply has one. A view
 * may set the flag is_wide, and the text refresh: seconds after which a page without scripts asks
 * again. */
struct error page_reply(struct turn *turn, struct reply *reply, const char *name,
                        struct view *view);
/* The same around a part that page_part answers with alone: templates `before`, `part`, `behind`.
 */
struct error page_reply_around(struct turn *turn, struct reply *reply, const char *before,
                               const char *part, const char *behind, struct view *view);
/* Answers with the template alone and an ETag, for a script that keeps a part of a page fresh; 304
 * when the browser has it. */
struct error page_part(struct turn *turn, struct reply *reply, const char *name,
                       const struct view *view);

/* A page of one heading and one sentence; `back` is where its only link leads, "" for none. */
struct notice {
    int status;
    const char *title, *sentence;
    const char *back, *back_label;
};
struct error page_notice(struct turn *turn, struct reply *reply, const struct notice *notice);
/* The one page for links and addresses that nobody knows. */
struct error page_unknown(struct turn *turn, struct reply *reply);

void page_redirect(struct reply *reply, const char *to); /* 303 */
/* HttpOnly, SameSite=Lax, Secure by setting. 0 s takes the cookie away. */
void page_cookie(struct turn *turn, struct reply *reply, const char *name, const char *value,
                 const char *path, int64_t seconds);
/* The value of a cookie that the browser sent; "" when it is absent. */
const char *page_cookie_sent(struct turn *turn, const char *name);
