/* What every Kafka client of a service shares: settings, topics, and reading a record's headers. */
#include "lib/service/kafka.h"
#include <stdlib.h>
#include <string.h>

/* A broker that died under a question never answers it: a new client asks sooner than an old one
 * gives up. */
enum { PAYLOAD_MOST = 256 * 1024, TOPIC_ANSWER_MS = 4000, ASK_EVERY_MS = 5000 };

/* A client that cannot connect says so in its log alone; its callers only hear nothing. */
static pthread_mutex_t complaint_mutex = PTHREAD_MUTEX_INITIALIZER;
static char complaint[128];

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[256];

    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) {
        log_error("kafka_setting", TEXT("name", name), TEXT("why", why));
        abort();
    }
}

void kafka_set(rd_kafka_conf_t *conf, const char *const pairs[][2])
{
    for (; (*pairs)[0]; pairs++)
        set(conf, (*pairs)[0], (*pairs)[1]);
}

/* Older ones repeat their half of the nonce, and Kafka 4 looks closer than Kafka 3 did. */
enum { SCRAM_AS_KAFKA_4_WANTS_IT = 0x02060100 };

static const char *hint(const char *text)
{
    return rd_kafka_version() < SCRAM_AS_KAFKA_4_WANTS_IT && strstr(text, "mechanism SCRAM")
               ? "a broker of Kafka 4 refuses the SCRAM of librdkafka before 2.6.1, whatever the "
                 "password; PLAIN over TLS and certificates work"
               : "";
}

static void on_log(const rd_kafka_t *kafka, int level, const char *facility, const char *text)
{
    (void)kafka;
    if (level > 4)
        return;
    log_warning("kafka", TEXT("facility", facility), TEXT("text", text), TEXT("hint", hint(text)));
    /* "[thrd:host:port/bootstrap]: host:port/bootstrap: what happened" */
    const char *colon = strstr(text, "]: ");
    pthread_mutex_lock(&complaint_mutex);
    snprintf(complaint, sizeof complaint, "%s", colon ? colon + 3 : text);
    pthread_mutex_unlock(&complaint_mutex);
}

static struct error unanswered(const char *what, const char *why)
{
    pthread_mutex_lock(&complaint_mutex);
    struct error error =
        temporary("%s: %s%s%s", what, why, complaint[0] ? "; Kafka: " : "", complaint);
    pthread_mutex_unlock(&complaint_mutex);
    return error;
}

void kafka_is_there(bool is_there)
{
    static atomic_bool was_there, was_away;

    metric_set("majster_connected", "to=\"kafka\"", is_there);
    if (is_there && !atomic_exchange(&was_there, true) && atomic_exchange(&was_away, false))
        metric_add("majster_reconnects_total", "to=\"kafka\"", 1);
    if (!is_there) {
        atomic_store(&was_there, false);
        atomic_store(&was_away, true);
    }
}

void kafka_ask_whether_there(rd_kafka_t *kafka)
{
    static int64_t asked_ms;
    const struct rd_kafka_metadata *metadata = NULL;

    if (!kafka || monotonic_clock_ms() - asked_ms < ASK_EVERY_MS)
        return;
    asked_ms = monotonic_clock_ms();
    kafka_is_there(!rd_kafka_metadata(kafka, 0, NULL, &metadata, ASK_EVERY_MS / 5));
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
}

static void on_error(rd_kafka_t *kafka, int code, const char *why, void *opaque)
{
    (void)kafka;
    (void)why;
    (void)opaque;
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        kafka_is_there(false);
}

void kafka_settings(rd_kafka_conf_t *conf)
{
    static const char *const pairs[][2] = {
        { "socket.nagle.disable", "true" },     { "reconnect.backoff.ms", "50" },
        { "reconnect.backoff.max.ms", "1000" }, { "topic.metadata.refresh.interval.ms", "2000" },
        { "log.connection.close", "false" },    { NULL, NULL },
    };

    kafka_set(conf, pairs);
    set(conf, "bootstrap.servers", settings.kafka);
    set(conf, "client.id", the_service->name);
    kafka_secure(conf, &settings.kafka_security);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
}

static struct error wait_for_topics(rd_kafka_queue_t *queue)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TOPIC_ANSWER_MS);
    const rd_kafka_CreateTopics_result_t *result =
        event ? rd_kafka_event_CreateTopics_result(event) : NULL;
    struct error error = OK;
    size_t count = 0;

    if (!result || rd_kafka_event_error(event))
        error = unanswered("make topics", event ? rd_kafka_event_error_string(event) : "no answer");
    const rd_kafka_topic_result_t **topics =
        result ? rd_kafka_CreateTopics_result_topics(result, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t why = rd_kafka_topic_result_error(topics[i]);
        /* Who may not make topics goes on with those that somebody else has made. */
        if (why && why != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS &&
            why != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
            error = temporary("make topic %s: %s", rd_kafka_topic_result_name(topics[i]),
                              rd_kafka_err2str(why));
    }
    if (event)
        rd_kafka_event_destroy(event);
    return error;
}

/* A topic that was made a moment ago may not be known to the broker yet; who subscribes now would
 * have to wait for the next look at the metadata. */
static struct error topic_is_known(rd_kafka_t *kafka, const char *name)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka, name, NULL);
    rd_kafka_resp_err_t why = rd_kafka_metadata(kafka, 0, topic, &metadata, 10000);

    rd_kafka_topic_destroy(topic);
    if (why)
        return temporary("look for topic %s: %s", name, rd_kafka_err2str(why));
    why = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_NO_ERROR;
    int partitions = metadata->topic_cnt == 1 && !why ? metadata->topics[0].partition_cnt : 0;
    bool is_known = partitions > 0;
    rd_kafka_metadata_destroy(metadata);
    if (why == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        return temporary("look for topic %s: %s", name, rd_kafka_err2str(why));
    bool is_ours = !text_starts(text_of(name), "partner.");
    if (is_known && is_ours && partitions != PARTITIONS)
        return fatal("topic %s has %d partitions, %d are needed", name, partitions, PARTITIONS);
    return is_known ? OK : temporary("topic %s is not known yet", name);
}

static rd_kafka_NewTopic_t *topic_of(const char *name)
{
    char why[256], least[24];
    int64_t replicas = settings.kafka_replication;
    int64_t in_sync = settings.kafka_min_isr ? settings.kafka_min_isr : (replicas + 1) / 2;
    rd_kafka_NewTopic_t *topic =
        rd_kafka_NewTopic_new(name, PARTITIONS, (int)replicas, why, sizeof why);

    snprintf(least, sizeof least, "%lld", (long long)in_sync);
    rd_kafka_NewTopic_set_config(topic, "min.insync.replicas", least);
    rd_kafka_NewTopic_set_config(topic, "retention.ms", "1209600000");
    rd_kafka_NewTopic_set_config(topic, "max.message.bytes", "262144");
    return topic;
}

rd_kafka_topic_partition_list_t *topics_heard(void)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

    for (const struct subscription *s = the_service->listens; s && s->type; s++)
        if (!rd_kafka_topic_partition_list_find(list, s->type->package_name, RD_KAFKA_PARTITION_UA))
            rd_kafka_topic_partition_list_add(list, s->type->package_name, RD_KAFKA_PARTITION_UA);
    return list;
}

struct error topics_make(const char *const topics[], size_t count)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    kafka_settings(conf);
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!kafka)
        return fatal("make topics: %s", why);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(kafka);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(kafka, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_AdminOptions_set_operation_timeout(options, TOPIC_ANSWER_MS, why, sizeof why);
    struct error error = OK;
    for (size_t i = 0; i < count && error.kind == ERROR_NONE; i++) {
        rd_kafka_NewTopic_t *topic = topic_of(topics[i]);
        rd_kafka_CreateTopics(kafka, &topic, 1, options, queue);
        rd_kafka_NewTopic_destroy(topic);
        error = wait_for_topics(queue);
    }
    for (size_t i = 0; i < count && error.kind == ERROR_NONE; i++)
        error = topic_is_known(kafka, topics[i]);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(kafka);
    return error;
}

int partition_of(struct text key)
{
    return rd_kafka_msg_partitioner_murmur2_random(NULL, key.at, key.length, PARTITIONS, NULL,
                                                   NULL);
}

/* ---- a record as it came ---- */

static char *header(const rd_kafka_headers_t *headers, const char *name)
{
    const void *value = NULL;
    size_t size = 0;

    if (!headers || rd_kafka_header_get_last(headers, name, &value, &size) || !value)
        return strdup("");
    return strndup(value, size);
}

static char *source_of(char *path)
{
    /* ce_source is "/intake"; inside, a source is the service's bare name. */
    if (path[0] == '/')
        memmove(path, path + 1, strlen(path));
    return path;
}

static char *place_of(const rd_kafka_message_t *message)
{
    char place[300];

    snprintf(place, sizeof place, "%s/%d/%lld", rd_kafka_topic_name(message->rkt),
             message->partition, (long long)message->offset);
    return strdup(place);
}

static const char *what_is_wrong(const struct record *record)
{
    if (!id_valid(record->id))
        return "header ce_id is no UUID";
    if (record->sequence <= 0)
        return "header ce_sequence is no positive number";
    if (!record->subject[0] || strlen(record->subject) > 200)
        return "header ce_subject is missing or too long";
    if (!record->source[0] || strlen(record->source) > 100 || !record->type[0] ||
        strlen(record->type) > 200 || strlen(record->partner) > 100 || strlen(record->cause) > 100)
        return "header ce_source, ce_type, ce_causeid or partner is missing or too long";
    const char *strings[] = { record->subject, record->source, record->type, record->partner,
                              record->cause };
    EACH (string, strings)
        if (!utf8_valid(text_of(*string)))
            return "a header is not UTF-8";
    return record->payload_length > PAYLOAD_MOST ? "longer than 256 KiB" : NULL;
}

static void read_number(const rd_kafka_headers_t *headers, const char *name, int64_t *ret_number)
{
    char *text = header(headers, name);

    if (!text_number(text_of(text), ret_number))
        *ret_number = 0;
    free(text);
}

struct record record_of(const rd_kafka_headers_t *headers, struct text payload,
                        char ret_trace[TRACE_ROOM])
{
    struct record record = { .payload = malloc(payload.length + 1),
                             .payload_length = payload.length };

    record.id = header(headers, "ce_id");
    record.source = source_of(header(headers, "ce_source"));
    record.subject = header(headers, "ce_subject");
    record.type = header(headers, "ce_type");
    record.partner = header(headers, "partner");
    record.cause = header(headers, "ce_causeid");
    read_number(headers, "ce_sequence", &record.sequence);
    read_number(headers, "ce_toldat", &record.told_at);
    char *retold = header(headers, "retold");
    record.is_retold = string_is(retold, "1");
    free(retold);
    char *trace = header(headers, "traceparent");
    trace_read(text_of(trace), ret_trace); /* without one, the subject's goes on */
    free(trace);
    if (!record.payload)
        abort();
    if (payload.length)
        memcpy(record.payload, payload.at, payload.length);
    record.unreadable = what_is_wrong(&record);
    return record;
}

struct record record_read(const rd_kafka_message_t *message, char ret_trace[TRACE_ROOM])
{
    rd_kafka_headers_t *headers = NULL;

    rd_kafka_message_headers(message, &headers);
    struct record record =
        record_of(headers, (struct text){ message->payload, message->len }, ret_trace);
    record.offset = message->offset;
    record.partition_number = message->partition;
    if (record.unreadable) {
        /* Such a record still needs a name under which it can be parked. */
        free(record.id);
        record.id = place_of(message);
        free(record.subject);
        record.subject = strdup("");
        record.payload_length =
            record.payload_length > PAYLOAD_MOST ? PAYLOAD_MOST : record.payload_length;
        char **strings[] = { &record.source, &record.type, &record.partner, &record.cause };
        EACH (string, strings)
            if (!utf8_valid(text_of(**string)))
                ***string = '\0';
    }
    return record;
}
