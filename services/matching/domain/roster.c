/* Small floats are enough to pass over who is far away; the rules themselves are asked exactly. */
#include "services/matching/domain/roster.h"

struct glance glance_of(const struct technician *who)
{
    /* A degree is never less than this in Poland; a little is added for the floats. */
    static const double LAT_DEGREE_M = 110000, LON_DEGREE_M = 62000, SLACK = 0.01;
    struct glance glance = { 0 };

    if (!who || !who->is_active || !who->is_readable)
        return glance;
    bool is_bound = who->longest_travel_m > 0;
    glance.skills = who->skills;
    glance.lat = (float)who->home.lat;
    glance.lon = (float)who->home.lon;
    glance.reach_lat =
        (float)(is_bound ? (double)who->longest_travel_m / LAT_DEGREE_M + SLACK : 360);
    glance.reach_lon =
        (float)(is_bound ? (double)who->longest_travel_m / LON_DEGREE_M + SLACK : 360);
    return glance;
}

struct book_day *const *member_days(const struct member *member, int32_t from, int32_t until,
                                    size_t *ret_count)
{
    size_t first = 0, after;

    while (first < member->day_count && member->dates[first] < from)
        first++;
    after = first;
    while (after < member->day_count && member->dates[after] <= until)
        after++;
    *ret_count = after - first;
    return member->days + first;
}
