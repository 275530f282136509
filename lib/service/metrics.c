/* Counters, gauges and histograms for Prometheus: small tables behind one mutex. Labels are few by
 * design: routes, topics, kinds; never an order, a person or a partner. */
#include "lib/service/metrics.h"
#include "lib/service/loop.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { METRICS_MOST = 1024, SERIES_MOST = 256, STEPS_MOST = 14 };

static struct metric {
    const struct metric_kind *kind;
    char label[160];
    double value;
} metrics[METRICS_MOST];
static size_t metric_count;

#define SECONDS_STEPS                                                                              \
    {                                                                                              \
        .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10                              \
    }
static const struct family {
    const char *name, *help;
    double steps[STEPS_MOST]; /* ends with 0 */
} families[] = {
    [HTTP_SECONDS] = { "majster_http_request_seconds", "from request to reply", SECONDS_STEPS },
    [TURN_SECONDS] = { "majster_turn_seconds", "a handler, without its commit", SECONDS_STEPS },
    [BATCH_SECONDS] = { "majster_batch_seconds", "a transaction, commit and all", SECONDS_STEPS },
    [BATCH_TURNS] = { "majster_batch_turns",
                      "turns of a transaction",
                      { 1, 2, 5, 10, 20, 40, 60 } },
    [CALL_SECONDS] = { "majster_call_seconds", "a call to another machine", SECONDS_STEPS },
};
static struct series {
    enum histogram family;
    char label[160];
    uint64_t counts[STEPS_MOST], count;
    double sum;
} series[SERIES_MOST];
static size_t series_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static const struct metric_kind *kind_in(const struct metric_kind *kinds, const char *name)
{
    for (; kinds && kinds->name; kinds++)
        if (string_is(kinds->name, name))
            return kinds;
    return NULL;
}

static struct metric *find(const char *name, const char *label)
{
    for (size_t i = 0; i < metric_count; i++)
        if (string_is(metrics[i].kind->name, name) && string_is(metrics[i].label, label))
            return &metrics[i];
    const struct metric_kind *kind = kind_in(common_metrics, name);
    if (!kind)
        kind = kind_in(the_service->metrics, name);
    assert(kind); /* every figure has its row, with words for who reads it */
    if (metric_count == METRICS_MOST)
        return NULL; /* what does not fit is not counted */
    struct metric *made = &metrics[metric_count++];
    made->kind = kind;
    snprintf(made->label, sizeof made->label, "%s", label);
    return made;
}

void metric_add(const char *name, const char *label, double amount)
{
    pthread_mutex_lock(&mutex);
    struct metric *metric = find(name, label);
    if (metric)
        metric->value += amount;
    pthread_mutex_unlock(&mutex);
}

void metric_set(const char *name, const char *label, double value)
{
    pthread_mutex_lock(&mutex);
    struct metric *metric = find(name, label);
    if (metric)
        metric->value = value;
    pthread_mutex_unlock(&mutex);
}

static struct series *find_series(enum histogram family, const char *label)
{
    for (size_t i = 0; i < series_count; i++)
        if (series[i].family == family && string_is(series[i].label, label))
            return &series[i];
    if (series_count == SERIES_MOST)
        return NULL;
    struct series *made = &series[series_count++];
    made->family = family;
    snprintf(made->label, sizeof made->label, "%s", label);
    return made;
}

void metric_observe(enum histogram family, const char *label, double value)
{
    const double *steps = families[family].steps;

    pthread_mutex_lock(&mutex);
    struct series *one = find_series(family, label);
    for (size_t i = 0; one && steps[i] > 0; i++)
        one->counts[i] += value <= steps[i];
    if (one) {
        one->count++;
        one->sum += value;
    }
    pthread_mutex_unlock(&mutex);
}

double metric_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the process ---- */

static double open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    for (; folder && readdir(folder); count++)
        ;
    if (folder)
        closedir(folder);
    return count > 3 ? count - 3 : 0; /* ".", ".." and the folder itself */
}

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[128] = "";
    int64_t pages = 0;
    struct text rest;

    if (file && fgets(line, sizeof line, file)) {
        text_cut(text_of(line), ' ', &rest);
        text_number(text_cut(rest, ' ', &rest), &pages);
    }
    if (file)
        fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

void metrics_measure_process(void)
{
    static double started; /* /metrics is asked for from the start on, and long before it matters */
    struct timespec used, now;
    struct rlimit files;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    clock_gettime(CLOCK_REALTIME, &now);
    getrlimit(RLIMIT_NOFILE, &files);
    if (started == 0)
        started = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    metric_set("process_start_time_seconds", "", started);
    metric_set("process_cpu_seconds_total", "", (double)used.tv_sec + (double)used.tv_nsec / 1e9);
    metric_set("process_resident_memory_bytes", "", resident_bytes());
    metric_set("process_open_fds", "", open_files());
    metric_set("process_max_fds", "", (double)files.rlim_cur);
    metric_set("majster_ready", "", loop_is_ready());
}

/* ---- what Prometheus reads ---- */

static void write_kind(FILE *out, const struct metric_kind *kind)
{
    size_t length = strlen(kind->name);
    bool is_counter = length > 6 && string_is(kind->name + length - 6, "_total"), is_said = false;

    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", kind->name, kind->help, kind->name,
            is_counter ? "counter" : "gauge");
    for (size_t i = 0; i < metric_count; i++) {
        const struct metric *metric = &metrics[i];
        if (metric->kind != kind)
            continue;
        fprintf(out, "%s{service=\"%s\"%s%s} %.17g\n", kind->name, the_service->name,
                metric->label[0] ? "," : "", metric->label, metric->value);
        is_said = true;
    }
    if (!is_said && !kind->labels) /* or its first step could not be seen as one */
        fprintf(out, "%s{service=\"%s\"} 0\n", kind->name, the_service->name);
}

static void write_series(FILE *out, const struct family *family, const struct series *one)
{
    const char *name = family->name, *service = the_service->name,
               *comma = one->label[0] ? "," : "";

    for (size_t i = 0; family->steps[i] > 0; i++)
        fprintf(out, "%s_bucket{service=\"%s\"%s%s,le=\"%g\"} %llu\n", name, service, comma,
                one->label, family->steps[i], (unsigned long long)one->counts[i]);
    fprintf(out, "%s_bucket{service=\"%s\"%s%s,le=\"+Inf\"} %llu\n", name, service, comma,
            one->label, (unsigned long long)one->count);
    fprintf(out, "%s_sum{service=\"%s\"%s%s} %.17g\n", name, service, comma, one->label, one->sum);
    fprintf(out, "%s_count{service=\"%s\"%s%s} %llu\n", name, service, comma, one->label,
            (unsigned long long)one->count);
}

char *metrics_text(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        abort();
    metrics_measure_process();
    pthread_mutex_lock(&mutex);
    for (const struct metric_kind *kind = common_metrics; kind->name; kind++)
        write_kind(out, kind);
    for (const struct metric_kind *kind = the_service->metrics; kind && kind->name; kind++)
        write_kind(out, kind);
    for (size_t f = 0; f < COUNT(families); f++) {
        fprintf(out, "# HELP %s %s\n# TYPE %s histogram\n", families[f].name, families[f].help,
                families[f].name);
        for (size_t i = 0; i < series_count; i++)
            if (series[i].family == f)
                write_series(out, &families[f], &series[i]);
    }
    pthread_mutex_unlock(&mutex);
    fclose(out);
    return text;
}
