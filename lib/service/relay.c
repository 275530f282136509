/* The outbox relay: one per service schema (an advisory lock decides which process), a thread with
 * its own connection. Reads oldest first, produces, waits for every acknowledgement, deletes what
 * Kafka has. After any failure the rows stay and are read again; nothing is produced a second time
 * from memory. */
#include "lib/service/kafka.h"
#include "lib/service/queries.h"
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

enum {
    RELAY_MOST = 500,
    IDLE_LEAST_MS = 50,
    IDLE_MOST_MS = 250,
    ACK_MS = 60000,
    ASK_EVERY_MS = 5000
};

struct sent {
    atomic_int acknowledged, failed;
    char ids[RELAY_MOST * 21 + 3];
};

static pthread_t thread;
static bool is_running;
static atomic_bool must_stop, holds_lock;
static int wake_fd = -1;
static PGconn *database;
static rd_kafka_t *producer;
static struct sent sent;
static char made_topics[64][128]; /* partners' topics that this process has made sure of */
static size_t made_count;

static void on_delivery(rd_kafka_t *kafka, const rd_kafka_message_t *message, void *opaque)
{
    (void)kafka;
    (void)opaque;
    if (message->err)
        atomic_fetch_add(&sent.failed, 1);
    else
        atomic_fetch_add(&sent.acknowledged, 1);
}

static struct error open_producer(void)
{
    static const char *const pairs[][2] = {
        { "enable.idempotence", "true" },
        { "acks", "all" },
        { "linger.ms", "2" },
        { "batch.size", "250000" }, /* a topic's max.message.bytes is held against all of a batch */
        { "compression.codec", "lz4" },
        { "message.timeout.ms", "300000" },
        { "partitioner", "murmur2_random" },
        { "queue.buffering.max.messages", "10000" },
        { "queue.buffering.max.kbytes", "65536" },
        { NULL, NULL },
    };
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    kafka_settings(conf);
    kafka_set(conf, pairs);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    log_info("producer_made");
    return producer ? OK : fatal("producer: %s", why);
}

static void close_producer(void)
{
    if (!producer)
        return;
    rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer, 1000);
    rd_kafka_destroy(producer);
    producer = NULL;
}

static PGresult *run(const struct query *query, int count, const char *const values[])
{
    PGresult *result = PQexecPrepared(database, query->name, count, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return result;
    log_warning("relay_sql", TEXT("query", query->name), TEXT("why", PQresultErrorMessage(result)));
    PQclear(result);
    return NULL;
}

static void close_database(void)
{
    if (database)
        PQfinish(database);
    database = NULL;
    atomic_store(&holds_lock, false);
    metric_set("majster_relay", "", 0);
}

static bool open_database(void)
{
    const struct query *const *const sets[] = { service_queries, NULL };
    char listen[128];

    struct error error =
        db_open(settings.database_url, settings.database_password, sets, &database);
    if (error.kind != ERROR_NONE) {
        log_warning("relay_database", TEXT("why", error.text));
        return false;
    }
    snprintf(listen, sizeof listen, "LISTEN outbox_%s", the_service->name);
    PQclear(PQexec(database, listen));
    return true;
}

/* A partner's topic is not one of the suite's own; it is made when the first fact goes to it. */
static bool topic_exists(const char *topic)
{
    if (!text_starts(text_of(topic), "partner."))
        return true;
    for (size_t i = 0; i < made_count; i++)
        if (string_is(made_topics[i], topic))
            return true;
    struct error error = topics_make(&topic, 1);
    if (error.kind != ERROR_NONE) {
        log_warning("relay_topic", TEXT("topic", topic), TEXT("why", error.text));
        return false;
    }
    if (made_count < COUNT(made_topics))
        snprintf(made_topics[made_count++], sizeof made_topics[0], "%s", topic);
    return true;
}

static void add_header(rd_kafka_headers_t *headers, const char *name, const char *value)
{
    rd_kafka_header_add(headers, name, -1, value, -1);
}

static rd_kafka_headers_t *headers_of(const PGresult *rows, int i)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(16);
    char source[64], traceparent[64], at[40];
    int64_t told_at = strtoll(PQgetvalue(rows, i, 10), NULL, 10);
    time_t seconds = told_at / 1000;
    struct tm utc;

    snprintf(source, sizeof source, "/%s", the_service->name);
    snprintf(traceparent, sizeof traceparent, "00-%.49s-01", PQgetvalue(rows, i, 8));
    gmtime_r(&seconds, &utc);
    size_t length = strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(at + length, sizeof at - length, ".%03dZ", (int)(told_at % 1000));
    add_header(headers, "ce_specversion", "1.0");
    add_header(headers, "ce_id", PQgetvalue(rows, i, 1));
    add_header(headers, "ce_source", source);
    add_header(headers, "ce_type", PQgetvalue(rows, i, 6));
    add_header(headers, "ce_subject", PQgetvalue(rows, i, 4));
    add_header(headers, "ce_time", at);
    add_header(headers, "ce_toldat", PQgetvalue(rows, i, 10));
    add_header(headers, "ce_sequence", PQgetvalue(rows, i, 5));
    add_header(headers, "ce_partitionkey", PQgetvalue(rows, i, 3));
    add_header(headers, "ce_causeid", PQgetvalue(rows, i, 9));
    add_header(headers, "traceparent", traceparent);
    add_header(headers, "partner", PQgetvalue(rows, i, 7));
    if (PQgetvalue(rows, i, 12)[0] == 't')
        add_header(headers, "retold", "1");
    add_header(headers, "content-type", "application/protobuf");
    return headers;
}

static bool produce(const PGresult *rows, int i)
{
    size_t size = 0;
    unsigned char *payload = PQunescapeBytea((const unsigned char *)PQgetvalue(rows, i, 11), &size);
    char *key = PQgetvalue(rows, i, 3);
    rd_kafka_headers_t *headers = headers_of(rows, i);
    rd_kafka_resp_err_t error;

    do {
        error = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(PQgetvalue(rows, i, 2)),
                                  RD_KAFKA_V_KEY(key, strlen(key)), RD_KAFKA_V_VALUE(payload, size),
                                  RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                  RD_KAFKA_V_TIMESTAMP(shared_clock()), /* Kafka refuses a future */
                                  RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL)
            rd_kafka_poll(producer, 20);
    } while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && !atomic_load(&must_stop));
    PQfreemem(payload);
    if (!error)
        return true;
    rd_kafka_headers_destroy(headers); /* producev takes them only when it succeeds */
    log_warning("relay_produce", TEXT("why", rd_kafka_err2str(error)));
    return false;
}

/* Produces the batch and waits; the number of rows that Kafka has, all or nothing. */
static bool relay_rows(const PGresult *rows)
{
    int count = PQntuples(rows), produced = 0;
    int64_t give_up_ms = monotonic_clock_ms() + ACK_MS;

    atomic_store(&sent.acknowledged, 0);
    atomic_store(&sent.failed, 0);
    while (produced < count && topic_exists(PQgetvalue(rows, produced, 2)) &&
           produce(rows, produced))
        produced++;
    while (atomic_load(&sent.acknowledged) + atomic_load(&sent.failed) < produced &&
           monotonic_clock_ms() < give_up_ms && !atomic_load(&must_stop))
        rd_kafka_poll(producer, 10);
    return produced == count && atomic_load(&sent.acknowledged) == produced;
}

static void list_ids(const PGresult *rows)
{
    char *at = sent.ids;

    *at++ = '{';
    for (int i = 0; i < PQntuples(rows); i++)
        at += sprintf(at, "%s%s", i ? "," : "", PQgetvalue(rows, i, 0));
    *at++ = '}';
    *at = '\0';
}

static bool delete_rows(void)
{
    const char *const values[] = { sent.ids };
    PGresult *deleted = run(&QUERY_relay_delete, 1, values);

    PQclear(deleted);
    return deleted;
}

/* Kafka has them, and then the outbox has them no more. */
static bool hand_over(const PGresult *rows)
{
    list_ids(rows);
    FAILPOINT("before_produce");
    bool is_mutant = MUTANT("delete_first");
    if (!(is_mutant ? delete_rows() : relay_rows(rows)))
        return false;
    FAILPOINT("before_delete");
    return is_mutant ? relay_rows(rows) : delete_rows();
}

/* By type, without its package: what the business did. Retold ones are no news. */
static void count_told(const PGresult *rows)
{
    char label[96];

    kafka_is_there(true);
    for (int i = 0; i < PQntuples(rows); i++) {
        const char *type = PQgetvalue(rows, i, 6), *dot = strrchr(type, '.');
        if (PQgetvalue(rows, i, 12)[0] == 't') {
            metric_add("majster_facts_retold_total", "", 1);
            continue;
        }
        snprintf(label, sizeof label, "type=\"%s\"", dot ? dot + 1 : type);
        metric_add("majster_facts_told_total", label, 1);
    }
}

/* Returns how many facts went out; -1 when something has to be made anew. */
static int relay_once(void)
{
    PGresult *rows = run(&QUERY_relay_batch, 0, NULL);

    if (!rows)
        return -1;
    int count = PQntuples(rows);
    bool is_out = count == 0 || hand_over(rows);
    if (is_out && count)
        count_told(rows);
    PQclear(rows);
    return is_out ? count : -1;
}

static bool try_lock(void)
{
    PGresult *rows = run(&QUERY_relay_lock, 0, NULL);
    bool is_held = rows && PQntuples(rows) && PQgetvalue(rows, 0, 0)[0] == 't';

    PQclear(rows);
    atomic_store(&holds_lock, is_held);
    metric_set("majster_relay", "", is_held);
    return is_held;
}

static void wait_for_work(int64_t idle_ms)
{
    struct pollfd fds[] = { { .fd = wake_fd, .events = POLLIN },
                            { .fd = database ? PQsocket(database) : -1, .events = POLLIN } };
    eventfd_t count;

    poll(fds, 2, (int)idle_ms);
    eventfd_read(wake_fd, &count);
    if (!database || !PQconsumeInput(database))
        return;
    for (PGnotify *notify = PQnotifies(database); notify; notify = PQnotifies(database))
        PQfreemem(notify);
}

static bool open_both(void)
{
    if (!database && !open_database())
        return false;
    if (producer)
        return true;
    struct error error = open_producer();
    return error.kind == ERROR_NONE;
}

/* As relay_once; 0 also while another process is the relay. */
static int relay_if_ours(void)
{
    if (!open_both())
        return -1;
    if (atomic_load(&holds_lock) || try_lock())
        return relay_once();
    return PQstatus(database) == CONNECTION_OK ? 0 : -1;
}

static void *relay_main(void *nothing)
{
    int64_t idle_ms = IDLE_LEAST_MS;

    (void)nothing;
    while (!atomic_load(&must_stop)) {
        int count = relay_if_ours();
        if (count < 0) {
            metric_add("majster_relay_again_total", "", 1);
            close_producer();
            if (database && PQstatus(database) != CONNECTION_OK)
                close_database();
            wait_for_work(IDLE_MOST_MS);
        } else if (count == 0) {
            kafka_ask_whether_there(producer);
            wait_for_work(idle_ms);
            idle_ms = idle_ms * 2 > IDLE_MOST_MS ? IDLE_MOST_MS : idle_ms * 2;
        } else {
            idle_ms = IDLE_LEAST_MS;
        }
    }
    close_producer();
    close_database();
    return NULL;
}

void relay_wake(void)
{
    static int64_t notified_ms;
    int64_t now_ms = monotonic_clock_ms();

    if (!is_running)
        return;
    eventfd_write(wake_fd, 1);
    /* The relay may be another process's: tell it, alone in a transaction, never inside the write.
     */
    if (!atomic_load(&holds_lock) && now_ms - notified_ms >= IDLE_LEAST_MS && !pipeline_lost()) {
        notified_ms = now_ms;
        SEND(NULL, notify_outbox, STR(the_service->name));
        struct error error = pipeline_wait(true, NULL);
        if (error.kind != ERROR_NONE)
            log_warning("notify_failed", TEXT("why", error.text));
    }
}

struct error relay_start(void)
{
    if (!the_service->emits || !the_service->emits[0])
        return OK; /* who tells nothing may write nowhere, and Kafka refuses such a producer */
    wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (pthread_create(&thread, NULL, relay_main, NULL))
        return fatal("relay: no thread");
    is_running = true;
    return OK;
}

void relay_stop(void)
{
    if (!is_running)
        return;
    /* What is not out yet stays in the outbox for the next process. */
    atomic_store(&must_stop, true);
    eventfd_write(wake_fd, 1);
    pthread_join(thread, NULL);
    is_running = false;
}
