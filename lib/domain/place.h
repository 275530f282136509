/* A point on the ground, in WGS 84 degrees. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct place {
    double lat, lon;
};

/* Finite and inside a generous box around Poland (48.9..55.0 north, 14.0..24.3 east). */
bool place_valid(struct place place);
bool place_same(struct place a, struct place b);
/* Great circle in whole metres, rounded up; an error of up to 0.5 % against the ellipsoid. */
int64_t distance_m(struct place from, struct place to);
/* To 0.001 degree (about 110 m by 70 m): what may leave the vault of personal data. */
struct place place_rounded(struct place place);
