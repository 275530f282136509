/* What a start costs, in milliseconds at the wheel: the stated objective. Its weights are data
 * (PUT /v1/policy); whoever is measured by them may read them. */
#pragma once
#include "lib/schedule/day.h"
#include "services/matching/domain/technician.h"

/* POLICY(name, least, usual, most, what it means) */
#define POLICY_FIELDS(FIELD)                                                                       \
    FIELD(travel_permille, 0, 1000, 10000, "of the driving that a visit adds")                     \
    FIELD(emergency_permille, 0, 1000, 10000, "of an emergency's waiting")                         \
    FIELD(urgent_permille, 0, 200, 10000, "of an urgent order's waiting")                          \
    FIELD(normal_permille, 0, 20, 10000, "of a usual order's waiting")                             \
    FIELD(planned_permille, 0, 5, 10000, "of a planned visit's waiting")                           \
    FIELD(risk_spare_ms, 0, 1200000, 7200000, "spare time below which a promise is at risk")       \
    FIELD(risk_permille, 0, 300, 10000, "of the spare time that is missing, before and after")     \
    FIELD(quality_ms, 0, 600000, 7200000, "for each whole point below six in the surveys")         \
    FIELD(quality_most_ms, 0, 600000, 7200000, "quality counts no more than this")                 \
    FIELD(newcomer_answers, 0, 30, 1000, "with fewer answers somebody counts as the usual one")    \
    FIELD(newcomer_mean_permille, 1000, 5900, 6000, "the usual one's mean, in thousandths")        \
    FIELD(load_ms, 0, 7200000, 14400000, "for hours that are promised to the last one")            \
    FIELD(again_ms, 0, 3600000, 14400000, "off for who was at this customer's before")             \
    FIELD(part_ms, 0, 1800000, 14400000, "for a part that is not in the van")                      \
    FIELD(candidates, 1, 64, 100000, "the nearest so many who may come are asked first")           \
    FIELD(release_ms, 0, 7200000, 86400000, "reserved hours are free for all so long before")      \
    FIELD(overtime_permille, 0, 3000, 100000, "relaxing: of the overtime it would take")           \
    FIELD(exception_ms, 0, 3600000, 86400000, "relaxing: for any other exception")

struct policy {
    int64_t version;
#define FIELD(name, least, usual, most, says) int64_t name;
    POLICY_FIELDS(FIELD)
#undef FIELD
};

extern const struct policy usual_policy; /* version 0 */

/* The fields by name, for who changes or shows them. */
struct policy_field {
    const char *name, *says;
    int64_t least, most;
    size_t at; /* offset in struct policy */
};
const struct policy_field *policy_field(const char *name); /* NULL: there is none */
const struct policy_field *policy_field_at(size_t number); /* NULL: no more */
int64_t policy_get(const struct policy *policy, const struct policy_field *field);
/* `value` must lie in the field's bounds. */
void policy_set(struct policy *policy, const struct policy_field *field, int64_t value);

#define SCORE_PARTS(PART)                                                                          \
    PART(SCORE_TRAVEL, "travel")                                                                   \
    PART(SCORE_WAITING, "waiting")                                                                 \
    PART(SCORE_RISK, "risk")                                                                       \
    PART(SCORE_QUALITY, "quality")                                                                 \
    PART(SCORE_LOAD, "load")                                                                       \
    PART(SCORE_AGAIN, "again")                                                                     \
    PART(SCORE_PART, "part")

enum score_part {
#define PART(constant, text) constant,
    SCORE_PARTS(PART)
#undef PART
        SCORE_PART_COUNT
};

const char *score_part_text(enum score_part part);

struct score {
    int64_t total_ms; /* lower is better */
    int64_t parts_ms[SCORE_PART_COUNT];
};

/* What does not depend on the start: quality, load, again, part. */
struct score score_technician(const struct policy *policy, const struct standing *standing,
                              bool is_again, bool lacks_part);
/* All of it; `base` is score_technician's. `waited_ms` >= 0 from the first start that was asked
 * for, weighed by `waiting_permille`. */
struct score score_start(const struct policy *policy, const struct score *base,
                         const struct day_start *start, int64_t waited_ms,
                         int64_t waiting_permille);
void score_add(struct score *sum, const struct score *other);
/* No start that adds so much travel or more, and waits so long or longer, scores lower. */
int64_t score_least_ms(const struct policy *policy, const struct score *base,
                       int64_t least_travel_ms, int64_t waited_ms, int64_t waiting_permille);
