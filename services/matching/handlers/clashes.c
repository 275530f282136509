/* Before a technician takes time off: the promises that stand in it. Asked first, so that he knows
 * what he would move; the absence itself is workforce's. */
#include "services/matching/handlers.h"

#define LONGEST_WINDOW_MS DAYS(400)

static struct error read_moment(struct turn *turn, const char *name, timestamp *ret_at)
{
    if (!text_number(text_of(query_parameter(turn, name)), ret_at) || *ret_at <= 0)
        return refuse_field(turn, name, "pattern", "Podaj chwilę w milisekundach od 1970 roku.");
    return OK;
}

struct error list_clashes(struct turn *turn, const void *message, struct reply *reply)
{
    const char *technician_id = path_parameter(turn, "technician_id");
    ClashList *list = ARENA_NEW(turn->arena, ClashList);
    struct window window = { 0, 0 };

    (void)message;
    if (turn->actor.kind == ACTOR_TECHNICIAN && !string_is(turn->actor.id, technician_id))
        return rejected(PROBLEM_FORBIDDEN, "technician_id", "another technician's visits");
    if (!id_valid(technician_id))
        return rejected(PROBLEM_NOT_FOUND, "technician_id", "\"%.60s\" is no id", technician_id);
    TRY(read_moment(turn, "from", &window.from));
    TRY(read_moment(turn, "until", &window.until));
    if (window.from >= window.until || window.until - window.from > LONGEST_WINDOW_MS)
        return refuse_field(turn, "until", "range",
                            "Koniec leży po początku, najwyżej 400 dni później.");
    /* His day holds visits of every partner; the answer names no customer. */
    turn_looks_over_walls(turn);
    clash_list__init(list);
    TRY(store_load_clashes(turn, technician_id, window, &list->clashes, &list->n_clashes));
    reply->message = list;
    return OK;
}
