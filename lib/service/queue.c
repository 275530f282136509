/* What waits for the loop: one list in order of arrival; a subject's items never overtake each
 * other. */
#include "lib/service/queue.h"
#include "lib/service/loop.h"
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

static struct item *first, **end = &first;
static _Atomic size_t length; /* connections ask, too */
static pthread_mutex_t door_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct item *door, **door_end = &door; /* from other threads */
int loop_wake_fd = -1;

static char *copy(const char *string)
{
    char *made = strdup(string ? string : "");

    if (!made)
        abort();
    return made;
}

struct item *item_new(enum item_kind kind, const char *subject, const char *trace)
{
    struct item *item = calloc(1, sizeof *item);

    if (!item)
        abort();
    item->kind = kind;
    item->subject = copy(subject);
    strncpy(item->trace, trace ? trace : "", sizeof item->trace - 1);
    return item;
}

void item_free(struct item **item)
{
    struct item *gone = *item;
    struct record *record = &gone->record;

    free(gone->subject);
    free(record->id);
    free(record->source);
    free(record->subject);
    free(record->type);
    free(record->partner);
    free(record->cause);
    free(record->payload);
    free(gone->note);
    free(gone->result);
    free(gone->why);
    free(gone->position);
    if (gone->exchange)
        exchange_release(&gone->exchange);
    free(gone);
    *item = NULL;
}

void item_set_note(struct item *item, struct text note)
{
    item->note = malloc(note.length + 1);
    if (!item->note)
        abort();
    if (note.length)
        memcpy(item->note, note.at, note.length);
    item->note[note.length] = '\0';
    item->note_length = note.length;
}

void loop_add(struct item *item)
{
    item->next = NULL;
    *end = item;
    end = &item->next;
    length++;
}

void loop_add_from_thread(struct item *item)
{
    pthread_mutex_lock(&door_mutex);
    item->next = NULL;
    *door_end = item;
    door_end = &item->next;
    pthread_mutex_unlock(&door_mutex);
    eventfd_write(loop_wake_fd, 1);
}

void queue_let_in(void)
{
    pthread_mutex_lock(&door_mutex);
    struct item *item = door;
    door = NULL;
    door_end = &door;
    pthread_mutex_unlock(&door_mutex);
    while (item) {
        struct item *next = item->next;
        loop_add(item);
        item = next;
    }
}

void queue_put_back(struct item *items[], size_t count)
{
    for (size_t i = count; i > 0; i--) {
        items[i - 1]->next = first;
        if (!first)
            end = &items[i - 1]->next;
        first = items[i - 1];
        length++;
    }
}

size_t queue_length(void)
{
    return length;
}

int64_t queue_next_ms(void)
{
    int64_t next = -1;

    for (const struct item *item = first; item; item = item->next)
        if (next < 0 || item->not_before_ms < next)
            next = item->not_before_ms;
    return next;
}

static bool is_blocked(const struct item *item, const char *const blocked[], size_t count)
{
    for (size_t i = 0; item->subject[0] && i < count; i++)
        if (string_is(blocked[i], item->subject))
            return true;
    return false;
}

static bool item_is_read(const struct item *item)
{
    return item->kind == ITEM_REQUEST &&
           (item->exchange->route->method == GET || item->exchange->route->reads);
}

size_t queue_take(struct item *taken[], size_t most, int64_t now_ms, bool reads)
{
    const char *blocked[256];
    size_t count = 0, blocked_count = 0;

    for (struct item **at = &first; *at && count < most;) {
        struct item *item = *at;
        bool is_read = item_is_read(item);
        bool fits = is_read == reads && item->not_before_ms <= now_ms &&
                    !is_blocked(item, blocked, blocked_count) && (!item->alone || count == 0);
        if (!fits) {
            if (!reads && !is_read && item->subject[0] &&
                !is_blocked(item, blocked, blocked_count) && blocked_count < COUNT(blocked))
                blocked[blocked_count++] = item->subject;
            if (blocked_count == COUNT(blocked))
                break;
            at = &item->next;
            continue;
        }
        *at = item->next;
        if (end == &item->next)
            end = at;
        length--;
        item->next = NULL;
        taken[count++] = item;
        if (item->alone)
            break;
    }
    return count;
}

bool queue_has(const struct timer *timer, const char *subject)
{
    for (const struct item *item = first; item; item = item->next)
        if (item->timer == timer && string_is(item->subject, subject))
            return true;
    return false;
}

bool queue_has_message(enum message_from from)
{
    for (const struct item *item = first; item; item = item->next)
        if (item->kind == ITEM_MESSAGE && item->record.from == from)
            return true;
    return false;
}

void queue_expire(int64_t now_ms)
{
    struct error away = temporary("the database is away");
    struct arena arena = { 0 };

    queue_let_in();
    for (struct item **at = &first; *at;) {
        struct item *item = *at;
        if (item->kind != ITEM_REQUEST || now_ms < item->deadline_ms) {
            at = &item->next;
            continue;
        }
        *at = item->next;
        if (end == &item->next)
            end = at;
        length--;
        route_fail(item->exchange, &away, NULL, &arena);
        item_free(&item);
    }
    arena_done(&arena);
}
