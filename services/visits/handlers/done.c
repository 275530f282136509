/* Done is said only with the proof that the partner's contract asks for. The protocol's words stay
 * here; its price lines are asked of intake one by one. */
#include "services/visits/domain/further_work.h"
#include "services/visits/handlers.h"

static struct error count_proof(struct turn *turn, const struct course *course,
                                const DoneRequest *request, struct proof *ret_proof)
{
    struct proof proof = { .has_refusal = !string_empty(request->refusal_reason) };
    ProofFile **files;
    size_t count;

    TRY(store_load_proof(turn, course->visit_id, &count, &files));
    for (size_t i = 0; i < count; i++) {
        proof.photos_before += string_is(files[i]->kind, "before");
        proof.photos_after += string_is(files[i]->kind, "after");
        proof.signatures += string_is(files[i]->kind, "signature");
    }
    *ret_proof = proof;
    return OK;
}

static struct error check_proof(struct turn *turn, const struct course *course,
                                const DoneRequest *request)
{
    struct error refused = OK;
    struct proof proof;
    const char *words;

    TRY(store_load_protocol_words(turn, course, &words));
    TRY(count_proof(turn, course, request, &proof));
    unsigned missing = protocol_missing(protocol_needs(text_of(words)), &proof);
    for (const struct protocol_need_row *row = protocol_need_rows; row->word; row++) {
        if (!(missing & row->need))
            continue;
        struct error one = refuse_field(turn, row->pointer, row->word, row->says);
        if (refused.kind == ERROR_NONE)
            refused = one;
    }
    return refused;
}

/* ---- what is left to do ---- */

static struct error refuse_further(struct turn *turn, const DoneRequest *request, timestamp at)
{
    const FurtherWork *further = request->further;
    struct further_said said = { .solved = request->solved, .is_said = further != NULL, .at = at };

    if (further) {
        said.reason = further->reason;
        said.length_ms = further->length_ms;
        said.earliest_at = further->earliest_at;
        said.none = further->none;
    }
    struct further_finding wrong = check_further(&said);
    return wrong.pointer ? refuse_field(turn, wrong.pointer, wrong.rule, wrong.says) : OK;
}

/* Whoever says nothing of it comes again: work that is not solved is never forgotten. */
static void keep_further(struct course *course, const DoneRequest *request)
{
    const FurtherWork *further = request->further;

    if (string_is(request->solved, "yes"))
        return;
    course->further = further && further->none ? "none" : "again";
    course->further_reason = further ? further->reason : "";
    course->further_length_ms = further ? further->length_ms : 0;
    course->further_earliest_at = further ? further->earliest_at : 0;
}

/* ---- done ---- */

static void finish_course(struct turn *turn, const DoneRequest *request, const struct news *news)
{
    struct course *course = news->course;
    struct course_entry entry = { .event = EVENT_FINISH, .was = course->state, .at = news->at };

    course->state = news->becomes;
    /* Arrival and end may come from two clocks: no visit ends before it begins. */
    course->ended_at = news->at > course->there_at ? news->at : course->there_at;
    course->solved = request->solved;
    keep_further(course, request);
    course->protocol_key = arena_string(turn->arena, new_id(turn).text);
    store_save_course(turn, course);
    store_save_event(turn, course, &entry);
    store_save_protocol(turn, course,
                        &(struct protocol){ .key = course->protocol_key,
                                            .findings = request->findings,
                                            .work_done = request->work_done,
                                            .solved = request->solved,
                                            .card_payment_offered = request->card_payment_offered,
                                            .signer_name = request->signer_name,
                                            .refusal_reason = request->refusal_reason,
                                            .absence_note = "",
                                            .at = news->at });
    for (size_t i = 0; i < request->n_parts; i++)
        store_save_part(turn, course, i, request->parts[i]);
    for (size_t i = 0; i < request->n_lines; i++) {
        const struct id id = new_id(turn);
        LineAsked line = LINE_ASKED__INIT;
        line.line_id = id.text;
        line.item = request->lines[i]->item;
        line.quantity = request->lines[i]->quantity;
        store_save_line(turn, course, i, &line);
    }
}

/* The lines first: what is left of the reservation may be given back once the visit is done. */
static void tell_done(struct turn *turn, const DoneRequest *request, Course *course)
{
    VisitDone done = VISIT_DONE__INIT;

    for (size_t i = 0; i < course->n_lines; i++) {
        CostLineAsked asked = COST_LINE_ASKED__INIT;
        asked.course = course;
        asked.line_id = course->lines[i]->line_id;
        asked.item = course->lines[i]->item;
        asked.quantity = course->lines[i]->quantity;
        emit(turn, course->work_order_id, &asked);
    }
    done.course = course;
    done.n_parts = request->n_parts;
    done.parts = request->parts;
    emit(turn, course->work_order_id, &done);
}

struct error post_done(struct turn *turn, const void *message, struct reply *reply)
{
    const DoneRequest *request = message;
    struct course_list courses = { 0 };
    struct news news;
    Course *told;

    TRY(load_own_courses(turn, &courses));
    TRY(take_news(turn, courses, EVENT_FINISH, request->at, &news));
    if (news.course->state == COURSE_DONE)
        return reply_course(turn, news.course, reply);
    TRY(check_proof(turn, news.course, request));
    TRY(refuse_further(turn, request, news.at));
    finish_course(turn, request, &news);
    TRY(course_message(turn, news.course, &told));
    tell_done(turn, request, told);
    reply->message = told;
    return OK;
}
