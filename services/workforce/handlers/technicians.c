/* Technicians as people enter them: one by one over HTTP, or a whole file. */
#include "lib/service/load_file.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/handlers.h"

enum { PAGE = 200, PAGE_MOST = 500, ALL = 100000 };

/* ---- writing ---- */

static struct error refuse(struct turn *turn, struct reply *reply,
                           const struct violations *violations)
{
    struct error error = rejected(PROBLEM_INVALID, violations->at[0].pointer, "technician");

    reply_problem(turn, reply, &error, violations);
    return OK;
}

static struct error save_technician(struct turn *turn, const struct technician *technician,
                                    struct reply *reply)
{
    struct technician saved;

    store_save_technician(turn, technician);
    TRY(tell_technician(turn, technician->id));
    TRY(load_technician(turn, technician->id, &saved));
    reply->message = technician_message(turn, &saved, true);
    reply->is_new = saved.version == 1;
    return OK;
}

struct error add_technician(struct turn *turn, const void *message, struct reply *reply)
{
    const TechnicianRequest *request = message;
    struct violations violations = { 0 };
    struct technician technician;

    TRY(read_technician(turn, request, &violations, &technician));
    if (violations.count)
        return refuse(turn, reply, &violations);
    if (string_empty(technician.id))
        technician.id = arena_string(turn->arena, new_id(turn).text);
    TRY(subject_lock(turn, technician.id, NULL));
    return save_technician(turn, &technician, reply);
}

struct error put_technician(struct turn *turn, const void *message, struct reply *reply)
{
    const TechnicianRequest *request = message;
    struct violations violations = { 0 };
    struct technician technician;

    TRY(read_technician(turn, request, &violations, &technician));
    if (!id_valid(turn->subject))
        return rejected(PROBLEM_NOT_FOUND, "technician_id", "\"%.60s\" is no id", turn->subject);
    if (!string_empty(technician.id) && !string_is(technician.id, turn->subject))
        violations_add(&violations, (struct violation){ "/technician_id", "same",
                                                        "To inny identyfikator niż w adresie" });
    if (violations.count)
        return refuse(turn, reply, &violations);
    technician.id = turn->subject;
    return save_technician(turn, &technician, reply);
}

/* ---- reading ---- */

struct error show_technician(struct turn *turn, const void *message, struct reply *reply)
{
    const char *id = path_parameter(turn, "technician_id");
    struct technician technician;

    (void)message;
    if (turn->actor.kind == ACTOR_TECHNICIAN && !string_is(turn->actor.id, id))
        return rejected(PROBLEM_FORBIDDEN, "technician_id", "another technician's record");
    TRY(load_technician(turn, id, &technician));
    reply->message = technician_message(turn, &technician, true);
    return OK;
}

/* Nobody who could never be offered may go unnoticed: active, but no moment of work told. */
static bool is_without_shift(struct turn *turn, const Technician *technician)
{
    struct shift *shifts = ARENA_ARRAY(turn->arena, struct shift, technician->n_shifts + 1);
    struct window *away = ARENA_ARRAY(turn->arena, struct window, technician->n_absences + 1);

    for (size_t i = 0; i < technician->n_shifts; i++)
        shifts[i].work =
            (struct window){ technician->shifts[i]->from, technician->shifts[i]->until };
    for (size_t i = 0; i < technician->n_absences; i++)
        away[i] = (struct window){ technician->absences[i]->from, technician->absences[i]->until };
    return !works_at_all(shifts, technician->n_shifts, away, technician->n_absences);
}

static struct error read_page(struct turn *turn, const char **ret_after, int64_t *ret_most)
{
    const char *after = query_parameter(turn, "after"), *most = query_parameter(turn, "most");
    int64_t number = PAGE;

    if (!string_empty(after) && !id_valid(after))
        return refuse_field(turn, "after", "pattern", "Podaj identyfikator technika (UUID).");
    if (!string_empty(most) &&
        (!text_number(text_of(most), &number) || number < 1 || number > PAGE_MOST))
        return refuse_field(turn, "most", "range", "Podaj liczbę od 1 do 500.");
    *ret_after = after;
    *ret_most = number;
    return OK;
}

struct error list_technicians(struct turn *turn, const void *message, struct reply *reply)
{
    bool without_shift = string_is(query_parameter(turn, "without_shift"), "1");
    struct technicians technicians;
    const char *after = "", **ids;
    int64_t most = PAGE;
    size_t count;

    (void)message;
    TRY(read_page(turn, &after, &most));
    /* Who has no shift is found among all of them, or an empty page would look like the end. */
    TRY(store_load_ids(turn, after, without_shift, without_shift ? ALL : most, &ids, &count));
    TRY(store_load_technicians(turn, ids, count, yesterday(turn), &technicians));
    TechnicianList *list = ARENA_NEW(turn->arena, TechnicianList);
    *list = (TechnicianList)TECHNICIAN_LIST__INIT;
    list->technicians = ARENA_ARRAY(turn->arena, Technician *, technicians.count + 1);
    for (size_t i = 0; i < technicians.count && (int64_t)list->n_technicians < most; i++) {
        Technician *technician = ARENA_NEW(turn->arena, Technician);
        *technician = *technician_message(turn, &technicians.at[i], true);
        if (!without_shift || is_without_shift(turn, technician))
            list->technicians[list->n_technicians++] = technician;
    }
    reply->message = list;
    return OK;
}

/* ---- a whole file ---- */

static struct error load_row(struct turn *turn, size_t at, const TechnicianRequest *request)
{
    struct violations violations = { 0 };
    struct technician technician;

    TRY(read_technician(turn, request, &violations, &technician));
    if (string_empty(technician.id))
        violations_add(&violations, (struct violation){ "/technician_id", "required",
                                                        "Wiersz pliku musi mieć identyfikator" });
    if (violations.count)
        return rejected(
            PROBLEM_INVALID,
            arena_format(turn->arena, "/technicians/%zu%s", at, violations.at[0].pointer), "%s: %s",
            violations.at[0].rule, violations.at[0].detail);
    TRY(subject_lock(turn, technician.id, NULL));
    store_save_technician(turn, &technician);
    return tell_technician(turn, technician.id);
}

struct error load_technicians(struct turn *turn, int count, char **words)
{
    struct loaded file;

    if (count != 1)
        return rejected(PROBLEM_INVALID, NULL, "one FILE is needed, %d words were given", count);
    TRY(load_file(turn, words[0], "technicians", &technician_request__descriptor, &file));
    for (size_t i = 0; i < file.count; i++)
        TRY(load_row(turn, i, (const TechnicianRequest *)file.rows[i]));
    return OK;
}
