/* The technician's own calendar: when he works, and time off. Before he enters it he sees the
 * promises that stand in it: workforce keeps the calendar, matching knows the visits. */
#include "lib/domain/calendar.h"
#include "proto/matching.pb-c.h"
#include "proto/workforce.pb-c.h"
#include "services/portal/handlers.h"

static const char home[] = "/my-calendar";
enum { SHIFTS_SHOWN = 40 };

/* ---- the hours asked about ---- */

/* "2026-11-24T08:00", as browsers write it, on Warsaw's clock. */
static bool read_moment(struct text text, timestamp *ret_at)
{
    struct text clock, day = text_cut(text, 'T', &clock);
    int32_t date, minutes;

    if (!date_parse(day, &date) || !clock_parse(clock, &minutes))
        return false;
    struct civil civil = date_civil(date);
    civil.hour = minutes / 60;
    civil.minute = minutes % 60;
    *ret_at = timestamp_from_civil(civil);
    return true;
}

static bool asks_about(const struct turn *turn, struct window *ret_window)
{
    return read_moment(text_of(query_parameter(turn, "from")), &ret_window->from) &&
           read_moment(text_of(query_parameter(turn, "until")), &ret_window->until);
}

/* ---- the page ---- */

static void add_shifts(struct turn *turn, struct view *view, const Technician *technician)
{
    size_t shown = 0;

    view_list(view, "shifts");
    for (size_t i = 0; i < technician->n_shifts && shown < SHIFTS_SHOWN; i++) {
        const Shift *shift = technician->shifts[i];
        if (shift->until <= turn->now)
            continue;
        struct view *item = view_item(view, "shifts");
        view_text(item, "shift_day", date_text_long(turn->arena, shift->day));
        view_text(item, "hours",
                  arena_format(turn->arena, "%s–%s", clock_text(turn->arena, shift->from),
                               clock_text(turn->arena, shift->until)));
        view_flag(item, "is_on_call", shift->on_call);
        shown++;
    }
}

static void add_absences(struct turn *turn, struct view *view, const Technician *technician)
{
    view_list(view, "absences");
    for (size_t i = 0; i < technician->n_absences; i++) {
        const Absence *absence = technician->absences[i];
        if (absence->until <= turn->now)
            continue;
        struct view *item = view_item(view, "absences");
        view_text(item, "absence_id", absence->absence_id);
        view_text(item, "absent_from", moment_text_long(turn->arena, absence->from));
        view_text(item, "absent_until", moment_text_long(turn->arena, absence->until));
        view_text(item, "absent_reason", absence->reason);
    }
}

/* `clashes` is NULL as long as no hours are asked about, or when they cannot be. */
static void add_clashes(struct turn *turn, struct view *view, const ClashList *clashes)
{
    struct window window = { 0, 0 };

    view_flag(view, "is_checked", clashes && asks_about(turn, &window));
    view_text(view, "from_at", arena_format(turn->arena, "%lld", (long long)window.from));
    view_text(view, "until_at", arena_format(turn->arena, "%lld", (long long)window.until));
    view_text(view, "from_long", moment_text_long(turn->arena, window.from));
    view_text(view, "until_long", moment_text_long(turn->arena, window.until));
    view_flag(view, "has_clashes", clashes && clashes->n_clashes);
    view_list(view, "clashes");
    for (size_t i = 0; clashes && i < clashes->n_clashes; i++) {
        struct view *item = view_item(view, "clashes");
        view_text(item, "clash_hour", moment_text_long(turn->arena, clashes->clashes[i]->start_at));
        view_text(item, "clash_number", clashes->clashes[i]->number);
    }
}

static struct error reply_calendar(struct turn *turn, const Technician *technician,
                                   const ClashList *clashes, const struct findings *findings)
{
    struct view *view = page_view(turn, "Mój kalendarz");
    struct reply *reply = reply_later(turn);

    page_signed_in(view, ACTOR_TECHNICIAN);
    show_flash(turn, reply, view);
    view_flag(view, "has_findings", findings->count);
    add_findings(view, findings);
    view_text(view, "from_given", query_parameter(turn, "from"));
    view_text(view, "until_given", query_parameter(turn, "until"));
    add_shifts(turn, view, technician);
    add_absences(turn, view, technician);
    add_clashes(turn, view, clashes);
    add_form_key(turn, view);
    return page_reply(turn, reply, "t_calendar", view);
}

/* ---- asking ---- */

static bool read_technician(struct turn *turn, struct text body, const Technician **ret)
{
    ProtobufCMessage *message = NULL;
    struct error error = foreign_parse(turn, &technician__descriptor, body, &message);

    *ret = (const Technician *)message;
    return error.kind == ERROR_NONE;
}

/* The note is workforce's answer. */
static struct error on_clashes(struct turn *turn, const struct answer *answer)
{
    ProtobufCMessage *clashes = NULL;
    const Technician *technician;
    struct findings findings = { NULL, 0, "" };

    if (!read_technician(turn, answer->note, &technician))
        return reply_staff_without_answer(turn, home, reply_later(turn));
    if (answer->status == 200) {
        struct error error = foreign_parse(turn, &clash_list__descriptor, answer->body, &clashes);
        if (error.kind != ERROR_NONE)
            return reply_staff_without_answer(turn, home, reply_later(turn));
    } else if (answer->status >= 400 && answer->status < 500)
        findings = read_findings(turn, answer->body);
    else
        return reply_staff_without_answer(turn, home, reply_later(turn));
    return reply_calendar(turn, technician, (const ClashList *)clashes, &findings);
}

static struct error on_technician(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    const Technician *technician;
    struct window window;
    struct staff staff;
    bool is_open;

    TRY(open_staff(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    if (answer->status == 404)
        return page_notice(turn, reply,
                           &(struct notice){ .status = 404,
                                             .title = "Nie ma jeszcze kalendarza",
                                             .sentence = "Twoich danych nie wpisano jeszcze do "
                                                         "grafiku. Zrobi to dyspozytor.",
                                             .back = "/t",
                                             .back_label = "Mój dzień" });
    if (answer->status != 200 || !read_technician(turn, answer->body, &technician))
        return reply_staff_without_answer(turn, home, reply);
    if (!asks_about(turn, &window))
        return reply_calendar(turn, technician, NULL, &(struct findings){ NULL, 0, "" });
    const char *path =
        arena_format(turn->arena, "/v1/technicians/%s/clashes?from=%lld&until=%lld",
                     staff.account.id, (long long)window.from, (long long)window.until);
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.matching_urls,
                                         .method = "GET",
                                         .path = path,
                                         .on_answer = on_clashes,
                                         .note = answer->body },
                     reply);
}

struct error show_technician_calendar(struct turn *turn, const void *message, struct reply *reply)
{
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    return ask_owner(turn, &staff.actor,
                     &(struct question){
                         .urls = config.workforce_urls,
                         .method = "GET",
                         .path = arena_format(turn->arena, "/v1/technicians/%s", staff.account.id),
                         .on_answer = on_technician },
                     reply);
}

/* ---- time off ---- */

/* The note is the flash that says it was done. */
static struct error on_changed(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);

    if (answer->status >= 200 && answer->status < 300) {
        redirect_with_flash(turn, reply, home, arena_text(turn->arena, answer->note));
        return OK;
    }
    if (answer->status < 400 || answer->status >= 500)
        return reply_staff_without_answer(turn, home, reply);
    struct findings findings = read_findings(turn, answer->body);
    return page_notice(turn, reply,
                       &(struct notice){ .status = 422,
                                         .title = "Nic nie zmieniliśmy",
                                         .sentence = findings.count ? findings.at[0].detail : "",
                                         .back = home,
                                         .back_label = "Mój kalendarz" });
}

struct error enter_absence(struct turn *turn, const void *message, struct reply *reply)
{
    AbsenceRequest request = ABSENCE_REQUEST__INIT;
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    /* What is no number stays 0, and workforce says what is wrong. */
    (void)text_number(text_of(form_field(turn, "from_at")), &request.from);
    (void)text_number(text_of(form_field(turn, "until_at")), &request.until);
    request.reason = arena_string(turn->arena, form_field(turn, "reason"));
    return ask_owner(
        turn, &staff.actor,
        &(struct question){
            .urls = config.workforce_urls,
            .method = "POST",
            .path = arena_format(turn->arena, "/v1/technicians/%s/absences", staff.account.id),
            .body = &request,
            .key = form_key(turn, form_field(turn, "key")),
            .on_answer = on_changed,
            .note = text_of("absence_entered") },
        reply);
}

struct error take_absence_back(struct turn *turn, const void *message, struct reply *reply)
{
    const char *absence_id = path_parameter(turn, "absence_id");
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    if (!id_valid(absence_id))
        return page_unknown(turn, reply);
    return ask_owner(
        turn, &staff.actor,
        &(struct question){ .urls = config.workforce_urls,
                            .method = "DELETE",
                            .path = arena_format(turn->arena, "/v1/technicians/%s/absences/%s",
                                                 staff.account.id, absence_id),
                            .on_answer = on_changed,
                            .note = text_of("absence_taken_back") },
        reply);
}
