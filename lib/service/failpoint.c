/* Failpoints and mutants, chosen by the environment: FAULTS_FAILPOINTS="before_commit=20,…" is so
 * many of a thousand passes that kill; FAULTS_MUTANTS="no_inbox,…" are rules that do not hold. A
 * kill writes its line into FAULTS_LOG first, since nobody can ask the process afterwards. */
#include "lib/service/failpoint.h"

#ifdef MAJSTER_FAULTS
#include "lib/service/loop.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *failpoints_text, *mutants_text, *log_path;
static int64_t seed;
static const struct setting fault_settings[] = {
    { "FAULTS_FAILPOINTS", .text = &failpoints_text, .text_fallback = "" },
    { "FAULTS_MUTANTS", .text = &mutants_text, .text_fallback = "" },
    { "FAULTS_LOG", .text = &log_path, .text_fallback = "/dev/null" },
    { "FAULTS_SEED", &seed, 1, 0, INT64_MAX },
    { 0 },
};
static struct failpoint {
    const char *name;
    int64_t permille;
} failpoints[] = {
    { "in_fact", 0 },        /* before a fact's handler: whoever gets it dies of it */
    { "after_inbox", 0 },    /* claimed and locked, the handlers have not run */
    { "before_commit", 0 },  /* all is sent but COMMIT */
    { "after_commit", 0 },   /* durable, nobody was answered and the relay not woken */
    { "before_produce", 0 }, /* the relay has read what was committed */
    { "before_delete", 0 },  /* Kafka has it, the outbox has it still */
};
static const char *const mutants[] = { "no_inbox",       "offset_first", "delete_first", "no_check",
                                       "hold_in_memory", "no_wall",      "no_chain_lock" };
static bool is_on[COUNT(mutants)];
static atomic_uint_fast64_t draws;

static struct failpoint *find_failpoint(struct text name)
{
    EACH (failpoint, failpoints)
        if (text_is(name, failpoint->name))
            return failpoint;
    return NULL;
}

static bool *find_mutant(struct text name)
{
    for (size_t i = 0; i < COUNT(mutants); i++)
        if (text_is(name, mutants[i]))
            return &is_on[i];
    return NULL;
}

struct error failpoints_start(void)
{
    struct text rest, one;

    TRY(settings_read(fault_settings, NULL, "FAULTS_"));
    for (rest = text_of(failpoints_text); rest.length;) {
        struct text chance, name = text_cut(text_cut(rest, ',', &rest), '=', &chance);
        struct failpoint *failpoint = find_failpoint(name);
        if (!failpoint || !text_number(chance, &failpoint->permille))
            return fatal("no such failpoint: \"%s\"", failpoints_text);
    }
    for (rest = text_of(mutants_text); rest.length;) {
        one = text_cut(rest, ',', &rest);
        bool *mutant = find_mutant(one);
        if (!mutant)
            return fatal("no such mutant: \"%s\"", mutants_text);
        *mutant = true;
        log_warning("mutant", TEXT("name", mutants_text));
    }
    return OK;
}

/* splitmix64: the same seed ends the same passes. */
static uint64_t draw(void)
{
    uint64_t x = (uint64_t)seed + atomic_fetch_add(&draws, 1) * 0x9E3779B97F4A7C15ULL;

    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

static void end_here(const char *name)
{
    char line[160];
    int length = snprintf(line, sizeof line, "{\"failpoint\":\"%s\",\"service\":\"%s\"}\n", name,
                          the_service->name);
    int fd = open(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

    if (fd < 0 || write(fd, line, (size_t)length) != length)
        log_warning("failpoint_unsaid", TEXT("name", name));
    kill(getpid(), SIGKILL);
}

void failpoint_pass(const char *name)
{
    struct failpoint *failpoint = find_failpoint(text_of(name));
    char label[64];

    assert(failpoint);
    snprintf(label, sizeof label, "failpoint=\"%s\"", name);
    metric_add("majster_failpoint_passes_total", label, 1);
    if (failpoint->permille && draw() % 1000 < (uint64_t)failpoint->permille)
        end_here(name);
}

bool mutant_is(const char *name)
{
    const bool *mutant = find_mutant(text_of(name));

    assert(mutant);
    return *mutant;
}
#endif
