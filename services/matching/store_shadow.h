/* The hours that would have been promised to partners who try us in the shadow. */
#pragma once
#include "services/matching/domain/search_slots.h"
#include "services/matching/store.h"

/* `slot` NULL: nobody could have come. */
void store_save_shadow(struct turn *turn, const struct order_copy *order, const struct slot *slot);
/* The hour that was agreed first; nothing when the order has no shadow. */
void store_agree_shadow(struct turn *turn, const Visit *visit, const Actor *by);
/* Of orders heard of after `from`: the counts, and the newest 200. */
struct error store_load_shadow(struct turn *turn, const char *partner_id, timestamp from,
                               ShadowReport *ret_report);
