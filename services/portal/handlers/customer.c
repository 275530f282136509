/* Whoever opened a link: found by the hash of its token, behind the wall of his order's partner. */
#include "services/portal/domain/cookie.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/secret.h"
#include "services/portal/domain/tries.h"
#include "services/portal/handlers.h"
#include "services/portal/tokens.h"

/* Process memory on purpose, as in accounts.c. */
static struct tries link_tries;

/* Unknown, expired, malformed, or for something else: all the same to whoever asks. */
static struct error find_link(struct turn *turn, const char *purpose, struct link *ret_link,
                              bool *ret_is_known)
{
    struct text token = text_of(path_parameter(turn, "token"));

    *ret_is_known = false;
    if (!is_link_token(token))
        return OK;
    TRY(store_load_link(turn, token_hash(turn->arena, token), ret_link, ret_is_known));
    if (*ret_is_known && purpose && !string_is(ret_link->purpose, purpose))
        *ret_is_known = false;
    return OK;
}

static struct error reply_too_many(struct turn *turn, struct reply *reply)
{
    reply_header(reply, "Retry-After", "60");
    return page_notice(turn, reply,
                       &(struct notice){ .status = 429,
                                         .title = "Za dużo prób",
                                         .sentence = "Prosimy odczekać minutę i otworzyć link "
                                                     "jeszcze raz." });
}

struct error open_customer(struct turn *turn, const char *purpose, struct reply *reply,
                           struct customer *ret_customer, bool *ret_is_open)
{
    struct customer customer = { .link = { .purpose = "" } };
    bool is_known;

    *ret_is_open = false;
    if (!tries_left(&link_tries, caller_address(turn), turn->machine_now))
        return reply_too_many(turn, reply);
    TRY(find_link(turn, purpose, &customer.link, &is_known));
    if (is_known) {
        turn_belongs_to(turn, customer.link.partner_id);
        TRY(store_load_customer_order(turn, customer.link.work_order_id, &customer.order,
                                      &is_known));
    }
    if (!is_known) {
        tries_count(&link_tries, caller_address(turn), turn->machine_now);
        return page_unknown(turn, reply);
    }
    const struct customer_facts facts = { .order = customer.order.state,
                                          .visit = customer.order.visit.shown,
                                          .start_at = customer.order.visit.start_at,
                                          .now = turn->now };
    customer.choice = choose_customer_page(&facts);
    customer.home = arena_format(turn->arena, "/s/%s", path_parameter(turn, "token"));
    *ret_customer = customer;
    *ret_is_open = true;
    return OK;
}

struct error open_customer_form(struct turn *turn, const char *purpose, struct reply *reply,
                                struct customer *ret_customer, bool *ret_is_open)
{
    *ret_is_open = false;
    if (is_own_form(text_of(request_header(turn, "sec-fetch-site"))))
        return open_customer(turn, purpose, reply, ret_customer, ret_is_open);
    return page_notice(turn, reply,
                       &(struct notice){ .status = 403,
                                         .title = "Nic nie zmieniliśmy",
                                         .sentence = "Formularz wysłała inna strona. Prosimy "
                                                     "otworzyć link z wiadomości od nas." });
}

struct error wait_for_form(struct turn *turn, const char *home, struct reply *reply,
                           bool *ret_is_waiting)
{
    struct position position;
    bool is_heard;

    *ret_is_waiting = false;
    if (!position_parse(text_of(page_cookie_sent(turn, "position")), &position))
        return OK;
    TRY(store_position_is_heard(turn, position.service, position.subject, position.sequence,
                                &is_heard));
    if (is_heard)
        return OK;
    if (turn->machine_now < position.until &&
        position.until < turn->machine_now + POSITION_WAIT_MS) {
        turn_waits_to_hear(turn);
        return temporary("%.*s is not heard that far", (int)position.service.length,
                         position.service.at);
    }
    *ret_is_waiting = true;
    reply_header(reply, "Retry-After", "1");
    reply_header(reply, "Refresh", "1");
    return page_notice(turn, reply,
                       &(struct notice){ .status = 503,
                                         .title = "Zapisujemy zmianę",
                                         .sentence = "Zmiana jest przyjęta. Strona odświeży się "
                                                     "sama za chwilę.",
                                         .back = home,
                                         .back_label = "Odśwież" });
}

void keep_position(struct turn *turn, struct reply *reply, const struct answer *answer,
                   const char *path)
{
    if (position_is_told(text_of(answer->position)))
        page_cookie(turn, reply, "position",
                    arena_format(turn->arena, "%s@%lld", answer->position,
                                 (long long)turn->machine_now + POSITION_WAIT_MS - 100),
                    path, 30);
}

void redirect_with_flash(struct turn *turn, struct reply *reply, const char *to, const char *flash)
{
    page_cookie(turn, reply, "flash", flash, "/", 60);
    page_redirect(reply, to);
}

void show_flash(struct turn *turn, struct reply *reply, struct view *view)
{
    const struct flash *flash = flash_of(page_cookie_sent(turn, "flash"));

    view_text(view, "flash", flash ? flash->polish : "");
    view_text(view, "flash_kind", flash && flash->is_good ? "good" : "bad");
    if (flash)
        page_cookie(turn, reply, "flash", "", "/", 0);
}

struct error ask_as_customer(struct turn *turn, const struct customer *customer,
                             const struct question *question, struct reply *reply)
{
    const struct actor actor = actor_of_customer(customer);

    return ask_owner(turn, &actor, question, reply);
}

struct error reply_without_answer(struct turn *turn, const struct customer *customer,
                                  struct reply *reply)
{
    reply_header(reply, "Retry-After", "5");
    return page_notice(
        turn, reply,
        &(struct notice){ .status = 503,
                          .title = "Nie mamy teraz odpowiedzi",
                          .sentence =
                              "System nie odpowiedział na czas. Jeżeli coś zostało "
                              "zmienione, widać to na stronie zlecenia; prosimy ją otworzyć "
                              "za chwilę.",
                          .back = customer->home,
                          .back_label = "Otwórz stronę zlecenia" });
}

struct error open_settled_customer(struct turn *turn, const char *purpose, struct reply *reply,
                                   struct customer *ret_customer, bool *ret_is_open)
{
    bool is_waiting;

    TRY(open_customer(turn, purpose, reply, ret_customer, ret_is_open));
    if (!*ret_is_open)
        return OK;
    TRY(wait_for_form(turn, ret_customer->home, reply, &is_waiting));
    *ret_is_open = !is_waiting;
    return OK;
}
