/* A point is judged by the first rule that it breaks: where, when, in which order, at work or not.
 */
#include "services/routing/domain/judge_point.h"

struct verdict_text {
    const char *field, *rule, *says;
};

static const struct verdict_text texts[] = {
#define VERDICT(constant, field, rule, says) [constant] = { field, rule, says },
    POINT_VERDICTS(VERDICT)
#undef VERDICT
};

const char *point_field(enum point_verdict verdict)
{
    return texts[verdict].field;
}

const char *point_rule(enum point_verdict verdict)
{
    return texts[verdict].rule;
}

const char *point_says(enum point_verdict verdict)
{
    return texts[verdict].says;
}

static bool is_around_work(timestamp at, const struct window work[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct window around = { work[i].from - POINT_AROUND_WORK_MS,
                                 work[i].until + POINT_AROUND_WORK_MS };
        if (window_contains(around, at))
            return true;
    }
    return false;
}

enum point_verdict judge_point(const struct point *point, timestamp now, int64_t last_sequence,
                               const struct window work[], size_t work_count)
{
    if (!place_valid(point->place))
        return POINT_OUTSIDE_POLAND;
    if (point->at > now + POINT_AHEAD_MS)
        return POINT_AHEAD_OF_TIME;
    if (point->at < now - POINT_AGE_MS)
        return POINT_TOO_OLD;
    if (point->sequence <= 0)
        return POINT_WITHOUT_SEQUENCE;
    if (point->sequence <= last_sequence)
        return POINT_REPEATED;
    return is_around_work(point->at, work, work_count) ? POINT_TAKEN : POINT_OFF_WORK;
}
