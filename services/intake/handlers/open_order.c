/* One way in for every channel: is it an order, whose, which service, where, covered, how urgent,
 * by when. */
#include "lib/domain/phone.h"
#include "lib/service/person/person.h"
#include "services/intake/domain/decide_cover.h"
#include "services/intake/domain/locate_address.h"
#include "services/intake/handlers.h"
#include <stdio.h>

static struct gazetteer gazetteer;

struct error load_gazetteer(struct turn *turn)
{
    static struct arena process; /* as long as the process: the places are read once */
    FILE *file = fopen(intake_config.gazetteer, "re");
    char *bytes = NULL;
    size_t length = 0, room = 4 << 20;

    (void)turn;
    if (!file)
        return fatal("gazetteer: cannot open %s", intake_config.gazetteer);
    bytes = arena_alloc(&process, room);
    length = fread(bytes, 1, room, file);
    fclose(file);
    gazetteer = gazetteer_read(&process, (struct text){ bytes, length });
    return gazetteer.count ? OK : fatal("gazetteer: no places in %s", intake_config.gazetteer);
}

/* ---- where ---- */

static struct refusal locate(struct turn *turn, const AddressGiven *address, Place *ret_place,
                             struct place *ret_exact)
{
    struct place point = { address->lat, address->lon };
    const char *town = fold_name(turn->arena, address->town),
               *district = fold_name(turn->arena, address->district);
    enum located located;

    ret_place->town = address->town;
    ret_place->district = address->district;
    ret_place->accuracy = ACCURACY__EXACT;
    if (address->lat != 0 || address->lon != 0) {
        if (!place_valid(point))
            return (struct refusal){ PROBLEM_INVALID, "point", "/address/lat",
                                     "Punkt leży poza Polską.", true };
    } else {
        located = locate_address(&gazetteer, town, district, &point);
        if (located == LOCATED_NOWHERE)
            return (struct refusal){ PROBLEM_INVALID, "address_unknown", "/address/town",
                                     "Nie znamy takiej miejscowości.", true };
        if (located == LOCATED_TWICE)
            return (struct refusal){ PROBLEM_INVALID, "address_ambiguous", "/address/town",
                                     "Jest kilka miejscowości o tej nazwie; podaj współrzędne.",
                                     true };
        ret_place->accuracy = located == LOCATED_DISTRICT ? ACCURACY__DISTRICT : ACCURACY__TOWN;
    }
    *ret_exact = point;
    point = place_rounded(point);
    ret_place->lat = point.lat;
    ret_place->lon = point.lon;
    return (struct refusal){ 0 };
}

/* ---- who ---- */

static void save_customer(struct turn *turn, const WorkOrderRequest *request,
                          const WorkOrder *order, const struct phone *phone, struct place exact)
{
    const CustomerGiven *customer = request->customer;
    const AddressGiven *address = request->address;
    struct person person = {
        .id = order->person_id,
        .partner_id = order->partner_id,
        .first_name = customer->first_name,
        .last_name = customer->last_name,
        .phone = phone->e164,
        .email = customer->email,
        .language = order->language,
        .is_senior = customer->senior,
        .street = address->street,
        .house = address->house,
        .flat = address->flat,
        .postcode = address->postcode,
        .town = address->town,
        .district = address->district,
        .lat = exact.lat,
        .lon = exact.lon,
    };

    person_save(turn, &person);
    if (order->description_key[0])
        person_save_words(turn, order->description_key, &person, request->description);
}

/* ---- the order ---- */

static timestamp later(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

static WorkOrder *make_order(struct turn *turn, Channel channel, const WorkOrderRequest *request,
                             const struct terms *terms, Place *place)
{
    WorkOrder *order = ARENA_NEW(turn->arena, WorkOrder);
    bool has_words = !string_empty(request->description);

    work_order__init(order);
    order->work_order_id = arena_string(turn->arena, new_id(turn).text);
    order->number = arena_format(turn->arena, "M-%06lld", (long long)terms->next_number);
    order->partner_id = arena_string(turn->arena, terms->partner_id);
    order->contract_id = request->contract_id;
    order->partner_reference = request->partner_reference;
    order->channel = channel;
    order->chooser = terms->chooser;
    order->urgency = request->urgency ? request->urgency : terms->urgency;
    order->state = WORK_ORDER_STATE__OPENED;
    order->service_id = request->service_id;
    order->skill = arena_string(turn->arena, terms->skill);
    order->part_sku = arena_string(turn->arena, terms->part_sku);
    order->person_id = arena_string(turn->arena, new_id(turn).text);
    order->place = place;
    order->visit_length_ms = terms->visit_length_ms;
    order->equipment = terms->equipment;
    order->n_equipment = terms->equipment_count;
    order->technicians = terms->technicians;
    order->earliest_at = later(request->earliest_at, turn->now);
    order->latest_by = order->earliest_at + terms->answer_within_ms;
    order->tolerance_ms = terms->tolerance_ms;
    order->opened_at = turn->now;
    order->language = string_empty(request->language) ? "pl" : request->language;
    order->description_key = has_words ? arena_string(turn->arena, new_id(turn).text) : "";
    /* An order that a customer's own consultant talks over may still come by a mail: then nobody is
     * on the line, and the customer picks by a link. */
    if (channel == CHANNEL__MAIL && order->chooser == CHOOSER__BY_PARTNER)
        order->chooser = CHOOSER__BY_CUSTOMER;
    adopt(turn, terms->adoption, order);
    return order;
}

static struct refusal refuse_cover(enum cover cover)
{
    if (cover == NOT_COVERED)
        return (struct refusal){ PROBLEM_NOT_COVERED, "not_covered", "/service_id",
                                 "Umowa nie obejmuje tej usługi.", false };
    return (struct refusal){ PROBLEM_LIMIT, "guarantee_sum", "/policy",
                             "Suma gwarancyjna jest już wykorzystana.", false };
}

static struct error refuse(struct turn *turn, const struct report *report, const char *partner_id,
                           const WorkOrderRequest *request, const struct refusal *refusal)
{
    bool is_quarantine = refusal->is_for_person && report->channel == CHANNEL__MAIL;
    ReportRefused refused = REPORT_REFUSED__INIT;
    ReportQuarantined quarantined = REPORT_QUARANTINED__INIT;

    store_end_report(turn, report, is_quarantine ? "quarantined" : "refused", refusal->rule,
                     partner_id, NULL);
    if (report->is_saved)
        TRY(subject_lock(turn, report->report_id, NULL));
    else
        subject_open(turn, report->report_id);
    if (is_quarantine) {
        quarantined.report_id = arena_string(turn->arena, report->report_id);
        quarantined.partner_id = arena_string(turn->arena, partner_id);
        quarantined.channel = report->channel;
        quarantined.rule = arena_string(turn->arena, refusal->rule);
        emit(turn, report->report_id, &quarantined);
        return OK;
    }
    refused.report_id = arena_string(turn->arena, report->report_id);
    refused.partner_id = arena_string(turn->arena, partner_id);
    refused.channel = report->channel;
    refused.rule = arena_string(turn->arena, refusal->rule);
    refused.partner_reference = request->partner_reference;
    emit(turn, report->report_id, &refused);
    return OK;
}

static struct error join(struct turn *turn, const struct report *report, const struct terms *terms,
                         struct opening *ret_opening)
{
    ret_opening->is_joined = true;
    TRY(store_load_order(turn, terms->open_order_id, &ret_opening->record));
    store_end_report(turn, report, "joined", "same_claim", terms->partner_id,
                     ret_opening->record.order);
    return OK;
}

/* What can be said before money is looked at: where, whom to call, is the service covered. */
static struct refusal look_over(struct turn *turn, const WorkOrderRequest *request,
                                const struct terms *terms, Place *ret_place,
                                struct place *ret_exact)
{
    struct refusal refusal = locate(turn, request->address, ret_place, ret_exact);
    struct phone phone = phone_parse(text_of(request->customer->phone));

    if (refusal.rule)
        return refusal;
    if (phone.kind == PHONE_INVALID)
        return (struct refusal){ PROBLEM_INVALID, "phone", "/customer/phone",
                                 "To nie jest polski numer telefonu.", true };
    return terms->is_listed ? (struct refusal){ 0 } : refuse_cover(NOT_COVERED);
}

/* Reserves what may be spent; `ret_refusal` says so when that is nothing. An order without a policy
 * has a counter of its own: nobody else can hold it, and nothing has to be read. */
static struct error reserve(struct turn *turn, const WorkOrderRequest *request,
                            const struct terms *terms, struct order_record *record,
                            struct refusal *ret_refusal)
{
    WorkOrder *order = record->order;
    bool is_own = string_empty(request->policy);
    struct sum sum = { .total_grosz = terms->guarantee_sum_grosz };

    record->policy = is_own ? order->work_order_id : request->policy;
    if (!is_own)
        TRY(store_open_or_lock_guarantee(turn, order->contract_id, record->policy, terms, &sum));
    struct cover_verdict verdict = decide_cover(true, &sum, terms->expected_cost_grosz);
    if (verdict.cover != COVERED && verdict.cover != COVERED_PARTLY) {
        *ret_refusal = refuse_cover(verdict.cover);
        return OK;
    }
    order->reserved_grosz = verdict.reserve_grosz;
    if (is_own)
        store_open_guarantee(turn, order->contract_id, record->policy, terms,
                             order->reserved_grosz);
    else
        store_move_guarantee(turn, order->contract_id, record->policy, order->reserved_grosz, 0);
    return OK;
}

static struct order_record record_of(const struct turn *turn, WorkOrder *order,
                                     const struct terms *terms)
{
    return (struct order_record){ .order = order,
                                  .visit_id = "",
                                  .technician_name = "",
                                  .choose_until = turn->now + terms->choose_within_ms,
                                  .lines_expected = -1 };
}

static void tell_opened(struct turn *turn, const struct order_record *record)
{
    WorkOrder *order = record->order;
    WorkOrderOpened opened = WORK_ORDER_OPENED__INIT;

    store_save_order(turn, record);
    subject_open(turn, order->work_order_id);
    opened.order = order;
    emit(turn, order->work_order_id, &opened);
}

static void open_it(struct turn *turn, const struct report *report, const WorkOrderRequest *request,
                    const struct order_record *record, struct place exact)
{
    struct phone phone = phone_parse(text_of(request->customer->phone));

    save_customer(turn, request, record->order, &phone, exact);
    store_end_report(turn, report, "opened", "", record->order->partner_id, record->order);
    tell_opened(turn, record);
}

/* ---- what follows ---- */

/* Of the same customer, at the same address, of the same claim: `first` is the order he asked for,
 * `before` the one that this one comes after. */
static WorkOrder *make_following(struct turn *turn, const WorkOrderRequest *request,
                                 const struct terms *terms, const WorkOrder *first,
                                 const WorkOrder *before, int64_t gap_ms)
{
    WorkOrder *order = make_order(turn, first->channel, request, terms, first->place);
    const struct before last = { .bounds = { before->earliest_at, before->latest_by },
                                 .visit_length_ms = before->visit_length_ms };

    order->person_id = first->person_id;
    order->description_key = first->description_key;
    order->origin = first->work_order_id;
    put_after(order, before->work_order_id, &last, gap_ms, terms->answer_within_ms);
    return order;
}

/* Why an order of these terms cannot follow as number `length` of a row; NULL when it can. */
static const char *refuse_following(const struct terms *terms, int64_t length)
{
    if (!terms->is_listed)
        return "not_covered";
    if (terms->open_order_id[0])
        return "same_claim";
    return length > FOLLOWING_MOST ? "after_too_many" : NULL;
}

/* What the contract lets follow is opened in the same turn, one after the other, as far as cover
 * and limits go: the customer's leak is repaired even when the sum does not carry the painting. */
static struct error open_following(struct turn *turn, const WorkOrderRequest *request,
                                   const struct terms *terms, int64_t length,
                                   struct opening *opening)
{
    const WorkOrder *first = opening->record.order, *before = first;
    WorkOrderRequest next = *request;
    struct terms of = *terms;
    struct refusal refusal = { 0 };

    next.urgency =
        URGENCY__URGENCY_UNSPECIFIED; /* how urgent the first one is says nothing of it */
    next.earliest_at = 0;
    while (of.followed_by[0] && !opening->not_followed) {
        int64_t gap_ms = of.followed_gap_ms;
        next.service_id = arena_string(turn->arena, of.followed_by);
        TRY(store_load_more_terms(turn, &next, &of));
        opening->not_followed = refuse_following(&of, ++length);
        if (opening->not_followed)
            break;
        WorkOrder *order = make_following(turn, &next, &of, first, before, gap_ms);
        struct order_record record = record_of(turn, order, &of);
        TRY(reserve(turn, &next, &of, &record, &refusal));
        opening->not_followed = refusal.rule;
        if (refusal.rule)
            break;
        tell_opened(turn, &record);
        opening->following[opening->following_count++] = order->work_order_id;
        before = order;
    }
    return OK;
}

static bool waits_for(const struct before *before)
{
    return before->state == WORK_ORDER_STATE__OPENED ||
           before->state == WORK_ORDER_STATE__UNSTAFFED;
}

struct error open_order(struct turn *turn, const struct report *report,
                        const WorkOrderRequest *request, struct opening *ret_opening)
{
    struct terms terms;
    Place *place = ARENA_NEW(turn->arena, Place);
    struct refusal *refusal = &ret_opening->refusal;
    struct place exact = { 0 };
    struct before before;

    place__init(place);
    TRY(store_load_terms(turn, request, &terms));
    /* A mail's turn sees over the walls; its sender's contracts are his own alone. */
    bool is_anothers = turn->actor.partner[0] && !string_is(terms.partner_id, turn->actor.partner);
    if (!terms.partner_id[0] || is_anothers) {
        *refusal = (struct refusal){ PROBLEM_INVALID, "contract_unknown", "/contract_id",
                                     "Nie znamy takiej umowy.", true };
        return refuse(turn, report, turn->actor.partner, request, refusal);
    }
    turn_belongs_to(turn, terms.partner_id);
    if (terms.open_order_id[0])
        return join(turn, report, &terms, ret_opening);
    *refusal = look_over(turn, request, &terms, place, &exact);
    if (!refusal->rule)
        TRY(check_after(turn, request, terms.partner_id, &before, refusal));
    if (refusal->rule)
        return refuse(turn, report, terms.partner_id, request, refusal);

    struct order_record *record = &ret_opening->record;
    *record = record_of(turn, make_order(turn, report->channel, request, &terms, place), &terms);
    if (request->after)
        put_after(record->order, request->after->work_order_id, &before, request->after->gap_ms,
                  terms.answer_within_ms);
    TRY(reserve(turn, request, &terms, record, refusal));
    if (refusal->rule)
        return refuse(turn, report, terms.partner_id, request, refusal);
    open_it(turn, report, request, record, exact);
    if (request->after && record->order->chooser == CHOOSER__BY_CUSTOMER && !waits_for(&before))
        tell_may_choose(turn, record->order);
    return open_following(turn, request, &terms, before.length + 1, ret_opening);
}
