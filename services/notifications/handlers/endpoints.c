/* Endpoints that fail: nothing is dropped, the partner is told after a quarter of an hour, and the
 * first success lets everything flow again. */
#include "proto/notifications.pb-c.h"
#include "services/notifications/domain/webhook_retry.h"
#include "services/notifications/handlers.h"

enum { DELIVERIES_KEPT_DAYS = 30 };

struct error endpoint_failed(struct turn *turn, const struct stream *stream)
{
    store_save_failing(turn, stream->subscription_id);
    return OK;
}

/* 410: it does not want any more. What is not delivered stays in the feed. */
struct error endpoint_gone(struct turn *turn, const struct stream *stream)
{
    EndpointFailing told = ENDPOINT_FAILING__INIT;

    TRY(store_end_subscription(turn, stream->subscription_id, "disabled"));
    TRY(subject_lock(turn, stream->partner_id, NULL));
    told.partner_id = stream->partner_id;
    told.subscription_id = stream->subscription_id;
    told.since = stream->failing_since ? stream->failing_since : turn->now;
    emit(turn, stream->partner_id, &told);
    return OK;
}

struct error endpoint_recovered(struct turn *turn, const struct stream *stream)
{
    EndpointRecovered told = ENDPOINT_RECOVERED__INIT;

    store_save_recovered(turn, stream->subscription_id);
    store_wake_streams(turn, stream->subscription_id);
    if (!stream->is_told)
        return OK;
    TRY(subject_lock(turn, stream->partner_id, NULL));
    told.partner_id = stream->partner_id;
    told.subscription_id = stream->subscription_id;
    told.at = turn->now;
    emit(turn, stream->partner_id, &told);
    return OK;
}

struct error endpoints_due(struct turn *turn, const char *partner_id)
{
    struct subscribers failing;

    turn_belongs_to(turn, partner_id);
    TRY(store_load_failing_endpoints(turn, partner_id, turn->machine_now - ENDPOINT_FAILING_MS,
                                     &failing));
    for (size_t i = 0; i < failing.count; i++) {
        EndpointFailing told = ENDPOINT_FAILING__INIT;
        told.partner_id = partner_id;
        told.subscription_id = failing.at[i].subscription_id;
        told.since = failing.at[i].failing_since;
        told.waiting = failing.at[i].waiting;
        emit(turn, partner_id, &told);
        store_save_told(turn, failing.at[i].subscription_id);
    }
    return OK;
}

struct error deliveries_prune(struct turn *turn, const char *subject)
{
    (void)subject;
    store_prune_deliveries(turn, turn->now - DAYS(DELIVERIES_KEPT_DAYS));
    return OK;
}
