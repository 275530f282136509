/* The parts of a start's cost; each is whole milliseconds, so that the same input always gives the
 * same order. */
#include "services/matching/domain/policy.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include <assert.h>
#include <string.h>

const struct policy usual_policy = {
#define FIELD(name, least, usual, most, says) .name = (usual),
    POLICY_FIELDS(FIELD)
#undef FIELD
};

static const struct policy_field fields[] = {
#define FIELD(name, least, usual, most, says)                                                      \
    { #name, says, least, most, offsetof(struct policy, name) },
    POLICY_FIELDS(FIELD)
#undef FIELD
};

const struct policy_field *policy_field_at(size_t number)
{
    return number < COUNT(fields) ? &fields[number] : NULL;
}

const struct policy_field *policy_field(const char *name)
{
    EACH (field, fields)
        if (string_is(field->name, name))
            return field;
    return NULL;
}

int64_t policy_get(const struct policy *policy, const struct policy_field *field)
{
    int64_t value;

    memcpy(&value, (const char *)policy + field->at, sizeof value);
    return value;
}

void policy_set(struct policy *policy, const struct policy_field *field, int64_t value)
{
    assert(value >= field->least && value <= field->most);
    memcpy((char *)policy + field->at, &value, sizeof value);
}

const char *score_part_text(enum score_part part)
{
    static const char *const texts[] = {
#define PART(constant, text) text,
        SCORE_PARTS(PART)
#undef PART
    };

    return texts[part];
}

static int64_t add_up(const struct score *score)
{
    int64_t total_ms = 0;

    for (int part = 0; part < SCORE_PART_COUNT; part++)
        total_ms += score->parts_ms[part];
    return total_ms;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Below six by so much, in thousandths of a point. */
static int64_t shortfall(const struct policy *policy, const struct standing *standing)
{
    if (standing->answers < policy->newcomer_answers || standing->answers == 0)
        return 6000 - policy->newcomer_mean_permille;
    return 6000 - standing->sum * 1000 / standing->answers;
}

struct score score_technician(const struct policy *policy, const struct standing *standing,
                              bool is_again, bool lacks_part)
{
    struct score score = { 0 };

    score.parts_ms[SCORE_QUALITY] =
        least(policy->quality_most_ms, shortfall(policy, standing) * policy->quality_ms / 1000);
    if (standing->work_ms > 0)
        score.parts_ms[SCORE_LOAD] =
            least(standing->promised_ms, standing->work_ms) * policy->load_ms / standing->work_ms;
    score.parts_ms[SCORE_AGAIN] = is_again ? -policy->again_ms : 0;
    score.parts_ms[SCORE_PART] = lacks_part ? policy->part_ms : 0;
    score.total_ms = add_up(&score);
    return score;
}

static int64_t missing(const struct policy *policy, int64_t spare_ms)
{
    return spare_ms < policy->risk_spare_ms ? policy->risk_spare_ms - spare_ms : 0;
}

static int64_t travel_part(const struct policy *policy, int64_t travel_ms)
{
    return travel_ms * policy->travel_permille / 1000;
}

static int64_t waiting_part(int64_t waited_ms, int64_t waiting_permille)
{
    assert(waited_ms >= 0);
    return waited_ms / 1000 * waiting_permille;
}

struct score score_start(const struct policy *policy, const struct score *base,
                         const struct day_start *start, int64_t waited_ms, int64_t waiting_permille)
{
    struct score score = *base;

    score.parts_ms[SCORE_TRAVEL] = travel_part(policy, start->added_travel_ms);
    score.parts_ms[SCORE_WAITING] = waiting_part(waited_ms, waiting_permille);
    score.parts_ms[SCORE_RISK] =
        (missing(policy, start->spare_before_ms) + missing(policy, start->spare_after_ms)) *
        policy->risk_permille / 1000;
    score.total_ms = add_up(&score);
    return score;
}

void score_add(struct score *sum, const struct score *other)
{
    sum->total_ms += other->total_ms;
    for (int part = 0; part < SCORE_PART_COUNT; part++)
        sum->parts_ms[part] += other->parts_ms[part];
}

int64_t score_least_ms(const struct policy *policy, const struct score *base,
                       int64_t least_travel_ms, int64_t waited_ms, int64_t waiting_permille)
{
    return base->total_ms + travel_part(policy, least_travel_ms) +
           waiting_part(waited_ms, waiting_permille);
}
