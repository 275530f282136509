/* What the service listens to: a static member of its consumer group. Offsets live in PostgreSQL
 * and move, by compare and swap, with the effects they belong to; Kafka's own group offsets are not
 * used. */
#include "lib/service/kafka.h"
#include "lib/service/queries.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { LEAVE_MS = 1000 };

/* Offsets that were read and are not finished, in the order they came. */
struct partition {
    char topic[128];
    int number;
    int generation; /* of the assignment; 0: not ours */
    int64_t saved;  /* what PostgreSQL has; -1: no row */
    int64_t next;   /* after the newest that was read */
    struct reading {
        int64_t offset;
        bool is_done, is_done_now; /* finished and committed; finished in this batch */
    } * readings;
    size_t count, room;
    int64_t wanted; /* of this batch */
};

static rd_kafka_t *kafka;
static rd_kafka_queue_t *queue;
static int ready_fd = -1;
static struct partition *partitions[512];
static size_t partition_count;
static int generation = 1;
static bool must_reassign;
static rd_kafka_topic_partition_list_t *ours; /* what the group has given us; NULL: nothing */

const struct subscription *subscription_of(const char *type)
{
    for (const struct subscription *s = the_service->listens; s && s->type; s++)
        if (string_is(s->type->name, type))
            return s;
    return NULL;
}

static struct partition *partition_get(const char *topic, int number)
{
    for (size_t i = 0; i < partition_count; i++)
        if (partitions[i]->number == number && string_is(partitions[i]->topic, topic))
            return partitions[i];
    assert(partition_count < COUNT(partitions));
    struct partition *made = calloc(1, sizeof *made);
    if (!made)
        abort();
    snprintf(made->topic, sizeof made->topic, "%s", topic);
    made->number = number;
    partitions[partition_count++] = made;
    return made;
}

static struct error load_saved(struct partition *partition)
{
    struct rows rows;

    ASK(NULL, &rows, load_offset, STR(partition->topic), INT(partition->number));
    TRY(pipeline_wait(true, NULL));
    partition->saved = -1;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        partition->saved = next_int(&row);
    }
    return OK;
}

static struct error assign(rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        struct partition *partition = partition_get(list->elems[i].topic, list->elems[i].partition);
        TRY(load_saved(partition));
        partition->generation = generation;
        partition->count = 0;
        list->elems[i].offset = partition->saved < 0 ? RD_KAFKA_OFFSET_BEGINNING : partition->saved;
        partition->next = partition->saved;
    }
    rd_kafka_assign(kafka, list);
    log_info("partitions_assigned", NUMBER("count", list->cnt));
    return OK;
}

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t what,
                         rd_kafka_topic_partition_list_t *list, void *opaque)
{
    (void)opaque;
    generation++; /* whatever was read before and is still queued is void */
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
}

bool partition_is_current(const struct record *record)
{
    return record->partition && record->generation == record->partition->generation &&
           record->partition->generation == generation;
}

static void add_reading(struct partition *partition, int64_t offset)
{
    if (partition->count == partition->room) {
        partition->room = partition->room ? partition->room * 2 : 64;
        partition->readings =
            realloc(partition->readings, partition->room * sizeof *partition->readings);
        if (!partition->readings)
            abort();
    }
    partition->readings[partition->count++] = (struct reading){ .offset = offset };
    partition->next = offset + 1;
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
    add_reading(partition, message->offset);
    loop_add(item);
}

/* The assignment is made anew from what PostgreSQL has. The group still counts on us: who leaves it
 * and joins again at once is a static member that nobody gives anything. */
static void reassign(void)
{
    must_reassign = false;
    if (!ours)
        return;
    generation++;
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

/* ---- offsets of a batch ---- */

static struct reading *reading_of(const struct record *record)
{
    struct partition *partition = record->partition;

    for (size_t i = 0; partition && i < partition->count; i++)
        if (partition->readings[i].offset == record->offset)
            return &partition->readings[i];
    return NULL;
}

bool partition_is_done_before(const struct record *record)
{
    const struct partition *partition = record->partition;

    for (size_t i = 0; partition && i < partition->count; i++)
        if (partition->readings[i].offset < record->offset && !partition->readings[i].is_done)
            return false;
    return true;
}

static int64_t lowest_unfinished(const struct partition *partition)
{
    for (size_t i = 0; i < partition->count; i++)
        if (!partition->readings[i].is_done && !partition->readings[i].is_done_now)
            return partition->readings[i].offset;
    return partition->next;
}

static void mark(struct batch *batch)
{
    for (size_t i = 0; i < partition_count; i++)
        for (size_t k = 0; k < partitions[i]->count; k++)
            partitions[i]->readings[k].is_done_now = false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct turn_state *state = &batch->turns[i];
        struct reading *reading = NULL;
        if (state->item->kind == ITEM_MESSAGE && state->outcome != DEFERRED &&
            state->item->record.from == FROM_KAFKA && partition_is_current(&state->item->record))
            reading = reading_of(&state->item->record);
        if (reading)
            reading->is_done_now = true;
    }
}

void partition_offsets(struct batch *batch)
{
    const char **topics = ARENA_ARRAY(&batch->arena, const char *, partition_count + 1);
    int64_t *numbers = ARENA_ARRAY(&batch->arena, int64_t, partition_count + 1);
    int64_t *expected = ARENA_ARRAY(&batch->arena, int64_t, partition_count + 1);
    int64_t *nexts = ARENA_ARRAY(&batch->arena, int64_t, partition_count + 1);
    size_t count = 0;

    mark(batch);
    for (size_t i = 0; i < partition_count; i++) {
        struct partition *partition = partitions[i];
        partition->wanted = partition->saved;
        if (partition->generation != generation || !partition->count)
            continue;
        partition->wanted = lowest_unfinished(partition);
        if (partition->wanted == partition->saved)
            continue;
        topics[count] = partition->topic;
        numbers[count] = partition->number;
        expected[count] = partition->saved;
        nexts[count++] = partition->wanted;
    }
    if (count)
        SEND(NULL, advance_offsets, text_array(&batch->arena, topics, count),
             int_array(&batch->arena, numbers, count), int_array(&batch->arena, expected, count),
             int_array(&batch->arena, nexts, count));
}

void partition_committed(void)
{
    for (size_t i = 0; i < partition_count; i++) {
        struct partition *partition = partitions[i];
        size_t kept = 0;
        if (partition->generation != generation)
            continue;
        partition->saved = partition->wanted;
        for (size_t k = 0; k < partition->count; k++) {
            struct reading reading = partition->readings[k];
            reading.is_done = reading.is_done || reading.is_done_now;
            if (reading.offset >= partition->saved)
                partition->readings[kept++] = reading;
        }
        partition->count = kept;
    }
}

void partitions_lost(void)
{
    metric_add("majster_offset_refusals_total", "", 1);
    log_warning("offsets_refused", NUMBER("generation", generation));
    must_reassign = true;
    eventfd_write(ready_fd, 1);
}

/* ---- start and stop ---- */

static void on_ready(uint32_t events, void *with)
{
    (void)events;
    (void)with;
    consumer_poll();
}

static rd_kafka_topic_partition_list_t *topics_heard(void)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

    for (const struct subscription *s = the_service->listens; s && s->type; s++)
        if (!rd_kafka_topic_partition_list_find(list, s->type->package_name, RD_KAFKA_PARTITION_UA))
            rd_kafka_topic_partition_list_add(list, s->type->package_name, RD_KAFKA_PARTITION_UA);
    return list;
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
