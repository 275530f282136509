/* Where a fact stands among those of its teller and subject: heard already, too early, behind one
 * that is parked, or in its turn. */
#include "lib/service/batch_parts.h"

bool rows_have(const struct rows *rows, const char *text)
{
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        if (string_is(next_text(&row), text))
            return true;
    }
    return false;
}

const struct turn_state *turn_earlier(const struct batch *batch, size_t at, enum outcome outcome)
{
    const char *subject = batch->turns[at].item->subject;

    for (size_t i = 0; subject[0] && i < at; i++)
        if (batch->turns[i].outcome == outcome && string_is(batch->turns[i].item->subject, subject))
            return &batch->turns[i];
    return NULL;
}

static struct heard *find_heard(struct batch *batch, const struct record *record)
{
    struct prologue *found = batch->prologue;

    for (size_t i = 0; i < found->heard_count; i++)
        if (string_is(found->heards[i].subject, record->subject) &&
            string_is(found->heards[i].source, record->source))
            return &found->heards[i];
    return NULL;
}

void heard_move(struct batch *batch, const struct turn_state *state)
{
    const struct record *record = &state->item->record;
    struct heard *heard;

    if (record->unreadable || record->from == FROM_PARKED || is_retell_end(record->type))
        return;
    heard = find_heard(batch, record);
    if (!heard) {
        heard = &batch->prologue->heards[batch->prologue->heard_count++];
        *heard = (struct heard){ .source = record->source, .subject = record->subject };
    }
    /* Only what comes in Kafka's own order may say that its teller stands lower than we heard. */
    bool is_baseline = record->is_retold && record->from == FROM_KAFKA;
    heard->is_moved = heard->is_moved || record->is_retold || record->sequence > heard->sequence;
    if (state->outcome == SKIPPED || (record->sequence <= heard->sequence && !is_baseline))
        return;
    heard->sequence = record->sequence;
    heard->is_baseline = is_baseline || heard->is_baseline;
}

/* One flush claims an id once, however often the batch holds it. */
static bool came_before(const struct batch *batch, size_t at)
{
    const char *id = batch->turns[at].item->record.id;

    for (size_t i = 0; i < at; i++)
        if (batch->turns[i].item->kind == ITEM_MESSAGE &&
            string_is(batch->turns[i].item->record.id, id))
            return true;
    return false;
}

/* Whether a fact of that kind was put aside before this batch; `source` NULL: of any teller. */
static bool is_kept(const struct rows *waiting, const char *subject, const char *source,
                    const char *kind)
{
    for (int i = 0; i < waiting->count; i++) {
        struct row row = row_at(waiting, i);
        const char *of = next_text(&row), *by = next_text(&row);
        if (string_is(of, subject) && (!source || string_is(by, source)) &&
            string_is(next_text(&row), kind))
            return true;
    }
    return false;
}

/* Whether facts of the same teller and subject were put aside before this one: `kind` is "parked",
 * "early" (its turn has not come) or "retold" (the same, told again). */
static bool waits(struct batch *batch, size_t at, const char *kind)
{
    const struct record *record = &batch->turns[at].item->record;

    if (is_kept(&batch->prologue->waiting, record->subject, record->source, kind))
        return true;
    for (size_t i = 0; i < at; i++) {
        const struct record *before = &batch->turns[i].item->record;
        enum outcome outcome = batch->turns[i].outcome;
        if (batch->turns[i].item->kind == ITEM_MESSAGE &&
            string_is(before->subject, record->subject) &&
            string_is(before->source, record->source) && (outcome == PARKED || outcome == EARLY) &&
            string_is(kind, outcome == PARKED   ? "parked"
                            : before->is_retold ? "retold"
                                                : "early"))
            return true;
    }
    return false;
}

/* A retold fact is where its subject stands, whatever was heard of it; but what came before it and
 * waits takes its effect first, and what is parked has an owner. */
static enum outcome place_retold(struct batch *batch, size_t at, int64_t heard_to)
{
    const struct record *record = &batch->turns[at].item->record;
    const struct subscription *subscription = subscription_of(record->type);

    if (record->from != FROM_PARKED && waits(batch, at, "parked"))
        return SKIPPED;
    if (record->from == FROM_KAFKA && (waits(batch, at, "early") || waits(batch, at, "retold")))
        return EARLY;
    if (record->from == FROM_EARLY && record->sequence < heard_to)
        return SKIPPED;
    return subscription && subscription->fills ? READY : HEARD;
}

/* Whether a readable fact is heard already, too early, none of ours, or READY for its subject. What
 * comes from `early` was chosen there. */
enum outcome place_fact(struct batch *batch, size_t at)
{
    const struct record *record = &batch->turns[at].item->record;
    const struct heard *heard = find_heard(batch, record);
    int64_t heard_to = heard ? heard->sequence : 0;

    if (MUTANT("no_inbox"))
        return subscription_of(record->type) ? READY : HEARD;
    if (record->from == FROM_KAFKA &&
        (!rows_have(&batch->prologue->claimed, record->id) || came_before(batch, at))) {
        metric_add("majster_duplicates_total", "", 1);
        return SKIPPED;
    }
    if (is_retell_end(record->type))
        return READY;
    if (record->is_retold)
        return place_retold(batch, at, heard_to);
    if (record->from != FROM_PARKED && record->sequence <= heard_to)
        return SKIPPED;
    if (record->from == FROM_KAFKA &&
        (record->sequence > heard_to + 1 || waits(batch, at, "retold")))
        return EARLY;
    return subscription_of(record->type) ? READY : HEARD;
}

bool fact_is_behind(struct batch *batch, size_t at)
{
    const struct record *record = &batch->turns[at].item->record;

    return record->from != FROM_PARKED && !record->is_retold &&
           (turn_earlier(batch, at, PARKED) ||
            is_kept(&batch->prologue->waiting, record->subject, NULL, "parked"));
}
