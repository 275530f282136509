/* Accounts: tokens are issued on the command line, shown once, and carried as a bearer or in the
 * session cookie; never in an address. */
#include "services/portal/domain/secret.h"
#include "services/portal/domain/tries.h"
#include "services/portal/handlers.h"
#include "services/portal/tokens.h"
#include <stdio.h>

/* Process memory on purpose: it names nobody, may be lost, and a turn that runs again errs on the
 * safe side. */
static struct tries sign_in_tries;

struct text caller_address(struct turn *turn)
{
    return text_of(request_header(turn, "x-real-ip"));
}

static struct error load_account(struct turn *turn, struct text token, struct account *ret_account)
{
    *ret_account = (struct account){ .kind = ACTOR_NOBODY };
    if (!is_account_token(token))
        return OK;
    return store_load_token(turn, token_hash(turn->arena, token), ret_account);
}

struct error load_caller(struct turn *turn, struct account *ret_account)
{
    struct text bearer = bearer_token(text_of(request_header(turn, "authorization")));

    if (!bearer.length)
        bearer = text_of(page_cookie_sent(turn, "session"));
    return load_account(turn, bearer, ret_account);
}

/* nginx asks for every call without a partner's key; the answer is the signed actor header. */
struct error authenticate(struct turn *turn, const void *message, struct reply *reply)
{
    struct account account;
    struct actor actor = { 0 };

    (void)message;
    TRY(load_caller(turn, &account));
    if (account.kind == ACTOR_NOBODY)
        return rejected(PROBLEM_UNAUTHENTICATED, "Authorization", "no good token");
    actor.kind = account.kind;
    snprintf(actor.id, sizeof actor.id, "%s", account.id);
    snprintf(actor.partner, sizeof actor.partner, "%s", account.partner);
    reply_header(reply, "X-Actor",
                 actor_sign(service_keys(), &actor, turn->machine_now + SECONDS(60), turn->arena));
    reply_header(reply, "Cache-Control", "no-store");
    reply->body = text_of("ok\n");
    reply->content_type = "text/plain";
    return OK;
}

/* ---- the page ---- */

static struct error show_form(struct turn *turn, struct reply *reply, int status, const char *wrong)
{
    struct view *view = page_view(turn, "Logowanie");

    view_text(view, "wrong", wrong);
    reply->status = status;
    return page_reply(turn, reply, "sign_in", view);
}

struct error show_sign_in(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    /* Addresses are logged, kept and passed on: a token that comes in one is not looked at. */
    if (query_parameter(turn, "token")[0])
        return show_form(turn, reply, 400,
                         "Klucza nie podaje się w adresie strony. Prosimy wkleić go w pole "
                         "poniżej, a ten klucz unieważnić.");
    return show_form(turn, reply, 200, "");
}

struct error sign_in(struct turn *turn, const void *message, struct reply *reply)
{
    struct text token = text_trim(text_of(form_field(turn, "token")));
    struct account account;

    (void)message;
    if (!is_own_form(text_of(request_header(turn, "sec-fetch-site"))))
        return show_form(turn, reply, 403, "Formularz wysłała inna strona. Prosimy spróbować tu.");
    if (!tries_left(&sign_in_tries, caller_address(turn), turn->machine_now))
        return show_form(turn, reply, 429, "Za dużo prób. Prosimy odczekać minutę.");
    TRY(load_account(turn, token, &account));
    if (account.kind == ACTOR_NOBODY) {
        tries_count(&sign_in_tries, caller_address(turn), turn->machine_now);
        return show_form(turn, reply, 401,
                         "Ten klucz nie pasuje albo stracił ważność. Prosimy sprawdzić, czy został "
                         "wklejony w całości.");
    }
    page_cookie(turn, reply, "session", arena_text(turn->arena, token), "/",
                (account.expires_at - turn->machine_now) / SECONDS(1));
    page_redirect(reply, page_home(account.kind));
    return OK;
}

struct error sign_out(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    if (is_own_form(text_of(request_header(turn, "sec-fetch-site"))))
        page_cookie(turn, reply, "session", "", "/", 0);
    page_redirect(reply, "/sign-in");
    return OK;
}

/* ---- words on the command line ---- */

static struct error read_account(int count, char **words, struct account *ret_account)
{
    if (count != 2)
        return rejected(PROBLEM_INVALID, NULL, "a role and an id are needed");
    struct account account = { .kind = actor_kind_of(words[0]), .id = words[1], .partner = "" };
    if (account.kind == ACTOR_NOBODY || account.kind == ACTOR_CUSTOMER)
        return rejected(PROBLEM_INVALID, "ROLE",
                        "operator, consultant, technician, partner or supplier, not \"%s\"",
                        words[0]);
    if (!is_account_id(text_of(words[1])))
        return rejected(PROBLEM_INVALID, "ID", "1 to 63 letters, digits, '.', '-', '_'");
    if (account.kind == ACTOR_PARTNER) {
        if (text_of(words[1]).length >= sizeof((struct actor *)0)->partner)
            return rejected(PROBLEM_INVALID, "ID", "a partner's id has at most 31 signs");
        account.partner = words[1];
    }
    *ret_account = account;
    return OK;
}

struct error issue_token(struct turn *turn, int count, char **words)
{
    char *token = token_make(turn->arena);
    struct account account;

    TRY(read_account(count, words, &account));
    account.expires_at = turn->machine_now + DAYS(config.token_days);
    TRY(store_save_token(turn, token_hash(turn->arena, text_of(token)), &account));
    printf("%s\n", token);
    return OK;
}

struct error revoke_tokens(struct turn *turn, int count, char **words)
{
    struct account account;
    int revoked = 0;

    TRY(read_account(count, words, &account));
    TRY(store_revoke_tokens(turn, &account, &revoked));
    printf("%d\n", revoked);
    return OK;
}
