/* Counters and gauges for Prometheus: a small table behind one mutex. */
#include "lib/service/loop.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METRICS_MOST = 512 };

static struct metric {
    char name[64], label[96];
    double value;
} metrics[METRICS_MOST];
static size_t metric_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct metric *find(const char *name, const char *label)
{
    for (size_t i = 0; i < metric_count; i++)
        if (string_is(metrics[i].name, name) && string_is(metrics[i].label, label))
            return &metrics[i];
    if (metric_count == METRICS_MOST)
        return NULL; /* labels are few by design; what does not fit is not counted */
    struct metric *made = &metrics[metric_count++];
    snprintf(made->name, sizeof made->name, "%s", name);
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

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct metric *)a)->name, ((const struct metric *)b)->name);
}

char *metrics_text(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        abort();
    pthread_mutex_lock(&mutex);
    qsort(metrics, metric_count, sizeof *metrics, by_name);
    for (size_t i = 0; i < metric_count; i++) {
        const struct metric *metric = &metrics[i];
        bool is_counter = strlen(metric->name) > 6 && strstr(metric->name, "_total");
        if (i == 0 || !string_is(metrics[i - 1].name, metric->name))
            fprintf(out, "# TYPE %s %s\n", metric->name, is_counter ? "counter" : "gauge");
        fprintf(out, "%s{service=\"%s\"%s%s} %.17g\n", metric->name, the_service->name,
                metric->label[0] ? "," : "", metric->label, metric->value);
    }
    pthread_mutex_unlock(&mutex);
    fclose(out);
    return text;
}
