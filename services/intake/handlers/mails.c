/* Orders by e-mail: searched and fetched over IMAP, kept raw and marked, then read. What cannot be
 * read for sure waits in quarantine for a person. A mail is marked only after it is kept; read
 * twice, it is kept once. */
#include "services/intake/domain/read_mail.h"
#include "services/intake/handlers.h"
#include "services/intake/mail_text.h"
#include <stdio.h>

/* MAIL_MOST: of a longer mail so many bytes are kept, for a person to look at. */
enum { MAILS_AT_ONCE = 50, LEASE_MS = 5000, MAIL_MOST = 10 * 1024 * 1024 };

static struct call imap_call(struct turn *turn, const char *what, const char *custom,
                             handle_answer on_answer)
{
    return (struct call){
        .url = arena_format(turn->arena, "%s/INBOX%s", intake_config.imap_url, what),
        .custom = custom,
        .user = intake_config.imap_user,
        .password = intake_config.imap_password,
        .subject = "",
        .to = "mailbox",
        .on_answer = on_answer,
    };
}

static struct error on_fetched(struct turn *turn, const struct answer *answer);

/* One after the other on one connection: a mailbox allows few at once, and tells each of them what
 * the others mark. `uids`: "4 7 12", the next one first; behind the last one, the next search may
 * begin. */
static void fetch_next(struct turn *turn, struct text uids)
{
    struct text rest, uid = text_cut(uids, ' ', &rest);

    if (!uid.length) {
        store_end_mail_lease(turn);
        return;
    }
    const char *what =
        arena_format(turn->arena, "/;UID=%.*s/;PARTIAL=0.%d", (int)uid.length, uid.at, MAIL_MOST);
    struct call call = imap_call(turn, what, NULL, on_fetched);
    call.note = uids;
    call_after_commit(turn, &call);
}

static struct error on_marked(struct turn *turn, const struct answer *answer)
{
    /* Not marked: it will be fetched again and found to be here already. */
    if (answer->status == 0)
        log_warning("mail_not_marked", TEXT("why", answer->why));
    fetch_next(turn, answer->note);
    return OK;
}

static struct error on_fetched(struct turn *turn, const struct answer *answer)
{
    const char *report_id = arena_string(turn->arena, new_id(turn).text);
    struct text rest, uid = text_cut(answer->note, ' ', &rest);
    struct mail_text mail = { .key = NULL };
    bool is_new = false;

    if (answer->status == 0 || answer->body.length == 0) {
        log_warning("mail_not_fetched", TEXT("why", answer->why));
        fetch_next(turn, rest);
        return OK;
    }
    mail_text_read(turn->arena, answer->body, &mail);
    TRY(store_save_mail(turn, report_id, answer->body, mail.key, &is_new));
    if (is_new)
        subject_open(turn, report_id); /* read_report finds it by the timer */
    const char *mark = arena_format(turn->arena, "UID STORE %.*s +FLAGS.SILENT ($Majster)",
                                    (int)uid.length, uid.at);
    struct call call = imap_call(turn, "", mark, on_marked);
    call.note = rest;
    call_after_commit(turn, &call);
    return OK;
}

/* "* SEARCH 4 7 12" */
static struct error on_searched(struct turn *turn, const struct answer *answer)
{
    struct text rest = answer->body;
    const char *uids = "";
    int found = 0;

    if (answer->status == 0)
        log_warning("mailbox_away", TEXT("why", answer->why));
    if (!text_starts(rest, "* SEARCH"))
        rest = NO_TEXT;
    while (rest.length && found < MAILS_AT_ONCE) {
        struct text uid = text_trim(text_cut(rest, ' ', &rest));
        int64_t number;
        if (!text_number(uid, &number))
            continue;
        uids = arena_format(turn->arena, "%s%s%lld", uids, found ? " " : "", (long long)number);
        found++;
    }
    fetch_next(turn, text_of(uids));
    return OK;
}

struct error poll_mail(struct turn *turn, const char *nothing)
{
    bool is_mine = false;

    (void)nothing;
    if (string_empty(intake_config.imap_url))
        return OK;
    TRY(store_take_mail_lease(turn, turn->machine_now + LEASE_MS, &is_mine));
    if (!is_mine)
        return OK;
    struct call call = imap_call(turn, "", "UID SEARCH UNKEYWORD $Majster", on_searched);
    call_after_commit(turn, &call);
    return OK;
}

/* ---- reading one ---- */

static char *field(const struct mail_order *order, enum mail_field which, struct turn *turn)
{
    return arena_string(turn->arena, order->fields[which]);
}

static WorkOrderRequest *request_of(struct turn *turn, const struct mail_order *order)
{
    WorkOrderRequest *request = ARENA_NEW(turn->arena, WorkOrderRequest);
    CustomerGiven *customer = ARENA_NEW(turn->arena, CustomerGiven);
    AddressGiven *address = ARENA_NEW(turn->arena, AddressGiven);

    work_order_request__init(request);
    customer_given__init(customer);
    address_given__init(address);
    request->customer = customer;
    request->address = address;
    request->contract_id = field(order, MAIL_CONTRACT, turn);
    request->partner_reference = field(order, MAIL_REFERENCE, turn);
    request->policy = field(order, MAIL_POLICY, turn);
    request->service_id = field(order, MAIL_SERVICE, turn);
    request->description = field(order, MAIL_DESCRIPTION, turn);
    customer->first_name = field(order, MAIL_FIRST_NAME, turn);
    customer->last_name = field(order, MAIL_LAST_NAME, turn);
    customer->phone = field(order, MAIL_PHONE, turn);
    customer->email = field(order, MAIL_EMAIL, turn);
    address->street = field(order, MAIL_STREET, turn);
    address->house = field(order, MAIL_HOUSE, turn);
    address->flat = field(order, MAIL_FLAT, turn);
    address->postcode = field(order, MAIL_POSTCODE, turn);
    address->town = field(order, MAIL_TOWN, turn);
    address->district = field(order, MAIL_DISTRICT, turn);
    return request;
}

static struct error quarantine(struct turn *turn, const char *report_id, const char *partner_id,
                               const char *rule)
{
    ReportQuarantined quarantined = REPORT_QUARANTINED__INIT;

    store_end_report(turn, &(struct report){ .report_id = report_id, .is_saved = true },
                     "quarantined", rule, partner_id, NULL);
    quarantined.report_id = arena_string(turn->arena, report_id);
    quarantined.partner_id = arena_string(turn->arena, partner_id);
    quarantined.channel = CHANNEL__MAIL;
    quarantined.rule = arena_string(turn->arena, rule);
    emit(turn, report_id, &quarantined);
    return OK;
}

/* The form the API demands, demanded of a mail, too: written as JSON and read with the same rules.
 */
static struct error check_request(struct turn *turn, const WorkOrderRequest *request,
                                  const char **ret_rule)
{
    struct violations *violations = ARENA_NEW(turn->arena, struct violations);
    struct text json = json_write(turn->arena, &request->base, 0);
    ProtobufCMessage *again;
    struct error error =
        request_parse(turn, &work_order_request__descriptor, json, &again, violations);

    *ret_rule = NULL;
    if (error.kind == ERROR_REJECTED)
        *ret_rule =
            arena_format(turn->arena, "%s %s", violations->count ? violations->at[0].pointer : "",
                         violations->count ? violations->at[0].rule : "syntax");
    return error.kind == ERROR_REJECTED ? OK : error;
}

struct error read_report(struct turn *turn, const char *report_id)
{
    struct text raw;
    struct mail_text mail;
    struct mail_order order;
    enum mail_field which = MAIL_FIELDS;
    struct opening opening = { 0 };
    const char *outcome, *partner_id, *rule;

    TRY(store_load_report(turn, report_id, &raw, &outcome));
    if (!string_is(outcome, "in_progress"))
        return OK;
    if (raw.length >= MAIL_MOST)
        return quarantine(turn, report_id, "", "too_large");
    if (!mail_text_read(turn->arena, raw, &mail))
        return quarantine(turn, report_id, "", "unreadable");
    TRY(store_load_sender(turn, mail.sender, &partner_id));
    if (!partner_id[0])
        return quarantine(turn, report_id, "", "sender_unknown");
    enum mail_verdict verdict = read_mail(turn->arena, mail.body, &order, &which);
    if (verdict == MAIL_NO_ORDER)
        return quarantine(turn, report_id, partner_id, "no_order");
    if (verdict != MAIL_READ)
        return quarantine(turn, report_id, partner_id,
                          arena_format(turn->arena, "%s: %s",
                                       verdict == MAIL_MISSING ? "missing" : "doubled",
                                       mail_field_name(which)));
    WorkOrderRequest *request = request_of(turn, &order);
    TRY(check_request(turn, request, &rule));
    if (rule)
        return quarantine(turn, report_id, partner_id, rule);
    /* From here on the mail may only speak of its sender's own contracts. */
    snprintf(turn->actor.partner, sizeof turn->actor.partner, "%s", partner_id);
    const struct report report = { .report_id = report_id,
                                   .channel = CHANNEL__MAIL,
                                   .is_saved = true };
    return open_order(turn, &report, request, &opening);
}

struct error list_quarantine(struct turn *turn, const void *message, struct reply *reply)
{
    QuarantineList *list = ARENA_NEW(turn->arena, QuarantineList);

    (void)message;
    quarantine_list__init(list);
    TRY(store_load_quarantine(turn, list));
    reply->message = list;
    return OK;
}

struct error show_conservation(struct turn *turn, const void *message, struct reply *reply)
{
    ConservationReply *answer = ARENA_NEW(turn->arena, ConservationReply);

    (void)message;
    conservation_reply__init(answer);
    TRY(store_load_conservation(turn, answer));
    reply->message = answer;
    return OK;
}
