/* Retelling: Kafka keeps facts for 14 days, copies must be fillable for ever. A service tells all
 * its subjects again, each with its present sequence; who hears them fills his copies and does
 * nothing else. What a whole retelling did not touch is known to its owner no more: its copies go.
 */
#include "lib/service/kafka.h"
#include "lib/service/message.h"
#include "lib/service/queries.h"
#include "proto/types.pb-c.h"
#include <stdio.h>
#include <unistd.h>

/* CLOCKS_DIFFER_MS: between two services' databases at most; what was heard so shortly before a
 * retelling began is left to the next one. */
enum { PAGE = 500, SUBJECT_ROOM = 201, CLOCKS_DIFFER_MS = 5 * 60 * 1000 };

/* ---- telling ---- */

static int64_t subjects_told;
static char worst[300]; /* why a subject could not be told; "" when all could */

static void tell_again(struct turn *turn, const char *subject, int64_t sequence,
                       const ProtobufCMessage *message, timestamp at)
{
    struct turn_state *state = turn->state;
    struct text rest, key = text_cut(text_of(subject), '/', &rest);

    state->batch->has_told = true;
    db_write(turn, retell, STR(new_id(turn).text),
             STR(arena_format(turn->arena, "%s.v1", the_service->name)), TXT(key), STR(subject),
             INT(sequence), STR(message->descriptor->name), STR(state->partner),
             STR(arena_format(turn->arena, "%s-%s", state->item->trace, state->span)), INT(at),
             BYTES(message_pack(turn->arena, message)));
    state->has_retold = true;
}

void retell(struct turn *turn, const char *subject, const void *message, timestamp at)
{
    struct held_subject *held = held_find(turn->state->batch, subject);

    assert(held); /* the subject was locked by this turn */
    tell_again(turn, subject, held->sequence, message, at);
}

static struct error retell_subject(struct turn *turn, struct text note)
{
    SubjectRetold baseline = SUBJECT_RETOLD__INIT;

    (void)note;
    if (the_service->retell) {
        struct error error = the_service->retell(turn, turn->subject);
        if (error.kind != ERROR_NONE && error.kind != ERROR_TEMPORARY)
            snprintf(worst, sizeof worst, "%.80s: %.200s", turn->subject, error.text);
        TRY(error);
    }
    if (turn->state->has_retold)
        return OK;
    baseline.at = turn->now;
    retell(turn, turn->subject, &baseline, turn->now);
    return OK;
}

static void run_to_the_end(void)
{
    while (queue_length()) {
        batch_run();
        if (queue_length())
            usleep(2000); /* somebody holds a subject */
    }
}

/* The subjects after `last`, each in a turn of its own; how many there were. */
static struct error retell_page(char last[SUBJECT_ROOM], int *ret_count)
{
    struct rows rows;

    ASK(NULL, &rows, retold_subjects, STR(last));
    TRY(pipeline_wait(true, NULL));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        const char *subject = next_text(&row);
        struct item *item = item_new(ITEM_NOTE, subject, "");
        item->run.on_note = retell_subject;
        item_set_note(item, text_of(""));
        loop_add(item);
        snprintf(last, SUBJECT_ROOM, "%s", subject);
    }
    *ret_count = rows.count;
    rows_free_all();
    run_to_the_end();
    subjects_told += *ret_count;
    return OK;
}

/* One a partition, under the first keys that lead there. */
static struct error tell_ended(struct turn *turn, struct text note)
{
    RetellEnded ended = RETELL_ENDED__INIT;
    bool is_told[PARTITIONS] = { false };
    int left = PARTITIONS;
    char key[32];

    text_number(note, &ended.began_at);
    for (int i = 0; left > 0; i++) {
        snprintf(key, sizeof key, "retold-%d", i);
        int partition = partition_of(text_of(key));
        if (is_told[partition])
            continue;
        is_told[partition] = true;
        left--;
        tell_again(turn, key, 1, &ended.base, turn->now);
    }
    return OK;
}

static struct error retell_pages(void)
{
    timestamp began_at = shared_clock();
    char last[SUBJECT_ROOM] = "", note[24];
    int count = PAGE;

    if (!the_service->emits || !the_service->emits[0])
        return OK; /* it has no topic, and nobody copies from it */
    while (count == PAGE && !worst[0])
        TRY(retell_page(last, &count));
    if (worst[0])
        return rejected(PROBLEM_STATE, NULL, "%s", worst);
    struct item *item = item_new(ITEM_NOTE, "", "");
    item->run.on_note = tell_ended;
    snprintf(note, sizeof note, "%lld", (long long)began_at);
    item_set_note(item, text_of(note));
    loop_add(item);
    run_to_the_end();
    return OK;
}

int retell_all(void)
{
    struct error error = loop_open();

    if (error.kind == ERROR_NONE)
        error = service_open();
    if (error.kind == ERROR_NONE)
        error = retell_pages();
    if (error.kind != ERROR_NONE)
        fprintf(stderr, "retell: %s\n", error.text);
    else
        printf("%lld subjects are told again as soon as the relay has sent them\n",
               (long long)subjects_told);
    return error.kind != ERROR_NONE;
}

/* ---- hearing the end ---- */

bool is_retell_end(const char *type)
{
    return string_is(type, retell_ended__descriptor.name);
}

/* Of the subjects that `source` told of before `began_at` and not since, those of one partition. */
static struct error load_untouched(struct turn *turn, timestamp began_at, struct value *ret_array,
                                   size_t *ret_count)
{
    const struct record *record = &turn->state->item->record;
    struct rows rows;
    size_t count = 0;

    TRY(db_read(turn, &rows, untouched, STR(record->source), INT(began_at - CLOCKS_DIFFER_MS)));
    const char **subjects = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        const char *subject = next_text(&row);
        struct text rest, key = text_cut(text_of(subject), '/', &rest);
        if (partition_of(key) == record->partition_number)
            subjects[count++] = subject;
    }
    *ret_array = text_array(turn->arena, subjects, count);
    *ret_count = count;
    return OK;
}

struct error on_retell_ended(struct turn_state *state)
{
    const struct record *record = &state->item->record;
    struct text bytes = { record->payload, record->payload_length };
    ProtobufCMessage *message = NULL;
    struct value subjects;
    size_t count;

    TRY(message_unpack(state->arena, &retell_ended__descriptor, bytes, &message));
    turn_looks_over_walls(&state->turn);
    TRY(load_untouched(&state->turn, ((const RetellEnded *)message)->began_at, &subjects, &count));
    if (!count)
        return OK;
    for (const struct copy *copy = the_service->copies; copy && copy->source; copy++)
        if (string_is(copy->source, record->source))
            TRY(copy->drop(&state->turn, subjects));
    db_write(&state->turn, forget_heard, STR(record->source), subjects);
    log_info("copies_dropped", TEXT("source", record->source), NUMBER("subjects", count));
    return OK;
}
