/* The partner's words for what happened: the type of his event and its one Polish sentence. */
#pragma once
#include "services/notifications/domain/fill.h"

enum order_event_kind {
    ORDER_WAS_OPENED,
    ORDER_WAS_REFUSED,
    ORDER_WAS_CANCELLED,
    ORDER_PROGRESSED,
    ORDER_IS_UNSTAFFED,
    CALL_TASK_WAS_OPENED,
    CALL_TASK_WAS_CLOSED,
    VISIT_WAS_BOOKED,
    VISIT_WAS_MOVED,
    VISIT_WAS_REASSIGNED,
    VISIT_WAS_CANCELLED,
    VISIT_WAS_MISSED,
    VISIT_WAS_REBOOKED,
    TECHNICIAN_ON_THE_WAY,
    TECHNICIAN_THERE,
    VISIT_IS_DONE,
    VISIT_IS_UNFINISHED,
    VISIT_CONTINUES,
    PART_WAS_ORDERED,
    PART_WAS_CONFIRMED,
    PART_WAS_SHIPPED,
    PART_WAS_DELIVERED,
    PART_IS_LATE,
    PART_WAS_CANCELLED,
    PART_IS_IN_VAN,
    COST_WAS_ACCEPTED,
    COST_WAS_REFUSED,
    MESSAGE_WAS_SENT,
    SURVEY_WAS_ANSWERED,
    SETTLEMENT_WAS_MADE,
    ORDER_EVENT_KINDS,
};

const char *order_event_type(enum order_event_kind kind); /* "visit.booked" */
/* `words` as for fill(). A sentence whose gaps are not all known is told without the details:
 * the event itself must not wait for a word. */
const char *order_event_says(struct arena *arena, enum order_event_kind kind,
                             const struct word words[]);
/* Why an order was cancelled, as people say it; the key itself when it is none of ours. */
const char *cancel_words(const char *reason);
/* Why a report was refused, as people say it; "" for a rule without words here. */
const char *refusal_words(const char *rule);
/* Why a visit has left work, or why it stays undone, as people say it; "" when nobody said. */
const char *further_words(const char *reason);
/* A work order's state (intake.v1.WorkOrderState's name in lower case) as people say it, or "". */
const char *order_state_words(const char *state);
