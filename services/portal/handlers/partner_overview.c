/* What a dashboard asks of others: sums of intake, free hours of matching. Both are kept for a
 * while in the memory of this process, by partner: a dashboard that is looked at asks once in that
 * time. */
#include "lib/domain/calendar.h"
#include "lib/domain/money.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "services/portal/handlers/partner.h"
#include <stdlib.h>
#include <string.h>

enum { SUMS_MS = 5000, HOURS_MS = 60000, KEPT_PARTNERS = 64, KEPT_BYTES = 8192 };

/* ---- memory ---- */

/* Process memory on purpose: it may be lost, and it is never wrong for longer than its time. A
 * partner's place is a hash of its name; who does not stand there is asked for anew. */
struct kept {
    char partner[32];
    timestamp until; /* machine time */
    size_t length;
    char bytes[KEPT_BYTES];
};
static struct kept kept_sums[KEPT_PARTNERS], kept_hours[KEPT_PARTNERS];

static struct kept *place_of(struct kept places[], const char *partner)
{
    unsigned hash = 5381;

    for (const char *at = partner; *at; at++)
        hash = hash * 33 + (unsigned char)*at;
    return &places[hash % KEPT_PARTNERS];
}

static struct text recall(struct turn *turn, struct kept places[], const char *partner)
{
    const struct kept *kept = place_of(places, partner);

    if (!string_is(kept->partner, partner) || kept->until <= turn->machine_now)
        return NO_TEXT;
    return (struct text){ arena_text(turn->arena, (struct text){ kept->bytes, kept->length }),
                          kept->length };
}

static void remember(struct turn *turn, struct kept places[], const char *partner,
                     struct text bytes, int64_t for_ms)
{
    struct kept *kept = place_of(places, partner);

    if (!bytes.length || bytes.length > KEPT_BYTES ||
        text_of(partner).length >= sizeof kept->partner)
        return;
    memcpy(kept->partner, partner, text_of(partner).length + 1);
    memcpy(kept->bytes, bytes.at, bytes.length);
    kept->length = bytes.length;
    kept->until = turn->machine_now + for_ms;
}

/* ---- asking ---- */

/* What goes along with the second question: whom the answer is for, then the first answer. */
struct waiting {
    handle_overview on_overview;
};

static struct error go_on(struct turn *turn, struct text note, struct text sums, struct text hours)
{
    struct reply *reply = reply_later(turn);
    struct waiting waiting;
    struct staff staff;
    bool is_open;

    memcpy(&waiting, note.at, sizeof waiting);
    TRY(open_staff(turn, ACTOR_PARTNER, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    remember(turn, kept_sums, staff.account.partner, sums, SUMS_MS);
    remember(turn, kept_hours, staff.account.partner, hours, HOURS_MS);
    return waiting.on_overview(turn, &staff, &(struct overview){ sums, hours }, reply);
}

static struct error on_hours(struct turn *turn, const struct answer *answer)
{
    struct text sums = { answer->note.at + sizeof(struct waiting),
                         answer->note.length - sizeof(struct waiting) };

    return go_on(turn, answer->note, sums, answer->status == 200 ? answer->body : NO_TEXT);
}

static struct error make_search(struct turn *turn, const char *partner_id,
                                FreeHoursRequest *request)
{
    struct usual_service service;
    struct place_row *towns;
    int count;

    TRY(store_load_usual_service(turn, partner_id, PARTNER_SINCE(turn), &service));
    TRY(store_load_towns(turn, partner_id, PARTNER_SINCE(turn), &towns, &count));
    request->skill = arena_string(turn->arena, service.skill);
    request->visit_length_ms = service.visit_length_ms;
    request->days = FREE_DAYS;
    request->places = ARENA_ARRAY(turn->arena, Place *, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        Place *place = ARENA_NEW(turn->arena, Place);
        place__init(place);
        place->town = arena_string(turn->arena, towns[i].town);
        place->lat = towns[i].lat;
        place->lon = towns[i].lon;
        request->places[request->n_places++] = place;
    }
    return OK;
}

/* `note` begins with the waiting one; `sums` goes along behind it. */
static struct error ask_hours(struct turn *turn, const struct staff *staff, struct text note,
                              struct text sums, struct reply *reply)
{
    FreeHoursRequest request = FREE_HOURS_REQUEST__INIT;
    struct text hours = recall(turn, kept_hours, staff->account.partner);

    TRY(make_search(turn, staff->account.partner, &request));
    if (hours.length || !request.n_places || !request.skill[0])
        return go_on(turn, note, sums, hours);
    char *both = arena_alloc(turn->arena, sizeof(struct waiting) + sums.length + 1);
    memcpy(both, note.at, sizeof(struct waiting));
    if (sums.length)
        memcpy(both + sizeof(struct waiting), sums.at, sums.length);
    return ask_owner(turn, &staff->actor,
                     &(struct question){ .urls = config.matching_urls,
                                         .method = "POST",
                                         .path = "/v1/free-hours",
                                         .body = &request,
                                         .on_answer = on_hours,
                                         .note = { both, sizeof(struct waiting) + sums.length } },
                     reply);
}

static struct error on_sums(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct staff staff;
    bool is_open;

    TRY(open_staff(turn, ACTOR_PARTNER, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    turn_belongs_to(turn, staff.account.partner);
    return ask_hours(turn, &staff, answer->note, answer->status == 200 ? answer->body : NO_TEXT,
                     reply);
}

struct error ask_overview(struct turn *turn, const struct staff *staff, handle_overview on_overview,
                          struct reply *reply)
{
    struct waiting waiting = { on_overview };
    char *note = arena_alloc(turn->arena, sizeof waiting);
    struct text sums = recall(turn, kept_sums, staff->account.partner);

    memcpy(note, &waiting, sizeof waiting);
    if (sums.length)
        return ask_hours(turn, staff, (struct text){ note, sizeof waiting }, sums, reply);
    return ask_owner(turn, &staff->actor,
                     &(struct question){ .urls = config.intake_urls,
                                         .method = "GET",
                                         .path = "/v1/guarantees",
                                         .on_answer = on_sums,
                                         .note = { note, sizeof waiting } },
                     reply);
}

/* ---- tiles ---- */

static int64_t percent(int64_t part, int64_t whole)
{
    return whole > 0 ? (part * 100 + whole / 2) / whole : 0;
}

static void add_contract(struct turn *turn, struct view *view, const GuaranteeLine *line)
{
    struct view *item = view_item(view, "contracts");
    int64_t taken = line->used_grosz + line->reserved_grosz;

    view_text(item, "contract_id", line->contract_id);
    view_text(item, "contract_name", line->name);
    view_text(item, "contract_left", money_text(turn->arena, line->sum_grosz - taken));
    view_text(item, "contract_sum", money_text(turn->arena, line->sum_grosz));
    view_text(item, "contract_share",
              arena_format(turn->arena, "%lld", (long long)percent(taken, line->sum_grosz)));
}

void add_sums(struct turn *turn, struct view *view, struct text sums)
{
    int64_t sum = 0, reserved = 0, used = 0;
    ProtobufCMessage *message = NULL;
    struct error away = rejected(PROBLEM_INTERNAL, NULL, "no sums");

    if (sums.length)
        away = foreign_parse(turn, &guarantee_list__descriptor, sums, &message);
    view_flag(view, "costs_away", away.kind != ERROR_NONE);
    view_list(view, "money");
    const GuaranteeList *list = (const GuaranteeList *)message;
    if (!list || !list->n_contracts)
        return;
    struct view *money = view_item(view, "money");
    for (size_t i = 0; i < list->n_contracts; i++) {
        sum += list->contracts[i]->sum_grosz;
        reserved += list->contracts[i]->reserved_grosz;
        used += list->contracts[i]->used_grosz;
        add_contract(turn, money, list->contracts[i]);
    }
    view_text(money, "used", money_text(turn->arena, used));
    view_text(money, "reserved", money_text(turn->arena, reserved));
    view_text(money, "left", money_text(turn->arena, sum - used - reserved));
    view_text(money, "sum", money_text(turn->arena, sum));
    view_text(money, "share",
              arena_format(turn->arena, "%lld", (long long)percent(used + reserved, sum)));
}

/* How full a cell looks. */
static const char *level_of(int32_t hours)
{
    if (hours == 0)
        return "none";
    return hours < 4 ? "few" : "many";
}

static const char *short_day(struct turn *turn, int32_t date)
{
    static const char *const days[] = { "", "pn", "wt", "śr", "cz", "pt", "so", "nd" };

    return arena_format(turn->arena, "%s %d", days[date_weekday(date)], date_civil(date).day);
}

static void add_town(struct turn *turn, struct view *free, const FreePlace *place)
{
    struct view *item = view_item(free, "towns");

    view_text(item, "town", place->town);
    view_text(item, "first",
              place->first_at
                  ? arena_format(turn->arena, "od %s", short_moment(turn, place->first_at))
                  : "brak");
    view_list(item, "hours");
    for (size_t k = 0; k < place->n_hours; k++) {
        struct view *cell = view_item(item, "hours");
        view_text(cell, "level", level_of(place->hours[k]));
        view_text(cell, "count", arena_format(turn->arena, "%d", place->hours[k]));
    }
}

struct error add_free_hours(struct turn *turn, struct view *view, const char *partner_id,
                            struct text hours)
{
    struct usual_service service;
    ProtobufCMessage *message = NULL;
    struct error away = OK;

    TRY(store_load_usual_service(turn, partner_id, PARTNER_SINCE(turn), &service));
    if (hours.length)
        away = foreign_parse(turn, &free_hours_reply__descriptor, hours, &message);
    view_flag(view, "free_away", away.kind != ERROR_NONE || (!message && service.skill[0]));
    view_list(view, "free");
    const FreeHoursReply *told = (const FreeHoursReply *)message;
    if (!told)
        return OK;
    struct view *free = view_item(view, "free");
    view_text(free, "free_service", service.name);
    for (int32_t i = 0; i < FREE_DAYS; i++)
        view_text(view_item(free, "free_days"), "free_day", short_day(turn, told->first_day + i));
    view_list(free, "towns");
    for (size_t i = 0; i < told->n_places; i++)
        add_town(turn, free, told->places[i]);
    return OK;
}
