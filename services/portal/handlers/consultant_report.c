/* A report over the telephone: five fields that must be filled, sent to intake as an order; what
 * intake finds wrong is shown at its field, and nothing that was typed is lost. */
#include "proto/intake.pb-c.h"
#include "services/portal/domain/written.h"
#include "services/portal/handlers.h"
#include <string.h>

/* ---- the form ---- */

/* Which pointer of intake belongs to which field of the page. */
static const struct field_of {
    const char *pointer; /* its beginning */
    const char *wrong;   /* name of the sentence in the view */
} fields[] = {
    { "/contract_id", "service_wrong" },
    { "/service_id", "service_wrong" },
    { "/customer/phone", "phone_wrong" },
    { "/customer", "name_wrong" },
    { "/address/postcode", "town_wrong" },
    { "/address/town", "town_wrong" },
    { "/address/lat", "town_wrong" },
    { "/address", "street_wrong" },
    { "/partner_reference", "reference_wrong" },
    { "/policy", "policy_wrong" },
};

static const char *wrong_of(const char *pointer)
{
    EACH (field, fields)
        if (text_starts(text_of(pointer), field->pointer))
            return field->wrong;
    return NULL;
}

/* At the field what belongs to one, the first of each; the rest above the form. */
static void add_wrongs(struct view *view, const struct findings *findings)
{
    static const char *const names[] = { "service_wrong", "name_wrong", "phone_wrong",
                                         "street_wrong",  "town_wrong", "reference_wrong",
                                         "policy_wrong" };

    add_findings(view, findings);
    view_flag(view, "has_findings", findings->count > 0);
    for (size_t i = 0; i < findings->count; i++) {
        const char *wrong = wrong_of(findings->at[i].pointer);
        if (wrong && !view_has(view, wrong))
            view_text(view, wrong, findings->at[i].detail);
    }
    EACH (name, names)
        if (!view_has(view, *name))
            view_text(view, *name, "");
}

static struct error add_offers(struct turn *turn, struct view *view, const char *chosen)
{
    struct offer_row *offers;
    int count;

    turn_looks_over_walls(turn);
    TRY(store_load_offers(turn, &offers, &count));
    view_list(view, "offers");
    for (int i = 0; i < count; i++) {
        struct view *item = view_item(view, "offers");
        const char *offer =
            arena_format(turn->arena, "%s|%s", offers[i].contract_id, offers[i].service_id);
        view_text(item, "offer", offer);
        view_text(item, "offer_label",
                  arena_format(turn->arena, "%s · %s · %s", offers[i].partner_name,
                               offers[i].contract_name, offers[i].service_name));
        view_flag(item, "is_chosen", string_is(offer, chosen));
    }
    return OK;
}

static struct error reply_form(struct turn *turn, const struct findings *findings,
                               struct reply *reply)
{
    static const char *const names[] = { "name",        "street",    "town",
                                         "description", "reference", "policy" };
    struct view *view = page_view(turn, "Nowe zgłoszenie");

    page_signed_in(view, ACTOR_CONSULTANT);
    add_form_key(turn, view);
    add_wrongs(view, findings);
    EACH (name, names)
        view_text(view, *name, form_field(turn, *name));
    view_text(view, "phone_given", form_field(turn, "phone"));
    TRY(add_offers(turn, view, form_field(turn, "service")));
    if (findings->count)
        reply->status = 422;
    return page_reply(turn, reply, "c_new", view);
}

struct error show_report_form(struct turn *turn, const void *message, struct reply *reply)
{
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff(turn, ACTOR_CONSULTANT, reply, &staff, &is_open));
    return is_open ? reply_form(turn, &(struct findings){ .count = 0 }, reply) : OK;
}

/* ---- what was typed ---- */

static char *typed(struct turn *turn, const char *name)
{
    return arena_text(turn->arena, text_trim(text_of(form_field(turn, name))));
}

static struct error refuse(struct turn *turn, const char *pointer, const char *detail,
                           struct reply *reply)
{
    const struct finding finding = { pointer, detail };

    return reply_form(turn, &(struct findings){ &finding, 1, "" }, reply);
}

static char *kept(struct turn *turn, struct text text)
{
    return arena_text(turn->arena, text);
}

/* What cannot be split is portal's to refuse; everything else intake's. NULL: all is well. */
static const char *read_customer(struct turn *turn, CustomerGiven *customer, AddressGiven *address,
                                 const char **ret_detail)
{
    struct text first, last, postcode, town;
    struct street street;

    if (!name_split(text_of(typed(turn, "name")), &first, &last)) {
        *ret_detail = "Podaj imię i nazwisko.";
        return "/customer/first_name";
    }
    if (!street_split(text_of(typed(turn, "street")), &street)) {
        *ret_detail = "Podaj ulicę i numer domu, na przykład Prosta 5/12.";
        return "/address/street";
    }
    if (!town_split(text_of(typed(turn, "town")), &postcode, &town)) {
        *ret_detail = "Podaj kod i miejscowość, na przykład 00-838 Warszawa.";
        return "/address/town";
    }
    customer->first_name = kept(turn, first);
    customer->last_name = kept(turn, last);
    customer->phone = typed(turn, "phone");
    address->street = kept(turn, street.street);
    address->house = kept(turn, street.house);
    address->flat = kept(turn, street.flat);
    address->postcode = kept(turn, postcode);
    address->town = kept(turn, town);
    return NULL;
}

/* Who calls without a number of the partner's gets one, the same when the form comes twice. */
static char *reference_of(struct turn *turn, const char *key)
{
    char *reference = typed(turn, "reference");
    struct text text = text_of(key);

    return reference[0] ? reference
                        : arena_format(turn->arena, "TEL-%s", text.at + text.length - 8);
}

/* ---- asking ---- */

static struct error on_order_taken(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    ProtobufCMessage *message = NULL;
    struct error unreadable = OK;

    if (answer->status >= 400 && answer->status < 500) {
        struct findings findings = read_findings(turn, answer->body);
        return reply_form(turn, &findings, reply);
    }
    if (answer->status == 200 || answer->status == 201)
        unreadable = foreign_parse(turn, &work_order_reply__descriptor, answer->body, &message);
    if (!message || unreadable.kind != ERROR_NONE)
        return reply_staff_without_answer(turn, "/c/new", reply);
    const char *work_order_id = ((const WorkOrderReply *)message)->work_order_id;
    keep_position(turn, reply, answer, "/c");
    redirect_with_flash(turn, reply, arena_format(turn->arena, "/c/orders/%s", work_order_id),
                        answer->status == 201 ? "order_taken" : "order_joined");
    return OK;
}

struct error take_report(struct turn *turn, const void *message, struct reply *reply)
{
    WorkOrderRequest request = WORK_ORDER_REQUEST__INIT;
    CustomerGiven customer = CUSTOMER_GIVEN__INIT;
    AddressGiven address = ADDRESS_GIVEN__INIT;
    struct text service;
    struct staff staff;
    const char *detail;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_CONSULTANT, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    const char *pointer = read_customer(turn, &customer, &address, &detail);
    if (pointer)
        return refuse(turn, pointer, detail, reply);
    const char *key = form_key(turn, form_field(turn, "key"));
    request.contract_id = kept(turn, text_cut(text_of(typed(turn, "service")), '|', &service));
    request.service_id = kept(turn, service);
    request.partner_reference = reference_of(turn, key);
    request.policy = typed(turn, "policy");
    request.description = typed(turn, "description");
    request.customer = &customer;
    request.address = &address;
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.intake_urls,
                                         .method = "POST",
                                         .path = "/v1/work-orders",
                                         .body = &request,
                                         .key = key,
                                         .on_answer = on_order_taken },
                     reply);
}
