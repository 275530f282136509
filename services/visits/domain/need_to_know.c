/* Names and addresses are nobody's business a week before and a week after. */
#include "services/visits/domain/need_to_know.h"
#include "lib/domain/calendar.h"

struct window need_to_know(const struct course *course)
{
    return (struct window){ date_start(date_from_timestamp(course->start_at) - 1),
                            course->start_at + course->length_ms + DAYS(1) };
}
