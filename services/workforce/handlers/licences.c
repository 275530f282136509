/* Papers with an end: told in time and once, and listed. That nobody works beyond them is asked by
 * matching, window by window. */
#include "proto/workforce.pb-c.h"
#include "services/workforce/domain/remind_licence.h"
#include "services/workforce/handlers.h"

enum { DAYS_USUAL = 45, DAYS_MOST = 400 };

Licence *licence_message(struct arena *arena, const struct licence_held *held)
{
    Licence *licence = ARENA_NEW(arena, Licence);

    *licence = (Licence)LICENCE__INIT;
    licence->kind = held->kind;
    licence->number = held->number;
    licence->valid_from = held->valid_from;
    licence->valid_until = held->valid_until;
    return licence;
}

/* ---- telling ---- */

static int stage_told(const struct licence_told told[], size_t count,
                      const struct licence_held *licence)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(told[i].kind, licence->kind) && string_is(told[i].number, licence->number) &&
            told[i].valid_until == licence->valid_until)
            return told[i].stage;
    return LICENCE_NOT_YET;
}

static void tell_end(struct turn *turn, const struct technician *technician,
                     const struct licence_held *licence, int stage)
{
    LicenceEnding ending = LICENCE_ENDING__INIT;
    LicenceEnded ended = LICENCE_ENDED__INIT;

    if (stage == 0) {
        ended.technician_id = technician->id;
        ended.licence = licence_message(turn->arena, licence);
        emit(turn, technician->id, &ended);
        return;
    }
    ending.technician_id = technician->id;
    ending.licence = licence_message(turn->arena, licence);
    ending.days_left = licence_days_left(licence->valid_until, turn->now);
    emit(turn, technician->id, &ending);
}

struct error on_licence_due(struct turn *turn, const char *technician_id)
{
    struct technician technician;
    struct licence_told *told;
    size_t count;

    TRY(load_technician(turn, technician_id, &technician));
    TRY(store_load_licences_told(turn, technician_id, &told, &count));
    for (size_t i = 0; i < technician.licence_count; i++) {
        const struct licence_held *licence = &technician.licences[i];
        int stage = licence_stage(licence->valid_until, turn->now);
        if (stage >= stage_told(told, count, licence))
            continue;
        tell_end(turn, &technician, licence, stage);
        store_save_licence_told(
            turn, technician_id,
            &(struct licence_told){ licence->kind, licence->number, licence->valid_until, stage });
    }
    return OK;
}

/* ---- listing ---- */

struct error list_licences(struct turn *turn, const void *message, struct reply *reply)
{
    const char *within = query_parameter(turn, "ending_within_days");
    LicenceList *list = ARENA_NEW(turn->arena, LicenceList);
    struct ending_licence *found;
    int64_t days = DAYS_USUAL;
    size_t count;

    (void)message;
    if (!string_empty(within) &&
        (!text_number(text_of(within), &days) || days < 0 || days > DAYS_MOST))
        return refuse_field(turn, "ending_within_days", "range", "Podaj liczbę dni od 0 do 400.");
    TRY(store_list_ending_licences(turn, turn->now + DAYS(days), &found, &count));
    *list = (LicenceList)LICENCE_LIST__INIT;
    list->licences = ARENA_ARRAY(turn->arena, LicenceHeld *, count + 1);
    for (size_t i = 0; i < count; i++) {
        LicenceHeld *held = list->licences[list->n_licences++] =
            ARENA_NEW(turn->arena, LicenceHeld);
        *held = (LicenceHeld)LICENCE_HELD__INIT;
        held->technician_id = found[i].technician_id;
        held->first_name = found[i].first_name;
        held->licence = licence_message(turn->arena, &found[i].licence);
        held->days_left = licence_days_left(found[i].licence.valid_until, turn->now);
    }
    reply->message = list;
    return OK;
}
