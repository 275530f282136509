/* Calls to the owner of the data, at its own address, with the caller's signed actor header. The
 * first of its processes that answers is taken; all of them together have 5 s. */
#include "services/portal/handlers.h"
#include <stdio.h>
#include <string.h>

enum { ASK_MS = 5000 };

/* What comes back with the answer, so that the next process can be asked the same: this struct,
 * the body's bytes, then the asker's own note. Strings in it live as long as the process. */
struct asked {
    const char *urls;
    const char *method, *content_type;
    handle_answer on_answer;
    struct actor actor;
    timestamp until; /* machine time */
    int attempt;     /* place in `urls` */
    size_t body_length;
    char path[200];
    char key[64];
};

/* The n-th of "http://a, http://b"; NO_TEXT behind the last. */
static struct text nth_url(const char *urls, int n)
{
    struct text rest = text_of(urls), url = NO_TEXT;

    for (int i = 0; i <= n; i++) {
        if (!rest.length)
            return NO_TEXT;
        url = text_trim(text_cut(rest, ',', &rest));
    }
    return url;
}

static struct error on_owner_answer(struct turn *turn, const struct answer *answer);

/* False when no process is left to be asked, or no time. */
static bool send_question(struct turn *turn, const struct asked *asked, struct text body,
                          struct text own_note)
{
    struct arena *arena = turn->arena;
    struct text url = nth_url(asked->urls, asked->attempt);
    bool is_last = !nth_url(asked->urls, asked->attempt + 1).length;
    int64_t left_ms = asked->until - turn->machine_now;
    size_t note_length = sizeof *asked + body.length + own_note.length;
    char *note = arena_alloc(arena, note_length);
    size_t count = 0;
    const char *headers[5] = { NULL };

    if (!url.length || left_ms < 100)
        return false;
    memcpy(note, asked, sizeof *asked);
    if (body.length)
        memcpy(note + sizeof *asked, body.at, body.length);
    if (own_note.length)
        memcpy(note + sizeof *asked + body.length, own_note.at, own_note.length);
    headers[count++] = arena_format(
        arena, "X-Actor: %s",
        actor_sign(service_keys(), &asked->actor, turn->machine_now + SECONDS(60), arena));
    if (asked->key[0])
        headers[count++] = arena_format(arena, "Idempotency-Key: %s", asked->key);
    if (body.length)
        headers[count++] = arena_format(arena, "Content-Type: %s", asked->content_type);
    const struct call call = {
        .method = asked->method,
        .url = arena_format(arena, "%.*s%s", (int)url.length, url.at, asked->path),
        .headers = headers,
        .body = body,
        .timeout_ms = is_last ? left_ms : left_ms / 2,
        .subject = "",
        .to = "service",
        .on_answer = on_owner_answer,
        .note = { note, note_length },
    };
    call_after_commit(turn, &call);
    return true;
}

/* 503 is a process that starts, stops or is busy. Asking the next one is safe: what changes
 * something carries its key. */
static struct error on_owner_answer(struct turn *turn, const struct answer *answer)
{
    struct asked asked;
    struct answer own = *answer;

    memcpy(&asked, answer->note.at, sizeof asked);
    struct text body = { answer->note.at + sizeof asked, asked.body_length };
    own.note =
        (struct text){ body.at + body.length, answer->note.length - sizeof asked - body.length };
    if (answer->status == 0 || answer->status == 503) {
        asked.attempt++;
        if (send_question(turn, &asked, body, own.note)) {
            reply_later(turn)->pending = true;
            return OK;
        }
    }
    return asked.on_answer(turn, &own);
}

struct error ask_owner(struct turn *turn, const struct actor *actor,
                       const struct question *question, struct reply *reply)
{
    struct asked asked = { .urls = question->urls,
                           .method = question->method,
                           .content_type =
                               question->content_type ? question->content_type : "application/json",
                           .on_answer = question->on_answer,
                           .actor = *actor,
                           .until = turn->machine_now + ASK_MS };
    struct text body =
        question->body ? json_write(turn->arena, question->body, 0) : question->bytes;

    asked.body_length = body.length;
    snprintf(asked.path, sizeof asked.path, "%s", question->path);
    snprintf(asked.key, sizeof asked.key, "%s", question->key ? question->key : "");
    if (!send_question(turn, &asked, body, question->note))
        return question->on_answer(turn, &(struct answer){ .note = question->note });
    reply->pending = true;
    return OK;
}

struct actor actor_of_customer(const struct customer *customer)
{
    struct actor actor = { .kind = ACTOR_CUSTOMER };

    snprintf(actor.id, sizeof actor.id, "%s", customer->link.person_id);
    snprintf(actor.partner, sizeof actor.partner, "%s", customer->link.partner_id);
    snprintf(actor.scope, sizeof actor.scope, "%s", customer->link.work_order_id);
    return actor;
}

struct actor actor_of_account(const struct account *account)
{
    struct actor actor = { .kind = account->kind };

    snprintf(actor.id, sizeof actor.id, "%s", account->id);
    snprintf(actor.partner, sizeof actor.partner, "%s", account->partner);
    return actor;
}

const char *form_key(struct turn *turn, const char *key)
{
    return id_valid(key) ? key : arena_string(turn->arena, new_id(turn).text);
}

void add_form_key(struct turn *turn, struct view *view)
{
    view_text(view, "key", arena_string(turn->arena, new_id(turn).text));
}
