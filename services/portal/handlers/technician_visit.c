/* The page of one visit: what the technician needs at the door, and the forms of its next step. */
#include "lib/domain/calendar.h"
#include "lib/domain/money.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/written.h"
#include "services/portal/handlers/technician.h"

enum { LINES_SHOWN = 5 };

/* What a refused form held; nothing of a form with files. */
static const char *given(struct turn *turn, const char *name)
{
    struct text type = text_of(request_header(turn, "content-type"));

    return text_starts(type, "application/x-www-form-urlencoded") ? form_field(turn, name) : "";
}

/* ---- proof ---- */

static const char *kind_label(const char *kind)
{
    return string_is(kind, "before") ? "przed" : "po";
}

static void add_files(struct view *view, const Course *course)
{
    struct view *photos = NULL;
    bool has_before = false;

    for (size_t i = 0; i < course->n_files; i++) {
        const ProofFile *file = course->files[i];
        if (string_is(file->kind, "signature"))
            continue;
        if (!photos)
            photos = view_item(view, "photos");
        struct view *picture = view_item(photos, "pictures");
        view_text(picture, "sha256", file->sha256);
        view_text(picture, "kind_label", kind_label(file->kind));
        has_before = has_before || string_is(file->kind, "before");
    }
    view_list(view, "photos");
    view_list(view, "signature");
    for (size_t i = course->n_files; i > 0; i--) {
        if (!string_is(course->files[i - 1]->kind, "signature"))
            continue;
        view_text(view_item(view, "signature"), "sha256", course->files[i - 1]->sha256);
        break;
    }
    view_flag(view, "has_before", has_before);
}

/* ---- the protocol's form ---- */

static const char *numbered(struct turn *turn, const char *name, int n)
{
    return arena_format(turn->arena, "%s_%d", name, n);
}

static void add_items(struct turn *turn, struct view *line, const struct price_row *prices,
                      int count, const char *chosen)
{
    for (int i = 0; i < count; i++) {
        struct view *item = view_item(line, "items");
        view_text(item, "item", prices[i].item);
        view_text(item, "item_label",
                  arena_format(turn->arena, "%s (%s za %s)", prices[i].name,
                               money_text(turn->arena, prices[i].price_grosz), prices[i].unit));
        view_flag(item, "is_chosen", string_is(prices[i].item, chosen));
    }
}

static struct error add_lines(struct turn *turn, struct view *view)
{
    struct price_row *prices;
    int count;

    TRY(store_load_prices(turn, &prices, &count));
    view_flag(view, "has_prices", count > 0);
    for (int n = 1; n <= LINES_SHOWN; n++) {
        struct view *line = view_item(view, "lines");
        view_text(line, "n", arena_format(turn->arena, "%d", n));
        view_text(line, "quantity", given(turn, numbered(turn, "quantity", n)));
        add_items(turn, line, prices, count, given(turn, numbered(turn, "item", n)));
    }
    return OK;
}

static void add_solved(struct turn *turn, struct view *view)
{
    static const struct label choices[] = { { "yes", "tak" },
                                            { "partly", "częściowo" },
                                            { "no", "nie" } };

    EACH (choice, choices) {
        struct view *item = view_item(view, "solved_choices");
        view_text(item, "value", choice->key);
        view_text(item, "choice", choice->polish);
        view_flag(item, "is_chosen", string_is(given(turn, "solved"), choice->key));
    }
}

static void add_reasons_of(struct turn *turn, struct view *view, const char *list, bool ends)
{
    const struct label_list reasons = further_reasons(ends);

    for (int i = 0; i < reasons.count; i++) {
        struct view *item = view_item(view, list);
        view_text(item, "reason_key", reasons.at[i].key);
        view_text(item, "reason", reasons.at[i].polish);
        view_flag(item, "is_chosen", string_is(given(turn, "further"), reasons.at[i].key));
    }
}

static void add_further(struct turn *turn, struct view *view)
{
    static const struct label lengths[] = {
        { "15", "15 min" },     { "30", "30 min" },     { "45", "45 min" },
        { "60", "1 godzina" },  { "90", "1,5 godz." },  { "120", "2 godziny" },
        { "180", "3 godziny" }, { "240", "4 godziny" }, { "360", "6 godzin" },
        { "480", "8 godzin" },
    };

    add_reasons_of(turn, view, "come_reasons", false);
    add_reasons_of(turn, view, "end_reasons", true);
    EACH (length, lengths) {
        struct view *item = view_item(view, "lengths");
        view_text(item, "minutes", length->key);
        view_text(item, "length_label", length->polish);
        view_flag(item, "is_chosen", string_is(given(turn, "further_minutes"), length->key));
    }
    view_text(view, "further_day", given(turn, "further_day"));
}

static struct error add_protocol_form(struct turn *turn, struct view *view)
{
    static const char *const fields[] = { "work_done", "signer_name", "refusal_reason",
                                          "other_part", "other_count" };

    EACH (field, fields)
        view_text(view, *field, given(turn, *field));
    view_text(view, "findings_given", given(turn, "findings"));
    view_flag(view, "card", given(turn, "card")[0] != '\0');
    view_text(view, "done_key", arena_string(turn->arena, new_id(turn).text));
    view_text(view, "signature_key", arena_string(turn->arena, new_id(turn).text));
    add_solved(turn, view);
    add_further(turn, view);
    return add_lines(turn, view);
}

/* ---- parts ---- */

static struct error add_parts(struct turn *turn, struct view *view, const Course *course)
{
    const struct visit_row visit = { .start_at = course->start_at,
                                     .shown = show_visit(0, (int)course->state) };
    struct part_row *parts;
    int count;

    TRY(store_load_parts(turn, course->work_order_id, &parts, &count));
    view_list(view, "parts");
    view_list(view, "used_parts");
    view_flag(view, "has_parts", count > 0);
    for (int i = 0; i < count; i++) {
        struct view *item = view_item(view, "parts"), *used = view_item(view, "used_parts");
        add_order_part(turn, item, &parts[i], &visit, "klienta");
        view_text(used, "part", parts[i].name);
        view_text(used, "sku", parts[i].sku);
        view_text(used, "n", arena_format(turn->arena, "%d", i + 1));
    }
    return OK;
}

/* ---- the protocol that stands ---- */

static struct error add_protocol(struct turn *turn, struct view *view, const ProtocolReply *told)
{
    struct price_row *prices;
    int count;

    view_list(view, "protocol");
    if (!told)
        return OK;
    TRY(store_load_prices(turn, &prices, &count));
    struct view *protocol = view_item(view, "protocol");
    view_text(protocol, "found", told->findings);
    view_text(protocol, "did", told->work_done);
    view_flag(protocol, "has_lines", told->n_lines > 0);
    for (size_t i = 0; i < told->n_lines; i++) {
        const ProtocolLineReply *line = told->lines[i];
        struct view *item = view_item(protocol, "cost_lines");
        bool is_answered = !string_is(line->answer, "asked");
        view_text(item, "line_name", price_name(prices, count, line->item));
        view_text(item, "line_quantity", quantity_text(turn->arena, line->quantity));
        view_text(item, "line_total",
                  is_answered ? money_text(turn->arena, line->total_grosz) : "liczymy");
        view_text(item, "line_own",
                  is_answered ? money_text(turn->arena, line->total_grosz - line->covered_grosz)
                              : "");
    }
    return OK;
}

/* ---- the page ---- */

static void add_etas(struct turn *turn, struct view *view)
{
    static const int minutes[] = { 10, 20, 30, 45 };

    EACH (each, minutes) {
        struct view *item = view_item(view, "etas");
        view_text(item, "minutes", arena_format(turn->arena, "%d", *each));
        view_text(item, "eta_label", arena_format(turn->arena, "%d min", *each));
        view_flag(item, "is_usual", *each == 20);
    }
}

/* Who goes along tells nothing. */
static void add_steps(struct turn *turn, struct view *view, const CourseReply *visit)
{
    const Course *course = visit->course;
    enum visit_shown shown = visit->along ? VISIT_OVER : shown_course(course);
    bool is_own_miss = shown == VISIT_NOT_HELD && course->missed_by == MISSED_BY__TECHNICIAN;

    view_flag(view, "is_planned", shown == VISIT_AGREED);
    view_flag(view, "may_come", shown == VISIT_AGREED || shown == VISIT_ON_THE_WAY || is_own_miss);
    view_flag(view, "is_there", shown == VISIT_THERE);
    view_flag(view, "may_be_absent", shown == VISIT_THERE);
    view_flag(view, "absent_open", false);
    view_text(view, "there_key", arena_string(turn->arena, new_id(turn).text));
    view_text(view, "absent_key", arena_string(turn->arena, new_id(turn).text));
    add_etas(turn, view);
}

/* "+48 600 100 200" of "+48600100200". */
static const char *phone_text(struct turn *turn, const char *phone)
{
    struct text text = text_of(phone);

    if (text.length != 12 || !text_starts(text, "+48"))
        return phone;
    return arena_format(turn->arena, "+48 %.3s %.3s %.3s", phone + 3, phone + 6, phone + 9);
}

static struct error reply_visit(struct turn *turn, const CourseReply *visit,
                                const ProtocolReply *protocol, const struct findings *findings,
                                struct reply *reply)
{
    struct view *view = page_view(turn, "Wizyta");

    page_signed_in(view, ACTOR_TECHNICIAN);
    page_script(turn, view, "technician.js");
    show_flash(turn, reply, view);
    add_form_key(turn, view);
    add_findings(view, findings);
    view_flag(view, "has_findings", findings->count > 0);
    TRY(add_stop(turn, view, visit));
    view_text(view, "day_long",
              date_text_long(turn->arena, date_from_timestamp(visit->course->start_at)));
    view_text(view, "road", "");
    view_text(view, "late", "");
    view_text(view, "phone_text", phone_text(turn, visit->phone));
    view_text(view, "description", visit->description);
    add_steps(turn, view, visit);
    view_text(view, "together", visit->together);
    add_files(view, visit->course);
    TRY(add_parts(turn, view, visit->course));
    TRY(add_protocol(turn, view, protocol));
    TRY(add_protocol_form(turn, view));
    if (findings->count)
        reply->status = 422;
    return page_reply(turn, reply, "t_visit", view);
}

/* Of an order's visits on that day, the one that is not over; else the last. */
static const CourseReply *find_visit(const CourseList *list, const char *work_order_id)
{
    const CourseReply *found = NULL;

    for (size_t i = 0; i < list->n_visits; i++) {
        const CourseReply *visit = list->visits[i];
        if (!string_is(visit->course->work_order_id, work_order_id))
            continue;
        if (!found || shown_course(found->course) >= VISIT_OVER)
            found = visit;
    }
    return found;
}

static struct error reply_no_visit(struct turn *turn, struct reply *reply)
{
    return page_notice(turn, reply,
                       &(struct notice){ .status = 404,
                                         .title = "Nie ma tu takiej wizyty",
                                         .sentence = "Mogła dostać inną godzinę albo innego "
                                                     "technika.",
                                         .back = "/t",
                                         .back_label = "Mój dzień" });
}

/* The note is visits' list. */
static struct error on_protocol(struct turn *turn, const struct answer *answer)
{
    struct answer mine = { .status = 200, .body = answer->note };
    const CourseReply *visit = NULL;
    ProtobufCMessage *protocol = NULL;
    const CourseList *list;

    if (read_mine(turn, &mine, &list))
        visit = find_visit(list, path_parameter(turn, "work_order_id"));
    if (!visit)
        return reply_no_visit(turn, reply_later(turn));
    if (answer->status == 200) {
        struct error unreadable =
            foreign_parse(turn, &protocol_reply__descriptor, answer->body, &protocol);
        if (unreadable.kind != ERROR_NONE)
            protocol = NULL;
    }
    return reply_visit(turn, visit, (const ProtocolReply *)protocol,
                       &(struct findings){ .count = 0 }, reply_later(turn));
}

/* The note is what was refused, a problem document, or empty. */
static struct error on_visit(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct findings findings = { .count = 0 };
    const CourseList *list;
    struct staff staff;
    bool is_open;

    TRY(open_mine(turn, answer, &staff, &list, &is_open));
    if (!is_open)
        return OK;
    const CourseReply *visit = find_visit(list, path_parameter(turn, "work_order_id"));
    if (!visit)
        return reply_no_visit(turn, reply);
    if (answer->note.length)
        findings = read_findings(turn, answer->note);
    if (visit->course->state != COURSE_STATE__DONE || findings.count)
        return reply_visit(turn, visit, NULL, &findings, reply);
    const char *path =
        arena_format(turn->arena, "/v1/visits/%s/protocol", visit->course->work_order_id);
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.visits_urls,
                                         .method = "GET",
                                         .path = path,
                                         .on_answer = on_protocol,
                                         .note = answer->body },
                     reply);
}

struct error show_visit_again(struct turn *turn, const struct staff *staff, struct text note,
                              struct reply *reply)
{
    return ask_mine(turn, staff, on_visit, note, reply);
}

struct error show_technician_visit(struct turn *turn, const void *message, struct reply *reply)
{
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    return is_open ? ask_mine(turn, &staff, on_visit, NO_TEXT, reply) : OK;
}
