/* What workforce does when it is asked, and at midnight. */
#pragma once
#include "lib/service/http.h"
#include "services/workforce/store.h"

/* ---- handlers/technicians.c ---- */
struct error add_technician(struct turn *turn, const void *message, struct reply *reply);
struct error put_technician(struct turn *turn, const void *message, struct reply *reply);
struct error show_technician(struct turn *turn, const void *message, struct reply *reply);
struct error list_technicians(struct turn *turn, const void *message, struct reply *reply);
/* --load FILE */
struct error load_technicians(struct turn *turn, int count, char **words);

/* ---- handlers/absences.c ---- */
struct error add_absence(struct turn *turn, const void *message, struct reply *reply);
struct error remove_absence(struct turn *turn, const void *message, struct reply *reply);

/* ---- handlers/licences.c ---- */
struct error on_licence_due(struct turn *turn, const char *technician_id);
struct error list_licences(struct turn *turn, const void *message, struct reply *reply);
struct Licence;
struct Licence *licence_message(struct arena *arena, const struct licence_held *held);

/* ---- handlers/tell_technician.c ---- */
/* The technician as it stands after this turn's writes, told as TechnicianChanged; its subject is
 * locked. */
struct error tell_technician(struct turn *turn, const char *technician_id);
struct error on_midnight(struct turn *turn, const char *technician_id);
/* One technician with shifts of yesterday .. today + WORKFORCE_DAYS; reasons of absences only
 * `with_reasons`. Lives in the turn's arena. */
struct Technician;
const struct Technician *technician_message(struct turn *turn, const struct technician *technician,
                                            bool with_reasons);
/* NOT_FOUND when there is no such technician. */
struct error load_technician(struct turn *turn, const char *technician_id,
                             struct technician *ret_technician);
/* The first moment of yesterday: absences that ended before are history. */
timestamp yesterday(const struct turn *turn);

/* ---- handlers/shifts.c ---- */
struct error show_shifts(struct turn *turn, const void *message, struct reply *reply);
struct error put_shifts(struct turn *turn, const void *message, struct reply *reply);
/* The pattern as it was entered. */
struct ShiftPattern;
struct ShiftPattern *pattern_message(struct arena *arena, const struct shift_pattern *pattern);

/* ---- handlers/territories.c ---- */
struct error put_territory(struct turn *turn, const void *message, struct reply *reply);
struct error show_territory(struct turn *turn, const void *message, struct reply *reply);
struct error list_territories(struct turn *turn, const void *message, struct reply *reply);
struct error remove_territory(struct turn *turn, const void *message, struct reply *reply);
struct error count_territory_hours(struct turn *turn, const void *message, struct reply *reply);
/* A technician whose territory has changed since he was told. */
struct error on_territory_changed(struct turn *turn, const char *technician_id);

/* ---- handlers/read_shifts.c ---- */
/* Those of `given`, a request's field `list`, that are right; what is wrong goes to `violations`.
 */
struct shift_pattern *read_patterns(struct turn *turn, const char *list,
                                    struct ShiftPattern *const given[], size_t count,
                                    struct violations *violations, size_t *ret_count);
/* Fills the technician's patterns; whatever is wrong goes to `violations`, under /shifts. */
void read_shifts(struct turn *turn, struct ShiftPattern *const given[], size_t count,
                 struct violations *violations, struct technician *technician);

/* ---- handlers/read_technician.c ---- */
struct TechnicianRequest;
/* Reads a request into a technician; whatever is wrong with it goes to `violations`. */
struct error read_technician(struct turn *turn, const struct TechnicianRequest *request,
                             struct violations *violations, struct technician *ret_technician);
