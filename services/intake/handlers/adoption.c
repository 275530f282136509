/* A partner's way from mails to hours of ours, step by step: who may change it, and what a step
 * means for an order. */
#include "services/intake/domain/adoption.h"
#include "services/intake/domain/locate_address.h"
#include "services/intake/handlers.h"

static struct adoption adoption_of(struct turn *turn, const Adoption *told)
{
    struct adoption adoption = { .step = ADOPTION_LIVE,
                                 .trial_permille = told->trial_permille,
                                 .services = (const char *const *)told->services,
                                 .service_count = told->n_services };
    const char **towns = ARENA_ARRAY(turn->arena, const char *, told->n_towns + 1);

    adoption_parse(text_of(told->step), &adoption.step);
    for (size_t i = 0; i < told->n_towns; i++)
        towns[i] = fold_name(turn->arena, told->towns[i]);
    adoption.towns = towns;
    adoption.town_count = told->n_towns;
    return adoption;
}

void adopt(struct turn *turn, const Adoption *told, WorkOrder *order)
{
    struct adoption adoption = adoption_of(turn, told);
    enum adoption_step path = decide_adoption(&adoption, order->work_order_id, order->service_id,
                                              fold_name(turn->arena, order->place->town));

    order->adoption = adoption_name(path);
    /* Our people agree the hour: the customer is asked, and called when he does not choose. */
    if (path != ADOPTION_LIVE)
        order->chooser = CHOOSER__BY_CUSTOMER;
}

struct error change_adoption(struct turn *turn, const void *message, struct reply *reply)
{
    const Adoption *request = message;
    PartnerChanged changed = PARTNER_CHANGED__INIT;
    struct adoption adoption = adoption_of(turn, request);
    bool is_found;

    turn_belongs_to(turn, turn->subject);
    if (adoption.step == ADOPTION_TRIAL && !trial_is_limited(&adoption))
        return refuse_field(turn, "/trial_permille", "required",
                            "Podaj udział zleceń, usługi albo miejscowości próby.");
    store_save_adoption(turn, turn->subject, request);
    TRY(store_load_partner(turn, turn->subject, &is_found, &changed));
    if (!is_found)
        return rejected(PROBLEM_NOT_FOUND, "partner_id", "no partner \"%.40s\"", turn->subject);
    changed.by = actor_message(turn);
    emit(turn, turn->subject, &changed);
    reply->message = changed.adoption;
    return OK;
}

struct error show_adoption(struct turn *turn, const void *message, struct reply *reply)
{
    Adoption *adoption;

    (void)message;
    TRY(store_load_adoption(turn, path_parameter(turn, "partner_id"), &adoption));
    reply->message = adoption;
    return OK;
}
