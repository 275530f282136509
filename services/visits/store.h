/* What visits keeps in PostgreSQL. Strings and lists that are loaded live in the turn's arena or
 * with its rows: until the turn ends. Everything stands behind the walls: rows of another partner
 * are as if they were not there. */
#pragma once
#include "lib/service/db.h"
#include "lib/service/turn.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/visits/domain/course.h"
#include "services/visits/domain/protocol_needs.h"

struct order_copy {
    const char *partner_id, *contract_id, *service_id, *person_id, *description_key, *number;
};
void store_save_work_order(struct turn *turn, const WorkOrder *order);
/* False: no such order behind this wall. */
struct error store_load_work_order(struct turn *turn, const char *work_order_id, bool *ret_found,
                                   struct order_copy *ret_order);

/* Those of partners, of orders without a course; both text[]. */
void store_drop_protocol_rules(struct turn *turn, struct value partner_ids);
void store_drop_work_orders(struct turn *turn, struct value work_order_ids);
void store_save_protocol_rules(struct turn *turn, const PartnerChanged *partner);
/* The contract's words for this visit's service; "photo,signature" while the contract is unknown:
 * proof that was taken in vain does no harm. */
struct error store_load_protocol_words(struct turn *turn, const struct course *course,
                                       const char **ret_words);

struct course_list {
    size_t count;
    struct course *at;
};
void store_save_course(struct turn *turn, const struct course *course);
/* All visits of an order, oldest first. */
struct error store_load_courses(struct turn *turn, const char *work_order_id,
                                struct course_list *ret_courses);
/* state COURSE_NONE: never heard of. */
struct error store_load_course(struct turn *turn, const char *visit_id, struct course *ret_course);
/* A technician's visits that start in the window, by start, at most 50, without cancelled ones. */
/* Who goes along with its leader; whoever did before does not any more. */
void store_save_mates(struct turn *turn, const Visit *visit);
struct error store_count_mates(struct turn *turn, const char *visit_id, int64_t *ret_count);
/* Of those he leads and those he goes along to. */
struct error store_load_day(struct turn *turn, const char *technician_id, timestamp from,
                            timestamp until, struct course_list *ret_courses);

struct course_entry {
    enum course_event event;
    enum course_state was;
    timestamp at; /* when it happened */
    bool has_place;
    double lat, lon;
};
/* Adds to the log of what was said about `course`, which already is as the event left it. */
void store_save_event(struct turn *turn, const struct course *course,
                      const struct course_entry *entry);

struct proof_picture {
    const char *kind;                /* "before", "after", "signature" */
    const char *sha256, *media_type; /* of the picture itself */
    const char *stored, *seal_id;    /* its file, sealed */
    int64_t size, width, height;
};
void store_save_proof(struct turn *turn, const struct course *course,
                      const struct proof_picture *picture);
struct error store_load_proof(struct turn *turn, const char *visit_id, size_t *ret_count,
                              ProofFile ***ret_files);
struct error store_has_proof(struct turn *turn, const char *visit_id, const char *kind,
                             const char *sha256, bool *ret_has);
/* What is known of a file of this order; its media type is "" when it has no such file. */
struct error store_find_proof(struct turn *turn, const char *work_order_id, const char *sha256,
                              struct proof_picture *ret_picture, const char **ret_technician_id);
/* Words and pictures of the order's visits; the files of `ret_stored` are still to be deleted. */
struct error store_forget_proof(struct turn *turn, const char *work_order_id,
                                const char ***ret_stored, size_t *ret_count);

struct protocol {
    const char *key; /* UUID */
    const char *findings, *work_done, *solved, *signer_name, *refusal_reason, *absence_note;
    bool card_payment_offered;
    timestamp at;
};
void store_save_protocol(struct turn *turn, const struct course *course,
                         const struct protocol *protocol);
void store_save_line(struct turn *turn, const struct course *course, size_t position,
                     const LineAsked *line);
void store_save_part(struct turn *turn, const struct course *course, size_t position,
                     const UsedPart *part);
void store_accept_line(struct turn *turn, const CostLineAccepted *accepted);
void store_refuse_line(struct turn *turn, const CostLineRefused *refused);
/* Fills words, lines and parts of `reply`; leaves them empty when nothing was written yet. */
struct error store_load_protocol(struct turn *turn, const char *visit_id, ProtocolReply *reply);
struct error store_load_lines(struct turn *turn, const char *visit_id, size_t *ret_count,
                              LineAsked ***ret_lines);
