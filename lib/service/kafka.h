/* Shared by the consumer, the watcher and the relay. */
#pragma once
#include "lib/service/loop.h"
#include "lib/service/trace.h"
#include <stdio.h>

enum { PARTITIONS = 12 }; /* of every topic that we make */

/* Where the relay's producer puts a fact with that key, which is not empty. */
int partition_of(struct text key);
void kafka_set(rd_kafka_conf_t *conf, const char *const pairs[][2]); /* NULL name last */
/* What the last try says of Kafka, for /metrics. Any thread. */
void kafka_is_there(bool is_there);
/* Asks it, for a second at most, now and then: a thread with nothing better to do. */
void kafka_ask_whether_there(rd_kafka_t *kafka);
/* The topics that the service listens to; the caller's. */
rd_kafka_topic_partition_list_t *topics_heard(void);
/* Copies a record and its headers; `unreadable` says what is wrong with them, if anything. */
struct record record_read(const rd_kafka_message_t *message, char ret_trace[TRACE_ROOM]);
/* The same without what stands for an unreadable record's name: its place in Kafka. */
struct record record_of(const rd_kafka_headers_t *headers, struct text payload,
                        char ret_trace[TRACE_ROOM]);
