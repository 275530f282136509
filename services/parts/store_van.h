/* What lies in vans, and for whom; store_van.c alone knows how it is kept. Whoever changes a van
 * holds its technician's subject. */
#pragma once
#include "services/parts/domain/van_count.h"
#include "services/parts/store.h"

struct VanStock;

/* Which of `skus` the catalogue does not know, by their places in the list. */
struct error store_find_unknown(struct turn *turn, const char *const skus[], size_t count,
                                size_t **ret_places, size_t *ret_count);
/* As it was told last, in the arena; NULL when nobody has ever counted that van. */
struct error store_load_van(struct turn *turn, const char *technician_id,
                            struct VanStock **ret_van);
/* One version on. */
struct error store_next_version(struct turn *turn, const char *technician_id);
/* Zeroes when it does not lie there. */
struct error store_load_count(struct turn *turn, const char *technician_id, const char *sku,
                              struct van_count *ret_count);
/* Saves what became of a count, and marks as lost the reservations that it cannot keep: those whose
 * visits begin the latest. */
void store_save_count(struct turn *turn, const char *technician_id, const char *sku,
                      const struct van_change *change);
void store_drop_count(struct turn *turn, const char *technician_id, const char *sku);

struct van_reservation {
    const char *technician_id, *sku;
    timestamp reserved_at;
    bool is_lost; /* the van holds too little */
};
struct error store_load_reservation(struct turn *turn, const char *work_order_id, bool *ret_found,
                                    struct van_reservation *ret_reservation);
/* A new one for the order's part and technician, or the present one with the visit's new hour. */
void store_save_reservation(struct turn *turn, const struct work_order *order);
void store_drop_reservation(struct turn *turn, const char *work_order_id);

/* How many pieces can lie at the customer's, from purchases; below 0: more were used. */
struct error store_count_at_customer(struct turn *turn, const char *work_order_id, const char *sku,
                                     int64_t *ret_count);
struct used_part {
    const char *visit_id, *work_order_id, *technician_id, *sku;
    int64_t quantity;
};
/* This visit's use of the part was taken already. */
struct error store_has_use(struct turn *turn, const struct used_part *part, bool *ret_has);
void store_save_use(struct turn *turn, const struct used_part *part, const struct van_use *use);
