/* What intake keeps; the only way to its tables. Functions that end in an error read at once, the
 * others queue their writes with the turn. */
#pragma once
#include "lib/service/service.h"
#include "proto/intake.pb-c.h"
#include "services/intake/domain/decide_cover.h"
#include "services/intake/domain/follow.h"

/* Contract and service as an order needs them. */
struct terms {
    const char *partner_id;
    Chooser chooser;
    int64_t guarantee_sum_grosz, tolerance_ms, choose_within_ms, answer_within_ms;
    bool is_listed; /* the contract covers the service; what follows is empty when not */
    const char *skill, *part_sku;
    int64_t visit_length_ms, expected_cost_grosz;
    Urgency urgency;
    const char **equipment;
    size_t equipment_count;
    int64_t technicians;       /* at once */
    int64_t next_number;       /* of work orders */
    const char *open_order_id; /* of the same claim and service; "" */
    const Adoption *adoption;
    const char *followed_by; /* service whose order is opened after this one's; "" */
    int64_t followed_gap_ms;
};

/* A line of cost with our answer. */
struct answered_line {
    const char *line_id, *visit_id, *technician_id, *item;
    int64_t quantity; /* thousandths */
    int64_t total_grosz, covered_grosz;
    int64_t left_grosz; /* of the guarantee sum after it */
    bool is_accepted;
    const char *rule; /* why it was refused; "" when it was not */
    timestamp answered_at;
};

/* A work order with what only intake knows of it. */
struct order_record {
    WorkOrder *order;
    const char *policy;
    const char *visit_id, *technician_name;
    timestamp start_at, choose_until;
    int64_t lines_expected, lines_answered, lines_booked;
    const char *continues; /* the done visit that has left work; "" none */
};

void store_save_partner(struct turn *turn, const PartnerRequest *partner);
void store_save_adoption(struct turn *turn, const char *partner_id, const Adoption *adoption);
/* NOT_FOUND when there is no such partner behind the wall. */
struct error store_load_adoption(struct turn *turn, const char *partner_id,
                                 Adoption **ret_adoption);
Adoption *next_adoption(struct row *row, struct turn *turn); /* four columns */
void store_save_api_key(struct turn *turn, const char *sha256, const char *partner_id);
struct error store_load_api_key(struct turn *turn, const char *sha256,
                                const char **ret_partner_id); /* "" */
/* With all contracts and services; `ret_found` is false when there is no such partner behind the
 * wall. */
struct error store_load_partner(struct turn *turn, const char *partner_id, bool *ret_found,
                                PartnerChanged *ret_partner);
struct error store_load_contract_owner(struct turn *turn, const char *contract_id,
                                       const char **ret_partner_id); /* "" */
struct error store_load_sender(struct turn *turn, const char *address,
                               const char **ret_partner_id); /* "" */
/* `ret_terms->partner_id` is "" when there is no such contract behind the wall. */
struct error store_load_terms(struct turn *turn, const WorkOrderRequest *request,
                              struct terms *ret_terms);
/* The same for a second order in one turn. */
struct error store_load_more_terms(struct turn *turn, const WorkOrderRequest *request,
                                   struct terms *ret_terms);

/* Of the contract and service, behind the turn's walls; what store_load_terms then finds. */
void store_ask_terms(struct turn *turn, const WorkOrderRequest *request);

/* The counter of one order alone, new, with what the order reserves; nobody else can hold it. */
void store_open_guarantee(struct turn *turn, const char *contract_id, const char *policy,
                          const struct terms *terms, int64_t reserved_grosz);
/* Makes the counter when it is new, takes its lock. */
struct error store_open_or_lock_guarantee(struct turn *turn, const char *contract_id,
                                          const char *policy, const struct terms *terms,
                                          struct sum *ret_sum);
/* 0 when the contract covers the service no more. */
struct error store_load_expected_cost(struct turn *turn, const char *contract_id,
                                      const char *service_id, int64_t *ret_grosz);
struct error store_lock_guarantee(struct turn *turn, const char *contract_id, const char *policy,
                                  struct sum *ret_sum);
void store_move_guarantee(struct turn *turn, const char *contract_id, const char *policy,
                          int64_t reserved_grosz, int64_t used_grosz);

/* By contract, those of most money first; at most 100. */
struct error store_load_guarantees(struct turn *turn, GuaranteeList *ret_list);

/* What somebody told us, as it came. */
struct report {
    const char *report_id;
    Channel channel;
    struct text raw;
    bool is_saved; /* in an earlier turn: a mail */
};
/* `ret_is_new` is false when this very mail is here already. */
struct error store_save_mail(struct turn *turn, const char *report_id, struct text raw,
                             const char *mail_key, bool *ret_is_new);
/* Keeps the report, sealed, with what became of it; `order` may be NULL: then nobody owns it. */
void store_end_report(struct turn *turn, const struct report *report, const char *outcome,
                      const char *rule, const char *partner_id, const WorkOrder *order);
struct error store_load_report(struct turn *turn, const char *report_id, struct text *ret_raw,
                               const char **ret_outcome);
struct error store_load_quarantine(struct turn *turn, QuarantineList *ret_list);
struct error store_load_conservation(struct turn *turn, ConservationReply *ret_reply);
struct error store_take_mail_lease(struct turn *turn, timestamp until, bool *ret_taken);
void store_end_mail_lease(struct turn *turn);

void store_save_order(struct turn *turn, const struct order_record *record);
struct error store_load_order(struct turn *turn, const char *work_order_id,
                              struct order_record *ret_record);
struct error store_load_orders(struct turn *turn, const char *partner_reference,
                               struct order_record **ret_records, size_t *ret_count);
struct error store_load_orders_of(struct turn *turn, const char *const person_ids[], size_t count,
                                  struct order_record **ret_records, size_t *ret_count);
/* The order that another one is to follow. */
struct before {
    const char *partner_id; /* "" when there is no such order behind the wall */
    WorkOrderState state;
    struct bounds bounds;
    int64_t visit_length_ms;
    int64_t length; /* orders in a row, it and those before it */
};
struct error store_load_before(struct turn *turn, const char *work_order_id,
                               struct before *ret_before);
/* Orders that come after this one, want an hour, and whose customer picks it. */
struct error store_load_choosers_after(struct turn *turn, const char *work_order_id,
                                       const char ***ret_ids, size_t *ret_count);
/* Those who waited for this order's hour have, from now on, as long as their contract gives. */
void store_give_time_to_choose(struct turn *turn, const char *work_order_id);
void store_forget_words(struct turn *turn, const char *work_order_id);
/* State, visit, money and lines; nothing else of an order changes. */
void store_save_progress(struct turn *turn, const struct order_record *record);

void store_save_call_task(struct turn *turn, const char *task_id, const WorkOrder *order,
                          const char *reason, timestamp due_at);
struct error store_load_open_task(struct turn *turn, const char *work_order_id,
                                  const char **ret_task_id); /* "" */
void store_close_call_task(struct turn *turn, const char *work_order_id, const char *outcome);
struct error store_load_call_tasks(struct turn *turn, CallTaskList *ret_list,
                                   const char ***ret_person_ids);

void store_save_price(struct turn *turn, const char *price_list_id, const char *item,
                      timestamp valid_from, int64_t price_grosz);
struct error store_load_price(struct turn *turn, const char *item, bool *ret_found,
                              int64_t *ret_price_grosz);
struct error store_has_line(struct turn *turn, const char *line_id, bool *ret_has);
void store_save_line(struct turn *turn, const WorkOrder *order, const struct answered_line *line);
/* Of the order's visits but this one. */
struct error store_count_other_lines(struct turn *turn, const char *work_order_id,
                                     const char *visit_id, int64_t *ret_count);
/* In the order they were answered. */
struct error store_load_lines(struct turn *turn, const char *work_order_id,
                              struct answered_line **ret_lines, size_t *ret_count);
