/* Offsets that were read and move, by compare and swap, with the effects they belong to. */
#include "lib/service/partitions.h"
#include "lib/service/queries.h"
#include <stdlib.h>

static struct partition *partitions[512];
static size_t partition_count;
static int generation = 1;

void partitions_void(void)
{
    generation++;
}

int partitions_generation(void)
{
    return generation;
}

struct partition *partition_get(const char *topic, int number)
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

struct error partition_begin(struct partition *partition)
{
    struct rows rows;

    ASK(NULL, &rows, load_offset, STR(partition->topic), INT(partition->number));
    TRY(pipeline_wait(true, NULL));
    partition->saved = -1;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        partition->saved = next_int(&row);
    }
    partition->next = partition->saved;
    partition->generation = generation;
    partition->count = 0;
    return OK;
}

bool partition_is_current(const struct record *record)
{
    return record->partition && record->generation == record->partition->generation &&
           record->partition->generation == generation;
}

void partition_read(struct partition *partition, int64_t offset, timestamp told_at)
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
    partition->told_at = told_at;
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

/* ---- how far behind ---- */

/* Facts told and not yet done; who keeps up is behind for as long as the newest took to come. */
static int64_t behind_of(rd_kafka_t *kafka, struct partition *partition, timestamp now,
                         double *ret_seconds)
{
    int64_t low = 0, high = 0, behind = 0;

    if (partition->generation == generation &&
        !rd_kafka_get_watermark_offsets(kafka, partition->topic, partition->number, &low, &high))
        behind = high - (partition->saved > low ? partition->saved : low);
    if (behind <= 0)
        partition->none_at = now;
    timestamp since =
        partition->told_at > partition->none_at ? partition->told_at : partition->none_at;
    *ret_seconds = behind > 0 && since < now ? (double)(now - since) / 1000 : 0;
    return behind > 0 ? behind : 0;
}

void partitions_measure(rd_kafka_t *kafka)
{
    char label[160];

    for (const struct subscription *s = the_service->listens; s && s->type; s++) {
        int64_t behind = 0;
        double oldest_s = 0, seconds;
        for (size_t i = 0; i < partition_count; i++) {
            if (!string_is(partitions[i]->topic, s->type->package_name))
                continue;
            behind += behind_of(kafka, partitions[i], machine_clock(), &seconds);
            oldest_s = seconds > oldest_s ? seconds : oldest_s;
        }
        snprintf(label, sizeof label, "topic=\"%s\"", s->type->package_name);
        metric_set("majster_consumer_behind_facts", label, (double)behind);
        metric_set("majster_consumer_behind_seconds", label, oldest_s);
    }
}
