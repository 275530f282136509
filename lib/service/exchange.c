/* An exchange is a request and its reply, shared by its connection's thread and the loop; who lets
 * go last frees it. */
#include "lib/service/loop.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Waiting is measured by the monotonic clock: a step of the other one neither ends nor lengthens
 * it. */
struct exchange *exchange_new(void)
{
    struct exchange *made = calloc(1, sizeof *made);
    pthread_condattr_t attributes;

    if (!made)
        abort();
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->replied, &attributes);
    pthread_condattr_destroy(&attributes);
    made->owners = 1;
    return made;
}

bool exchange_wait(struct exchange *exchange, int64_t most_ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += most_ms / 1000;
    pthread_mutex_lock(&exchange->mutex);
    while (!exchange->is_replied &&
           pthread_cond_timedwait(&exchange->replied, &exchange->mutex, &until) == 0)
        ;
    bool is_replied = exchange->is_replied;
    pthread_mutex_unlock(&exchange->mutex);
    return is_replied;
}

void exchange_release(struct exchange **exchange)
{
    struct exchange *gone = *exchange;

    *exchange = NULL;
    pthread_mutex_lock(&gone->mutex);
    int owners = --gone->owners;
    pthread_mutex_unlock(&gone->mutex);
    if (owners)
        return;
    for (int i = 0; i < gone->parameter_count; i++) {
        free(gone->parameters[i][0]);
        free(gone->parameters[i][1]);
    }
    free(gone->path);
    free(gone->query);
    free(gone->headers);
    free(gone->body);
    free(gone->key);
    free(gone->reply);
    free(gone->reply_headers);
    pthread_mutex_destroy(&gone->mutex);
    pthread_cond_destroy(&gone->replied);
    free(gone);
}

void exchange_answer(struct exchange *exchange, int status, struct text body, const char *headers)
{
    pthread_mutex_lock(&exchange->mutex);
    if (!exchange->is_replied) {
        exchange->is_replied = true;
        exchange->status = status;
        exchange->reply = malloc(body.length + 1);
        exchange->reply_headers = strdup(headers ? headers : "");
        if (!exchange->reply || !exchange->reply_headers)
            abort();
        if (body.length)
            memcpy(exchange->reply, body.at, body.length);
        exchange->reply_length = body.length;
        pthread_cond_signal(&exchange->replied);
    }
    pthread_mutex_unlock(&exchange->mutex);
}
