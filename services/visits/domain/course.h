/* One visit as this service knows it: the plan that matching promised and what came of it. */
#pragma once
#include "lib/base/time.h"
#include "services/visits/domain/course_states.h"

struct course {
    const char *visit_id, *work_order_id, *partner_id;
    const char *technician_id, *technician_name; /* first name */
    const char *person_id, *description_key;     /* in the vault; the key may be "" */
    const char *contract_id, *service_id;
    const char *number;       /* the work order's, for people */
    const char *protocol_key; /* "" until there is one */
    const char *solved;       /* "yes", "no", "partly"; "" until done */
    const char *further;      /* "again", "none"; "" when solved, and until done */
    const char *further_reason;
    int64_t ordinal; /* a later visit of the same order has a higher one */
    enum course_state state;
    timestamp start_at;            /* the promised hour */
    int64_t tolerance_ms;          /* the promise is start_at plus or minus this */
    int64_t length_ms;             /* of the planned work */
    timestamp on_the_way_at;       /* this and the next: 0 when it has not happened */
    timestamp there_at, ended_at;  /* ended: done, missed, absent or cancelled */
    timestamp eta_at;              /* the technician's own guess; 0: none */
    timestamp missed_due_at;       /* without "there" until then, it is missed */
    int64_t further_length_ms;     /* of the next visit; 0: as this one */
    timestamp further_earliest_at; /* 0: as soon as possible */
};
