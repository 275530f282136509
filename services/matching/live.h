/* Where technicians are now, as routing keeps it in Redis; matching reads it and writes nothing. */
#pragma once
#include "lib/service/service.h"
#include "services/matching/domain/live_reach.h"
#include "services/matching/domain/search_slots.h"

/* Drops the slots that start too soon for where their technicians are; without Redis drops none. */
void live_drop_unreachable(struct turn *turn, const struct visit_job *job,
                           struct slot_search *found);
