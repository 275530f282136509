/* The stages of a licence's end. */
#include "services/workforce/domain/remind_licence.h"
#include "lib/base/array.h"

int licence_stage(timestamp valid_until, timestamp now)
{
    static const int stages[] = { 0, 3, 14, 45 };

    EACH (stage, stages)
        if (now >= valid_until - DAYS(*stage))
            return *stage;
    return LICENCE_NOT_YET;
}

int licence_days_left(timestamp valid_until, timestamp now)
{
    int64_t left_ms = valid_until - now;

    return left_ms <= 0 ? 0 : (int)((left_ms + DAYS(1) - 1) / DAYS(1));
}
