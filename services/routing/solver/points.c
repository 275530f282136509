/* Points on the unit sphere. */
#include "services/routing/solver/points.h"

struct point point_at(double lat, double lon)
{
    double phi = lat * M_PI / 180, lambda = lon * M_PI / 180;

    return (struct point){ cos(phi) * cos(lambda), cos(phi) * sin(lambda), sin(phi) };
}
