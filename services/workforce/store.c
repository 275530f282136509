/* Technicians in PostgreSQL; with the other store_*.c the only files of workforce that know SQL. */
#include "services/workforce/store.h"
#include "lib/service/db.h"
#include "services/workforce/queries.h"

/* ---- reading: one query a table, merged by technician ---- */

static struct technician read_technician(struct row *row, struct arena *arena)
{
    struct technician technician = { .id = next_text(row), .first_name = next_text(row) };

    technician.skills = next_strings(row, arena, &technician.skill_count);
    technician.home.lat = next_real(row);
    technician.home.lon = next_real(row);
    technician.town = next_text(row);
    technician.district = next_text(row);
    technician.active = next_bool(row);
    technician.longest_travel_m = next_int(row);
    technician.equipment = next_strings(row, arena, &technician.equipment_count);
    technician.version = next_int(row);
    technician.tell_again_at = next_int(row);
    return technician;
}

static struct absence read_absence(struct row *row)
{
    struct absence absence = { .id = next_text(row) };

    absence.away.from = next_int(row);
    absence.away.until = next_int(row);
    absence.reason = next_text(row);
    return absence;
}

/* Rows of one table, by technician, walked once. */
struct walk {
    struct rows rows;
    int at;
};

/* The next row of this technician, behind its technician_id; false when there is none. */
static bool next_of(struct walk *walk, const char *technician_id, struct row *ret_row)
{
    if (walk->at >= walk->rows.count)
        return false;
    struct row row = row_at(&walk->rows, walk->at);
    if (!string_is(next_text(&row), technician_id))
        return false;
    walk->at++;
    *ret_row = row;
    return true;
}

static size_t count_of(const struct walk *walk, const char *technician_id)
{
    struct walk ahead = *walk;
    struct row row;
    size_t count = 0;

    while (next_of(&ahead, technician_id, &row))
        count++;
    return count;
}

/* What belongs to technicians, table by table. */
struct walks {
    struct walk licences, patterns, absences, areas;
};

static void merge(struct technician *technician, struct walks *walks, struct arena *arena)
{
    struct walk *licences = &walks->licences, *patterns = &walks->patterns;
    struct walk *absences = &walks->absences, *areas = &walks->areas;
    const char *id = technician->id;
    struct row row;

    technician->licences = ARENA_ARRAY(arena, struct licence_held, count_of(licences, id) + 1);
    technician->patterns = ARENA_ARRAY(arena, struct shift_pattern, count_of(patterns, id) + 1);
    technician->absences = ARENA_ARRAY(arena, struct absence, count_of(absences, id) + 1);
    technician->areas = ARENA_ARRAY(arena, struct area, count_of(areas, id) + 1);
    while (next_of(areas, id, &row))
        technician->areas[technician->area_count++] = area_from_row(&row);
    while (next_of(licences, id, &row))
        technician->licences[technician->licence_count++] = licence_from_row(&row);
    while (next_of(patterns, id, &row))
        technician->patterns[technician->pattern_count++] = pattern_from_row(&row, arena);
    while (next_of(absences, id, &row))
        technician->absences[technician->absence_count++] = read_absence(&row);
}

struct error store_load_technicians(struct turn *turn, const char *const ids[], size_t count,
                                    timestamp absent_after, struct technicians *ret)
{
    struct value wanted = text_array(turn->arena, ids, count);
    struct walks walks = { 0 };
    struct rows rows;

    TRY(db_read(turn, &rows, load_technicians, wanted));
    TRY(db_read(turn, &walks.licences.rows, load_licences, wanted));
    TRY(db_read(turn, &walks.patterns.rows, load_shift_patterns, wanted));
    TRY(db_read(turn, &walks.absences.rows, load_absences, wanted, INT(absent_after)));
    TRY(db_read(turn, &walks.areas.rows, load_areas, wanted));
    ret->count = (size_t)rows.count;
    ret->at = ARENA_ARRAY(turn->arena, struct technician, ret->count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ret->at[i] = read_technician(&row, turn->arena);
        merge(&ret->at[i], &walks, turn->arena);
    }
    return OK;
}

struct error store_load_ids(struct turn *turn, const char *after, bool only_active, int64_t most,
                            const char ***ret_ids, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_technicians, STR(after), INT(only_active), INT(most)));
    const char **ids = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ids[i] = next_text(&row);
    }
    *ret_ids = ids;
    *ret_count = (size_t)rows.count;
    return OK;
}

/* ---- writing ---- */

static void save_licences(struct turn *turn, const struct technician *technician)
{
    size_t count = technician->licence_count;
    const char **kinds = ARENA_ARRAY(turn->arena, const char *, count + 1);
    const char **numbers = ARENA_ARRAY(turn->arena, const char *, count + 1);
    int64_t *from = ARENA_ARRAY(turn->arena, int64_t, count + 1);
    int64_t *until = ARENA_ARRAY(turn->arena, int64_t, count + 1);

    for (size_t i = 0; i < count; i++) {
        kinds[i] = technician->licences[i].kind;
        numbers[i] = technician->licences[i].number;
        from[i] = technician->licences[i].valid_from;
        until[i] = technician->licences[i].valid_until;
    }
    db_write(turn, delete_licences, STR(technician->id));
    db_write(turn, save_licences, STR(technician->id), text_array(turn->arena, kinds, count),
             text_array(turn->arena, numbers, count), int_array(turn->arena, from, count),
             int_array(turn->arena, until, count));
}

void store_save_technician(struct turn *turn, const struct technician *technician)
{
    db_write(turn, save_technician, STR(technician->id), STR(technician->first_name),
             text_array(turn->arena, technician->skills, technician->skill_count),
             REAL(technician->home.lat), REAL(technician->home.lon), STR(technician->town),
             STR(technician->district), INT(technician->active), INT(technician->longest_travel_m),
             text_array(turn->arena, technician->equipment, technician->equipment_count));
    save_licences(turn, technician);
    store_save_patterns(turn, technician);
    db_write(turn, delete_areas, STR(technician->id));
    db_write(turn, save_areas, STR(technician->id),
             text_array(turn->arena, technician->territories, technician->territory_count));
}

void store_save_told(struct turn *turn, const char *id, timestamp tell_again_at)
{
    db_write(turn, save_told, STR(id), INT(tell_again_at));
}

void store_save_absence(struct turn *turn, const char *technician_id, const struct absence *absence)
{
    db_write(turn, save_absence, STR(absence->id), STR(technician_id), INT(absence->away.from),
             INT(absence->away.until), STR(absence->reason), INT(turn->now));
}

struct error store_delete_absence(struct turn *turn, const char *technician_id, const char *id,
                                  bool *ret_found)
{
    struct rows rows;

    TRY(db_read(turn, &rows, delete_absence, STR(id), STR(technician_id)));
    *ret_found = rows.count > 0;
    return OK;
}
