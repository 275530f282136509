/* What workforce knows of its technicians; the store*.c files alone know how it is kept. */
#pragma once
#include "lib/domain/place.h"
#include "lib/service/turn.h"
#include "services/workforce/domain/expand_shifts.h"

struct licence_held {
    const char *kind, *number;
    timestamp valid_from, valid_until;
};

struct absence {
    const char *id;
    struct window away;
    const char *reason; /* never leaves this service but to the people concerned */
};

/* A circle of a territory. */
struct area {
    const char *territory_id;
    int64_t territory_version;
    struct place at;
    int64_t radius_m;
};

struct territory {
    const char *id, *name;
    struct area *circles;
    size_t circle_count;
    struct shift_pattern *closed; /* hours in which nobody comes, on purpose */
    size_t closed_count;
    int64_t technician_count; /* set when loaded */
};

struct technician {
    const char *id, *first_name;
    const char **skills;
    size_t skill_count;
    struct place home; /* rounded */
    const char *town, *district;
    bool active;
    int64_t longest_travel_m; /* 0: no bound */
    int64_t version;          /* set when loaded */
    timestamp tell_again_at;  /* set when loaded */
    const char **equipment;   /* free keys */
    size_t equipment_count;
    const char **territories; /* ids; when saved */
    size_t territory_count;
    struct area *areas; /* of his territories; set when loaded */
    size_t area_count;
    struct licence_held *licences;
    size_t licence_count;
    struct shift_pattern *patterns;
    size_t pattern_count;
    struct absence *absences; /* set when loaded */
    size_t absence_count;
};

struct technicians {
    struct technician *at; /* by id */
    size_t count;
};

/* Those of `ids` that exist, with their absences that end after `absent_after`. */
struct error store_load_technicians(struct turn *turn, const char *const ids[], size_t count,
                                    timestamp absent_after, struct technicians *ret);
/* At most `most` ids above `after` ("": from the first), in order. */
struct error store_load_ids(struct turn *turn, const char *after, bool only_active, int64_t most,
                            const char ***ret_ids, size_t *ret_count);
/* Replaces all but the absences. */
void store_save_technician(struct turn *turn, const struct technician *technician);
/* Replaces the patterns alone. */
void store_save_patterns(struct turn *turn, const struct technician *technician);
void store_save_told(struct turn *turn, const char *id, timestamp tell_again_at);
void store_save_absence(struct turn *turn, const char *technician_id,
                        const struct absence *absence);
struct error store_delete_absence(struct turn *turn, const char *technician_id, const char *id,
                                  bool *ret_found);

/* "12:00-12:30". */
const char *minutes_text(struct arena *arena, struct minutes minutes);
/* The columns behind technician_id of load_shift_patterns. */
struct row;
struct shift_pattern pattern_from_row(struct row *row, struct arena *arena);

/* ---- store_territories.c ---- */
/* All of them, or the one of `id` ("": all), by id. */
struct error store_load_territories(struct turn *turn, const char *id, struct territory **ret_at,
                                    size_t *ret_count);
/* Replaces it; a version on. */
void store_save_territory(struct turn *turn, const struct territory *territory);
void store_delete_territory(struct turn *turn, const char *id);
/* Those of `ids` that exist. */
struct error store_find_territories(struct turn *turn, const char *const ids[], size_t count,
                                    const char ***ret_found, size_t *ret_count);
/* Who works there: the different patterns of its active technicians, without breaks. */
struct error store_load_owners(struct turn *turn, const char *id, struct shift_pattern **ret_at,
                               size_t *ret_count);
/* The technician's fact carries these areas. */
void store_save_areas_told(struct turn *turn, const struct technician *technician);
/* The columns from territory_id on. */
struct area area_from_row(struct row *row);

/* ---- store_licences.c ---- */
/* The stage of a licence's end that was told last (domain/remind_licence.h). */
struct licence_told {
    const char *kind, *number;
    timestamp valid_until;
    int stage;
};
struct ending_licence {
    const char *technician_id, *first_name;
    struct licence_held licence;
};
struct error store_load_licences_told(struct turn *turn, const char *technician_id,
                                      struct licence_told **ret_at, size_t *ret_count);
void store_save_licence_told(struct turn *turn, const char *technician_id,
                             const struct licence_told *told);
/* Of active technicians, those that end until then, by their end, at most 500; ended ones only
 * while no other of the kind holds. */
struct error store_list_ending_licences(struct turn *turn, timestamp until,
                                        struct ending_licence **ret_at, size_t *ret_count);
/* The columns from kind on. */
struct licence_held licence_from_row(struct row *row);
