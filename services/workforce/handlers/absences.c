/* Time taken off: entered by our people or by the technician himself, told at once, so that
 * matching can look after the visits that stand in it. */
#include "proto/workforce.pb-c.h"
#include "services/workforce/handlers.h"

enum { ABSENCES_MOST = 100 };
#define LONGEST_ABSENCE_MS DAYS(400)

static struct error check_own(const struct turn *turn)
{
    if (turn->actor.kind == ACTOR_TECHNICIAN && !string_is(turn->actor.id, turn->subject))
        return rejected(PROBLEM_FORBIDDEN, "technician_id", "another technician's absences");
    return OK;
}

/* What is wrong with it, in Polish; NULL when nothing is. */
static const char *find_fault(const struct turn *turn, const AbsenceRequest *request)
{
    if (request->from >= request->until)
        return "Nieobecność kończy się przed początkiem";
    if (request->until <= turn->now)
        return "Nieobecność już minęła";
    if (request->until - request->from > LONGEST_ABSENCE_MS)
        return "Nieobecność trwa dłużej niż 400 dni";
    return NULL;
}

struct error add_absence(struct turn *turn, const void *message, struct reply *reply)
{
    const AbsenceRequest *request = message;
    const char *fault = find_fault(turn, request);
    struct technician technician;

    TRY(check_own(turn));
    if (fault) {
        struct violations violations = { 1, { { "/until", "range", fault } } };
        struct error error = rejected(PROBLEM_INVALID, "/until", "absence");
        reply_problem(turn, reply, &error, &violations);
        return OK;
    }
    TRY(load_technician(turn, turn->subject, &technician));
    if (technician.absence_count >= ABSENCES_MOST)
        return rejected(PROBLEM_CONFLICT, NULL, "%d absences are entered already", ABSENCES_MOST);
    struct absence absence = { arena_string(turn->arena, new_id(turn).text),
                               { request->from, request->until },
                               request->reason };
    store_save_absence(turn, turn->subject, &absence);
    TRY(tell_technician(turn, turn->subject));
    Absence *entered = ARENA_NEW(turn->arena, Absence);
    *entered = (Absence)ABSENCE__INIT;
    entered->absence_id = absence.id;
    entered->from = request->from;
    entered->until = request->until;
    entered->reason = request->reason;
    reply->message = entered;
    reply->is_new = true;
    return OK;
}

struct error remove_absence(struct turn *turn, const void *message, struct reply *reply)
{
    const char *id = path_parameter(turn, "absence_id");
    bool is_found = false;

    (void)message;
    TRY(check_own(turn));
    if (id_valid(id))
        TRY(store_delete_absence(turn, turn->subject, id, &is_found));
    if (!is_found)
        return rejected(PROBLEM_NOT_FOUND, "absence_id", "no absence \"%.60s\"", id);
    reply->status = 204;
    return tell_technician(turn, turn->subject);
}
