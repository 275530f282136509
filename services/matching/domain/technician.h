/* Who somebody is to matching: what he can do, where he lives, where he goes. The same for all his
 * days until workforce tells otherwise. */
#pragma once
#include "lib/base/id.h"
#include "lib/domain/place.h"
#include "lib/domain/skill.h"
#include "lib/domain/window.h"

/* AREAS_MOST: 20 territories of 20 circles, as workforce allows. */
enum { LICENCES_MOST = 20, AREAS_MOST = 400, EQUIPMENT_MOST = 30 };

struct held_licence {
    enum licence kind;
    struct window valid;
};

struct area {
    struct place centre;
    int64_t radius_m; /* as the crow flies */
};

struct technician {
    /* What is asked first lies together. */
    uint64_t skills;
    struct place home;
    int64_t longest_travel_m; /* road metres from home; 0: no bound */
    bool is_active;
    bool is_readable; /* false: something of him could not be understood, so he is not offered */
    uint8_t licence_count, equipment_count;
    uint16_t area_count; /* none: everywhere */
    struct id id;
    struct held_licence licences[LICENCES_MOST];
    const struct area *areas;
    uint64_t equipment[EQUIPMENT_MOST]; /* text_hash of each word */
    char first_name[164];               /* 40 letters of any script */
};

bool technician_same(const struct technician *a, const struct technician *b);

/* How he stands beside the others; changes with every answer and every promise. */
struct standing {
    int64_t answers, sum;         /* of surveys, 1 to 6 each */
    int64_t promised_ms, work_ms; /* over the days that the book knows from today on */
};
