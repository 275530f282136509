/* The mapped file outlives the process, not the machine: the page cache keeps what was written
 * before a kill -9, and nobody waits for the disk. */
#include "lib/service/guard.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ID_ROOM = 101 };

struct guard {
    char running[ID_ROOM];
    struct death {
        char id[ID_ROOM];
        int32_t count;
        timestamp at; /* the last one */
    } deaths[64];
};

static struct guard *guard;

static struct death *find(const char *id)
{
    char cut[ID_ROOM];

    snprintf(cut, sizeof cut, "%s", id);
    EACH (death, guard->deaths)
        if (string_is(death->id, cut))
            return death;
    return NULL;
}

/* The oldest one makes room. */
static struct death *make(const char *id)
{
    struct death *oldest = &guard->deaths[0];

    EACH (death, guard->deaths)
        if (death->at < oldest->at)
            oldest = death;
    *oldest = (struct death){ .count = 0 };
    snprintf(oldest->id, sizeof oldest->id, "%s", id);
    return oldest;
}

/* What a full disk or another version left behind must not be read past its end. */
static void terminate(void)
{
    guard->running[ID_ROOM - 1] = '\0';
    EACH (death, guard->deaths)
        death->id[ID_ROOM - 1] = '\0';
}

struct error guard_open(const char *path, timestamp machine_now)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    void *mapped = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, sizeof *guard) == 0)
        mapped = mmap(NULL, sizeof *guard, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
        struct error error = temporary("map %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return error;
    }
    close(fd);
    guard = mapped;
    terminate();
    if (guard->running[0]) {
        struct death *death = find(guard->running);
        if (!death)
            death = make(guard->running);
        death->count = machine_now - death->at < HOURS(1) ? death->count + 1 : 1;
        death->at = machine_now;
    }
    guard->running[0] = '\0';
    return OK;
}

void guard_enter(const char *id)
{
    if (guard)
        snprintf(guard->running, sizeof guard->running, "%s", id);
}

void guard_leave(void)
{
    if (guard)
        guard->running[0] = '\0';
}

bool guard_is_deadly(const char *id, timestamp machine_now)
{
    const struct death *death = guard && id[0] ? find(id) : NULL;

    return death && death->count >= GUARD_DEATHS_MOST && machine_now - death->at < HOURS(1);
}

void guard_forgive(const char *id)
{
    struct death *death = guard && id[0] ? find(id) : NULL;

    if (death)
        *death = (struct death){ .count = 0 };
}
