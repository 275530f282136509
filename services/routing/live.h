/* Technicians' live state in Redis; the only way to it, and its only writer. Everything here may be
 * lost: PostgreSQL's last_position fills it again.
 *
 * tech:<id> hash lat lon at sequence status, gone 5 minutes (machine time) after it was heard;
 * geo:all points by id; seen:all ids by `at` (suite time); boot:epoch is there when all of it is.
 */
#pragma once
#include "proto/routing.pb-c.h"
#include "services/routing/store.h"

enum { LIVE_MS = 5 * 60 * 1000 };

/* After COMMIT. Never goes back to a lower sequence, whichever process comes last. */
void live_save(struct turn *turn, const struct position positions[], size_t count);
/* After COMMIT: nothing of him is left. */
void live_forget(struct turn *turn, const char *technician_id);
/* After COMMIT, behind the live_saves of a refill: all of them are there. `count` of them. */
void live_mark_filled(struct turn *turn, size_t count);
/* TEMPORARY when Redis is away. */
struct error live_is_filled(struct turn *turn, bool *ret_is_filled);
/* Who is live, in order of id. TEMPORARY when Redis is away or not filled yet. */
struct error live_load(struct turn *turn, LiveTechnician ***ret_list, size_t *ret_count);
