/* What all pages behind a token begin with, and how an owner's refusal is shown on them. */
#include "proto/portal.pb-c.h"
#include "services/portal/domain/secret.h"
#include "services/portal/handlers.h"

static struct error refuse_page(struct turn *turn, struct reply *reply, const char *home)
{
    return page_notice(turn, reply,
                       &(struct notice){ .status = 403,
                                         .title = "Brak uprawnień",
                                         .sentence = "Ta strona jest dla kogoś innego. Do swojej "
                                                     "prowadzi przycisk poniżej.",
                                         .back = home,
                                         .back_label = "Moja strona" });
}

struct error open_staff(struct turn *turn, unsigned kinds, struct reply *reply,
                        struct staff *ret_staff, bool *ret_is_open)
{
    const char *work_order_id = path_parameter(turn, "work_order_id");
    struct account account;

    *ret_is_open = false;
    TRY(load_caller(turn, &account));
    if (account.kind == ACTOR_NOBODY) {
        page_redirect(reply, "/sign-in");
        return OK;
    }
    if (!(kinds & account.kind))
        return refuse_page(turn, reply, page_home(account.kind));
    /* From here on it stands in addresses that are asked or redirected to. */
    if (work_order_id[0] && !id_valid(work_order_id))
        return page_unknown(turn, reply);
    *ret_staff = (struct staff){ account, actor_of_account(&account) };
    *ret_is_open = true;
    return OK;
}

struct error open_staff_form(struct turn *turn, unsigned kinds, struct reply *reply,
                             struct staff *ret_staff, bool *ret_is_open)
{
    *ret_is_open = false;
    if (is_own_form(text_of(request_header(turn, "sec-fetch-site"))))
        return open_staff(turn, kinds, reply, ret_staff, ret_is_open);
    return page_notice(turn, reply,
                       &(struct notice){ .status = 403,
                                         .title = "Nic nie zmieniliśmy",
                                         .sentence = "Formularz wysłała inna strona.",
                                         .back = "/sign-in",
                                         .back_label = "Zaloguj" });
}

struct error reply_staff_without_answer(struct turn *turn, const char *back, struct reply *reply)
{
    reply_header(reply, "Retry-After", "5");
    return page_notice(turn, reply,
                       &(struct notice){ .status = 503,
                                         .title = "Nie ma teraz odpowiedzi",
                                         .sentence = "System nie odpowiedział na czas. Jeżeli coś "
                                                     "zostało zapisane, będzie to widać po "
                                                     "odświeżeniu.",
                                         .back = back,
                                         .back_label = "Spróbuj jeszcze raz" });
}

struct findings read_findings(struct turn *turn, struct text body)
{
    ProtobufCMessage *message = NULL;
    struct error error = foreign_parse(turn, &problem__descriptor, body, &message);

    if (error.kind != ERROR_NONE)
        return (struct findings){ NULL, 0, "" };
    const Problem *problem = (const Problem *)message;
    struct finding *at = ARENA_ARRAY(turn->arena, struct finding, problem->n_errors + 1);
    for (size_t i = 0; i < problem->n_errors; i++)
        at[i] = (struct finding){ problem->errors[i]->pointer, problem->errors[i]->detail };
    if (!problem->n_errors)
        at[0] = (struct finding){ "", string_empty(problem->detail) ? problem->title
                                                                    : problem->detail };
    struct text type = text_of(problem->type), slug = NO_TEXT;
    while (type.length)
        slug = text_cut(type, '/', &type);
    return (struct findings){ at, problem->n_errors ? problem->n_errors : 1,
                              arena_text(turn->arena, slug) };
}

void add_findings(struct view *view, const struct findings *findings)
{
    view_list(view, "findings");
    for (size_t i = 0; i < findings->count; i++)
        view_text(view_item(view, "findings"), "finding", findings->at[i].detail);
}
