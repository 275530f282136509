/* What every service says of itself under /metrics: one row a figure. Who watches reads these words
 * as HELP; rules and dashboards that name what is not here, or in a service's own table, fail their
 * test. */
#include "lib/service/service.h"

const struct metric_kind common_metrics[] = {
    { "majster_ready", "1 when /readyz says so" },
    { "majster_loop_timestamp_seconds", "when the loop last came by; it does so every second" },
    { "majster_queue", "turns that wait in the process" },
    { "majster_turns_total", "turns that ended, whatever their outcome", "kind" },
    { "majster_turns_again_total", "turns put off, as a lock or a part was busy", "kind" },
    { "majster_batches_broken_total", "transactions that were rolled back as a whole" },
    { "majster_http_replies_total", "answers by route and class of status", "method,route,status" },
    /* facts */
    { "majster_facts_heard_total", "facts that took effect or were of no interest here" },
    { "majster_facts_told_total", "facts that Kafka has acknowledged", "type" },
    { "majster_facts_retold_total", "facts told again by --retell, of those" },
    { "majster_erasures_waiting", "facts that a person is to be forgotten, parked or early here" },
    { "majster_duplicates_total", "facts that came again and had no effect" },
    { "majster_watched_total", "facts followed in memory" },
    { "majster_consumer_behind_facts", "facts of a topic told and not yet heard here", "topic" },
    { "majster_consumer_behind_seconds", "for how long facts of a topic are behind", "topic" },
    { "majster_consumer_partitions", "partitions that the group has given to this process" },
    { "majster_offset_refusals_total", "batches refused: another process had read on" },
    { "majster_early", "facts that wait for the one before them" },
    { "majster_early_oldest_seconds", "age of the oldest of those" },
    { "majster_parked", "facts put aside until somebody decides", "kind" },
    { "majster_parked_oldest_seconds", "age of the oldest of those" },
    { "majster_parked_total", "facts that were put aside" },
    { "majster_crashed_total", "turns put aside as they had killed the process three times" },
    { "majster_retold_refused_total", "retold facts that could not fill a copy" },
    { "majster_outbox_rows", "facts that wait for Kafka; 10000 stands for that and more" },
    { "majster_outbox_oldest_seconds", "age of the oldest of those" },
    { "majster_relay", "1 in the process that takes this service's outbox to Kafka" },
    { "majster_relay_again_total", "times that the relay had to begin anew" },
    /* what it stands on */
    { "majster_connected", "1 when the part answered last time", "to" },
    { "majster_reconnects_total", "connections made after one was lost", "to" },
    { "majster_redis_failures_total", "commands that Redis did not answer" },
    { "majster_redis_refused_total", "commands that Redis refused" },
    { "majster_calls_active", "calls to other machines under way" },
    { "majster_calls_total", "calls to other machines that ended", "to,result" },
    /* the process, by the names that every Prometheus knows */
    { "process_start_time_seconds", "when the process was started" },
    { "process_cpu_seconds_total", "user and system time" },
    { "process_resident_memory_bytes", "memory that it holds" },
    { "process_open_fds", "open files and sockets" },
    { "process_max_fds", "of which it may have so many" },
#ifdef MAJSTER_FAULTS
    { "majster_failpoint_passes_total", "places to fail that were passed", "name" },
#endif
    { 0 },
};
