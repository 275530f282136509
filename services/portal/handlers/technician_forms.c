/* What the technician says of a visit: sent on to visits, which decides, with the form's key. */
#include "lib/domain/calendar.h"
#include "proto/portal.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/multipart.h"
#include "services/portal/domain/written.h"
#include "services/portal/handlers/technician.h"

enum { LINES_MOST = 20, PARTS_MOST = 10, ETA_MINUTES_MOST = 600, FURTHER_MINUTES_MOST = 600 };

static const char *visit_path(struct turn *turn, const char *step)
{
    return arena_format(turn->arena, "/v1/visits/%s/%s", path_parameter(turn, "work_order_id"),
                        step);
}

static const char *own_page(struct turn *turn)
{
    return arena_format(turn->arena, "/t/%s?day=%s", path_parameter(turn, "work_order_id"),
                        date_text(turn->arena, technician_date(turn)));
}

/* ---- answers ---- */

/* The note is the flash that says it was done. */
static struct error on_said(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct staff staff;
    bool is_open;

    TRY(open_staff(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    if (answer->status >= 200 && answer->status < 300) {
        redirect_with_flash(turn, reply, own_page(turn), arena_text(turn->arena, answer->note));
        return OK;
    }
    if (answer->status < 400 || answer->status >= 500)
        return reply_staff_without_answer(turn, own_page(turn), reply);
    return show_visit_again(turn, &staff, answer->body, reply);
}

/* ---- asking ---- */

static struct error say(struct turn *turn, const struct staff *staff, const char *step,
                        const void *body, const char *flash, struct reply *reply)
{
    return ask_owner(turn, &staff->actor,
                     &(struct question){ .urls = config.visits_urls,
                                         .method = "POST",
                                         .path = visit_path(turn, step),
                                         .body = body,
                                         .key = form_key(turn, form_field(turn, "key")),
                                         .on_answer = on_said,
                                         .note = text_of(flash) },
                     reply);
}

/* What portal itself cannot send on, told as an owner would tell it. */
static struct error refuse_here(struct turn *turn, const struct staff *staff, const char *detail,
                                struct reply *reply)
{
    Problem problem = PROBLEM__INIT;

    problem.detail = arena_string(turn->arena, detail);
    return show_visit_again(turn, staff, json_write(turn->arena, &problem.base, 0), reply);
}

struct error say_on_the_way(struct turn *turn, const void *message, struct reply *reply)
{
    OnTheWayRequest request = ON_THE_WAY_REQUEST__INIT;
    struct staff staff;
    int64_t minutes = 0;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    if (text_number(text_of(form_field(turn, "eta")), &minutes) && minutes > 0 &&
        minutes <= ETA_MINUTES_MOST)
        request.eta_at = turn->now + minutes * MINUTES(1);
    return say(turn, &staff, "on-the-way", &request, "set_out", reply);
}

struct error say_there(struct turn *turn, const void *message, struct reply *reply)
{
    ThereRequest request = THERE_REQUEST__INIT;
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    return is_open ? say(turn, &staff, "there", &request, "arrived", reply) : OK;
}

struct error say_absent(struct turn *turn, const void *message, struct reply *reply)
{
    NobodyCameRequest request = NOBODY_CAME_REQUEST__INIT;
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    request.note = arena_string(turn->arena, form_field(turn, "note"));
    return say(turn, &staff, "customer-absent", &request, "absent", reply);
}

/* ---- done ---- */

static const char *numbered_field(struct turn *turn, const char *name, int n)
{
    return form_field(turn, arena_format(turn->arena, "%s_%d", name, n));
}

/* A row without an item is left out; one without a number is refused with its sentence. */
static const char *read_lines(struct turn *turn, DoneRequest *request)
{
    request->lines = ARENA_ARRAY(turn->arena, ProtocolLine *, LINES_MOST);
    for (int n = 1; n <= LINES_MOST; n++) {
        const char *item = numbered_field(turn, "item", n);
        int64_t quantity;
        if (string_empty(item))
            continue;
        if (!quantity_parse(text_of(numbered_field(turn, "quantity", n)), &quantity))
            return arena_format(turn->arena, "Pozycja %d: podaj ilość, na przykład 1 albo 1,5", n);
        ProtocolLine *line = ARENA_NEW(turn->arena, ProtocolLine);
        protocol_line__init(line);
        line->item = arena_string(turn->arena, item);
        line->quantity = quantity;
        request->lines[request->n_lines++] = line;
    }
    return NULL;
}

static void add_part(struct turn *turn, DoneRequest *request, const char *sku, int64_t quantity)
{
    UsedPart *part = ARENA_NEW(turn->arena, UsedPart);

    used_part__init(part);
    part->sku = arena_string(turn->arena, sku);
    part->quantity = quantity;
    request->parts[request->n_parts++] = part;
}

/* Parts that were ordered for the visit, one of each, and one from the van; the sentence when its
 * number is none. */
static const char *read_parts(struct turn *turn, DoneRequest *request)
{
    const char *other = form_field(turn, "other_part"), *count = form_field(turn, "other_count");
    int64_t quantity = 1;

    request->parts = ARENA_ARRAY(turn->arena, UsedPart *, PARTS_MOST + 1);
    for (int n = 1; n <= PARTS_MOST; n++) {
        const char *sku = numbered_field(turn, "part", n);
        if (!string_empty(sku))
            add_part(turn, request, sku, 1);
    }
    if (string_empty(other))
        return NULL;
    if (count[0] && (!text_number(text_trim(text_of(count)), &quantity) || quantity < 1))
        return "Część z auta: podaj liczbę sztuk, na przykład 1.";
    add_part(turn, request, other, quantity);
    return NULL;
}

static bool is_end(const char *reason)
{
    const struct label_list ends = further_reasons(true);

    for (int i = 0; i < ends.count; i++)
        if (string_is(ends.at[i].key, reason))
            return true;
    return false;
}

/* "2026-11-24": that day's beginning, at once when it is today; the sentence when it is none. */
static const char *read_earliest(struct turn *turn, FurtherWork *further)
{
    struct text day = text_trim(text_of(form_field(turn, "further_day")));
    int32_t date, today = date_from_timestamp(turn->now);

    if (!day.length)
        return NULL;
    if (!date_parse(day, &date))
        return "Następna wizyta: podaj dzień, na przykład 2026-11-24.";
    if (date < today)
        return "Następna wizyta: ten dzień już minął.";
    further->earliest_at = date > today ? date_start(date) : 0;
    return NULL;
}

/* What is left to do; nothing of it when all is done, or when it goes on as it was. The sentence
 * when it does not fit together. */
static const char *read_further(struct turn *turn, DoneRequest *request)
{
    const char *reason = form_field(turn, "further"), *wrong;
    struct text minutes = text_trim(text_of(form_field(turn, "further_minutes")));
    FurtherWork *further = ARENA_NEW(turn->arena, FurtherWork);
    int64_t length = 0;

    further_work__init(further);
    if (string_is(request->solved, "yes"))
        return NULL;
    if (minutes.length &&
        (!text_number(minutes, &length) || length < 0 || length > FURTHER_MINUTES_MOST))
        return "Następna wizyta: wybierz długość z listy.";
    wrong = read_earliest(turn, further);
    if (wrong)
        return wrong;
    further->length_ms = length * MINUTES(1);
    further->none = is_end(reason);
    further->reason = arena_string(turn->arena, reason);
    bool is_planned = further->length_ms != 0 || further->earliest_at != 0;
    if (string_empty(reason) && is_planned)
        return "Wybierz, dlaczego prace nie są skończone.";
    if (further->none && is_planned)
        return "Nic więcej nie robimy: zostaw puste, ile potrwa i kiedy będzie następna wizyta.";
    if (!string_empty(reason))
        request->further = further;
    return NULL;
}

struct error say_done(struct turn *turn, const void *message, struct reply *reply)
{
    DoneRequest request = DONE_REQUEST__INIT;
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    request.findings = arena_string(turn->arena, form_field(turn, "findings"));
    request.work_done = arena_string(turn->arena, form_field(turn, "work_done"));
    request.solved = arena_string(turn->arena, form_field(turn, "solved"));
    request.signer_name = arena_string(turn->arena, form_field(turn, "signer_name"));
    request.refusal_reason = arena_string(turn->arena, form_field(turn, "refusal_reason"));
    request.card_payment_offered = form_field(turn, "card")[0] != '\0';
    const char *wrong = read_lines(turn, &request);
    if (!wrong)
        wrong = read_parts(turn, &request);
    if (!wrong)
        wrong = read_further(turn, &request);
    if (wrong)
        return refuse_here(turn, &staff, wrong, reply);
    bool goes_on = !string_is(request.solved, "yes") && !(request.further && request.further->none);
    return say(turn, &staff, "done", &request, goes_on ? "visit_unfinished" : "visit_done", reply);
}

/* ---- pictures ---- */

/* The type as a string that outlives the turn; NULL when it is no picture that visits takes. */
static const char *picture_type(struct text type)
{
    if (text_is(type, "image/jpeg"))
        return "image/jpeg";
    return text_is(type, "image/png") ? "image/png" : NULL;
}

static struct error send_picture(struct turn *turn, const struct staff *staff,
                                 const struct multipart *form, const char *step, const char *flash,
                                 struct reply *reply)
{
    const struct form_part *file = multipart_find(form, "file"), *key = multipart_find(form, "key");
    const char *type = file ? picture_type(file->type) : NULL;

    if (!file || !file->bytes.length)
        return refuse_here(turn, staff, "Wybierz zdjęcie.", reply);
    if (!type)
        return refuse_here(turn, staff, "Zdjęcie może być plikiem JPEG albo PNG.", reply);
    return ask_owner(
        turn, &staff->actor,
        &(struct question){ .urls = config.visits_urls,
                            .method = "POST",
                            .path = visit_path(turn, step),
                            .bytes = file->bytes,
                            .content_type = type,
                            .key = form_key(turn, key ? arena_text(turn->arena, key->bytes) : ""),
                            .on_answer = on_said,
                            .note = text_of(flash) },
        reply);
}

/* A form with files whose pieces are inside the request's body. */
static struct error open_picture_form(struct turn *turn, struct reply *reply,
                                      struct staff *ret_staff, struct multipart *ret_form,
                                      bool *ret_is_open)
{
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, ret_staff, ret_is_open));
    if (!*ret_is_open ||
        multipart_read(text_of(request_header(turn, "content-type")), request_body(turn), ret_form))
        return OK;
    *ret_is_open = false;
    return refuse_here(turn, ret_staff, "Zdjęcie nie dotarło w całości. Wyślij je jeszcze raz.",
                       reply);
}

struct error send_photo(struct turn *turn, const void *message, struct reply *reply)
{
    struct multipart *form = ARENA_NEW(turn->arena, struct multipart);
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_picture_form(turn, reply, &staff, form, &is_open));
    if (!is_open)
        return OK;
    const struct form_part *kind = multipart_find(form, "kind");
    bool is_before = kind && text_is(kind->bytes, "before");
    return send_picture(turn, &staff, form, is_before ? "photos?kind=before" : "photos?kind=after",
                        "photo_kept", reply);
}

struct error send_signature(struct turn *turn, const void *message, struct reply *reply)
{
    struct multipart *form = ARENA_NEW(turn->arena, struct multipart);
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_picture_form(turn, reply, &staff, form, &is_open));
    return is_open ? send_picture(turn, &staff, form, "signature", "signature_kept", reply) : OK;
}
