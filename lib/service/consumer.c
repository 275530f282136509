/* What the service listens to: a static member of its consumer group. Offsets live in PostgreSQL
 * and move, by compare and swap, with the effects they belong to; Kafka's own group offsets are not
 * used. */
#include "lib/service/kafka.h"
#include "lib/service/partitions.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { LEAVE_MS = 1000 };

static rd_kafka_t *kafka;
static rd_kafka_queue_t *queue;
static int ready_fd = -1;
static bool must_reassign;
static rd_kafka_topic_partition_list_t *ours; /* what the group has given us; NULL: nothing */

static struct error assign(rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        struct partition *partition = partition_get(list->elems[i].topic, list->elems[i].partition);
        TRY(partition_begin(partition));
        list->elems[i].offset = partition->saved < 0 ? RD_KAFKA_OFFSET_BEGINNING : partition->saved;
    }
    rd_kafka_assign(kafka, list);
    metric_set("majster_consumer_partitions", "", list->cnt);
    log_info("partitions_assigned", NUMBER("count", list->cnt));
    return OK;
}

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t what,
                         rd_kafka_topic_partition_list_t *list, void *opaque)
{
    (void)opaque;
    partitions_void(); /* whatever was read before and is still queued */
    if (ours)
        rd_kafka_topic_partition_list_destroy(ours);
    ours = NULL;
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        ours = rd_kafka_topic_partition_list_copy(list);
        struct error error = assign(list);
        if (error.kind == ERROR_NONE)
            return;
        log_warning("assign_failed", TEXT("why", error.text));
        must_reassign = true;
    }
    rd_kafka_assign(client, NULL);
    metric_set("majster_consumer_partitions", "", 0);
}

static void take(const rd_kafka_message_t *message)
{
    struct partition *partition =
        partition_get(rd_kafka_topic_name(message->rkt), message->partition);
    char trace[33] = "";
    struct record record = record_read(message, trace);
    struct item *item = item_new(ITEM_MESSAGE, record.subject, trace);

    record.partition = partition;
    record.generation = partition->generation;
    record.topic = partition->topic;
    item->record = record;
    partition_read(partition, message->offset,
                   rd_kafka_message_timestamp(message, &(rd_kafka_timestamp_type_t){ 0 }));
    loop_add(item);
}

/* The assignment is made anew from what PostgreSQL has. The group still counts on us: who leaves it
 * and joins again at once is a static member that nobody gives anything. */
static void reassign(void)
{
    must_reassign = false;
    if (!ours)
        return;
    partitions_void();
    rd_kafka_assign(kafka, NULL);
    struct error error = assign(ours);
    must_reassign = error.kind != ERROR_NONE;
}

/* Another process has our INSTANCE: going on would mean two of us with the same timers. */
static void end_as_fenced(const char *why)
{
    log_error("fenced", TEXT("why", why), NUMBER("instance", settings.instance));
    _exit(1);
}

static void consumer_poll(void)
{
    eventfd_t count;

    if (!kafka)
        return;
    eventfd_read(ready_fd, &count);
    if (must_reassign && !pipeline_lost())
        reassign();
    for (int i = 0; i < 500 && queue_length() < QUEUE_MOST; i++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka, 0);
        if (!message)
            return;
        if (!message->err)
            take(message);
        else if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
            log_error("offset_expired", TEXT("topic", rd_kafka_topic_name(message->rkt)),
                      NUMBER("partition", message->partition));
        else if (message->err == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID ||
                 message->err == RD_KAFKA_RESP_ERR__FATAL)
            end_as_fenced(rd_kafka_message_errstr(message));
        else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF)
            log_warning("kafka_consumer", TEXT("why", rd_kafka_message_errstr(message)));
        rd_kafka_message_destroy(message);
    }
    if (queue_length() < QUEUE_MOST)
        eventfd_write(ready_fd, 1); /* there may be more */
}

void consumer_keep_alive(int64_t now_ms)
{
    static int64_t polled_ms;

    if (now_ms - polled_ms < 1000)
        return;
    polled_ms = now_ms;
    consumer_poll();
}

void partitions_lost(void)
{
    metric_add("majster_offset_refusals_total", "", 1);
    log_warning("offsets_refused", NUMBER("generation", partitions_generation()));
    must_reassign = true;
    eventfd_write(ready_fd, 1);
}

void consumer_measure(void)
{
    if (kafka)
        partitions_measure(kafka);
}

/* ---- start and stop ---- */

static void on_ready(uint32_t events, void *with)
{
    (void)events;
    (void)with;
    consumer_poll();
}

struct error consumer_start(void)
{
    static const char *const pairs[][2] = {
        { "enable.auto.commit", "false" },
        { "enable.auto.offset.store", "false" },
        { "auto.offset.reset", "error" },
        { "partition.assignment.strategy", "range" },
        { "session.timeout.ms", "10000" },
        { "heartbeat.interval.ms", "500" }, /* so soon does it hear that another left */
        { "max.poll.interval.ms", "60000" },
        { "check.crcs", "true" },
        { "queued.min.messages", "1000" },
        { "queued.max.messages.kbytes", "16384" },
        { "fetch.message.max.bytes", "262144" },
        { "fetch.wait.max.ms", "100" },
        { "fetch.error.backoff.ms", "50" },
        { "allow.auto.create.topics", "false" },
        { NULL, NULL },
    };
    char why[256], member[128];

    if (!the_service->listens || !the_service->listens->type)
        return OK;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    kafka_settings(conf);
    kafka_set(conf, pairs);
    snprintf(member, sizeof member, "%s-%lld", the_service->name, (long long)settings.instance);
    kafka_set(conf, (const char *const[][2]){ { "group.id", the_service->name },
                                              { "group.instance.id", member },
                                              { NULL, NULL } });
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!kafka)
        return fatal("consumer: %s", why);
    rd_kafka_poll_set_consumer(kafka);
    ready_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    queue = rd_kafka_queue_get_consumer(kafka);
    rd_kafka_queue_io_event_enable(queue, ready_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
    loop_watch_fd(ready_fd, EPOLLIN, on_ready, NULL);
    rd_kafka_topic_partition_list_t *list = topics_heard();
    rd_kafka_resp_err_t error = rd_kafka_subscribe(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    return error ? fatal("subscribe: %s", rd_kafka_err2str(error)) : OK;
}

static bool is_member(void)
{
    char *id = rd_kafka_memberid(kafka);
    bool has_id = id && id[0];

    if (id)
        rd_kafka_mem_free(kafka, id);
    return has_id;
}

/* A static member that closes says nothing, so that it may be back soon; one that unsubscribes
 * leaves. */
void consumer_leave(void)
{
    int64_t give_up_ms = monotonic_clock_ms() + LEAVE_MS;
    struct timespec wait = { .tv_nsec = 5000000 };

    if (!kafka || rd_kafka_unsubscribe(kafka))
        return;
    while (is_member() && monotonic_clock_ms() < give_up_ms) {
        nanosleep(&wait, NULL);
        consumer_poll();
    }
}

void consumer_stop(void)
{
    if (!kafka)
        return;
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    kafka = NULL;
}
