/* What every process follows in memory: all partitions of the watched topics, no group, no inbox.
 * At the start the end offsets are noted, memory is loaded from PostgreSQL, and the following
 * begins there; the service is ready once it is past them. */
#include "lib/service/kafka.h"
#include "lib/service/message.h"
#include "lib/service/queries.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

struct followed {
    char topic[128];
    int partition;
    int64_t from, ready_at, at;
};

static rd_kafka_t *kafka;
static rd_kafka_queue_t *queue;
static int ready_fd = -1;
static struct followed *followed;
static size_t followed_count;
static atomic_bool is_ready = true; /* connections ask, too */

static const struct watch *watch_of(const char *type)
{
    for (const struct watch *watch = the_service->watches; watch && watch->type; watch++)
        if (string_is(watch->type->name, type))
            return watch;
    return NULL;
}

static void follow(const rd_kafka_message_t *message)
{
    static struct arena arena;
    char trace[33] = "";
    struct record record = record_read(message, trace);
    const struct watch *watch = record.unreadable ? NULL : watch_of(record.type);
    struct text bytes = { record.payload, record.payload_length };
    struct fact fact = { record.id,       record.source, record.subject,
                         record.sequence, record.type,   record.partner,
                         record.told_at,  trace,         record.cause };
    ProtobufCMessage *body = NULL;

    arena_reset(&arena);
    if (watch) {
        /* What cannot be read here is parked by those who listen; memory goes on without it. */
        struct error error = message_unpack(&arena, watch->type, bytes, &body);
        if (error.kind == ERROR_NONE)
            watch->follow(&fact, body);
        else
            log_warning("watch_unreadable", TEXT("type", record.type), TEXT("why", error.text));
        metric_add("majster_watched_total", "", 1);
    }
    struct item *shell = item_new(ITEM_MESSAGE, "", "");
    shell->record = record;
    item_free(&shell);
}

static void note_progress(const rd_kafka_message_t *message)
{
    bool all = true;

    for (size_t i = 0; i < followed_count; i++) {
        struct followed *one = &followed[i];
        if (one->partition == message->partition &&
            string_is(one->topic, rd_kafka_topic_name(message->rkt)))
            one->at = message->offset + 1;
        all = all && one->at >= one->ready_at;
    }
    if (all && !is_ready) {
        is_ready = true;
        log_info("watches_ready", NUMBER("partitions", followed_count));
    }
}

static void on_ready(uint32_t events, void *with)
{
    eventfd_t count;

    (void)events;
    (void)with;
    eventfd_read(ready_fd, &count);
    for (int i = 0; i < 2000; i++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka, 0);
        if (!message)
            return;
        if (!message->err) {
            follow(message);
            note_progress(message);
        } else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            log_warning("kafka_watcher", TEXT("why", rd_kafka_message_errstr(message)));
        }
        rd_kafka_message_destroy(message);
    }
    eventfd_write(ready_fd, 1);
}

void watcher_keep_alive(int64_t now_ms)
{
    static int64_t polled_ms;

    if (!kafka || ready_fd < 0 || now_ms - polled_ms < 200)
        return;
    polled_ms = now_ms;
    on_ready(0, NULL);
}

bool watcher_is_ready(void)
{
    return is_ready;
}

/* Memory may be filled from copies that this service itself keeps by listening; then what the
 * copies lack is behind the committed offset, not behind the topic's end. */
static struct error start_of(const char *topic, int partition, int64_t end, int64_t *ret_from)
{
    struct rows rows;
    bool is_heard = false;

    *ret_from = end;
    for (const struct subscription *s = the_service->listens; s && s->type; s++)
        is_heard = is_heard || string_is(s->type->package_name, topic);
    if (!is_heard)
        return OK;
    ASK(NULL, &rows, load_offset, STR(topic), INT(partition));
    TRY(pipeline_wait(true, NULL));
    *ret_from = 0;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_from = next_int(&row);
    }
    return OK;
}

static struct error note_end(const char *topic, int partition)
{
    int64_t low = 0, high = 0, from;
    rd_kafka_resp_err_t why =
        rd_kafka_query_watermark_offsets(kafka, topic, partition, &low, &high, 10000);

    if (why)
        return temporary("end offset of %s %d: %s", topic, partition, rd_kafka_err2str(why));
    TRY(start_of(topic, partition, high, &from));
    followed = realloc(followed, (followed_count + 1) * sizeof *followed);
    if (!followed)
        abort();
    struct followed *one = &followed[followed_count++];
    *one = (struct followed){ .partition = partition,
                              .from = from < low ? low : from,
                              .ready_at = high,
                              .at = from < low ? low : from };
    snprintf(one->topic, sizeof one->topic, "%s", topic);
    is_ready = is_ready && one->at >= one->ready_at;
    return OK;
}

static struct error note_topic(const char *topic)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(kafka, topic, NULL);
    rd_kafka_resp_err_t why = rd_kafka_metadata(kafka, 0, handle, &metadata, 10000);
    struct error error = OK;

    rd_kafka_topic_destroy(handle);
    if (why)
        return temporary("partitions of %s: %s", topic, rd_kafka_err2str(why));
    int count =
        metadata->topic_cnt && !metadata->topics[0].err ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    if (count == 0) /* made a moment ago; the broker does not know it yet */
        return temporary("topic %s has no partitions yet", topic);
    for (int i = 0; i < count && error.kind == ERROR_NONE; i++)
        error = note_end(topic, i);
    return error;
}

static struct error note_ends(void)
{
    followed_count = 0;
    is_ready = true;
    for (const struct watch *watch = the_service->watches; watch->type; watch++) {
        bool is_first = true;
        for (const struct watch *before = the_service->watches; before < watch; before++)
            is_first =
                is_first && !string_is(before->type->package_name, watch->type->package_name);
        if (is_first)
            TRY(note_topic(watch->type->package_name));
    }
    return OK;
}

static struct error open_client(void)
{
    static const char *const pairs[][2] = {
        { "enable.auto.commit", "false" },       { "auto.offset.reset", "earliest" },
        { "fetch.wait.max.ms", "100" },          { "fetch.error.backoff.ms", "50" },
        { "queued.min.messages", "1000" },       { "queued.max.messages.kbytes", "16384" },
        { "fetch.message.max.bytes", "262144" }, { NULL, NULL },
    };
    char why[256], group[128];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    kafka_settings(conf);
    kafka_set(conf, pairs);
    snprintf(group, sizeof group, "%s-watch", the_service->name); /* named, never joined */
    kafka_set(conf, (const char *const[][2]){ { "group.id", group }, { NULL, NULL } });
    kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!kafka)
        return fatal("watcher: %s", why);
    rd_kafka_poll_set_consumer(kafka);
    return OK;
}

struct error watcher_start(void)
{
    if (!the_service->watches || !the_service->watches->type)
        return OK;
    if (!kafka)
        TRY(open_client());
    return note_ends();
}

void watcher_follow(void)
{
    if (!kafka)
        return;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)followed_count);
    for (size_t i = 0; i < followed_count; i++)
        rd_kafka_topic_partition_list_add(list, followed[i].topic, followed[i].partition)->offset =
            followed[i].from;
    ready_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    queue = rd_kafka_queue_get_consumer(kafka);
    rd_kafka_queue_io_event_enable(queue, ready_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
    loop_watch_fd(ready_fd, EPOLLIN, on_ready, NULL);
    rd_kafka_assign(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
}

void watcher_stop(void)
{
    if (!kafka)
        return;
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    kafka = NULL;
}
