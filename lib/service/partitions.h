/* The partitions that the consumer reads: which offsets were read, which are done, how far behind
 * it is. The loop's thread alone. */
#pragma once
#include "lib/service/loop.h"

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
    int64_t wanted;             /* of this batch */
    timestamp told_at, none_at; /* of the newest that was read; when none was behind */
};

struct partition *partition_get(const char *topic, int number); /* made when it is new */
/* From what PostgreSQL has on, in the present generation. */
struct error partition_begin(struct partition *partition);
/* Its next offset was read; Kafka has it since `told_at`. */
void partition_read(struct partition *partition, int64_t offset, timestamp told_at);
/* Nothing that was read until now counts any more: a generation ends. */
void partitions_void(void);
int partitions_generation(void);
void partitions_measure(rd_kafka_t *kafka); /* into metrics */
