/* The worker pool: pure functions over flat bytes, away from the loop; their results are turns. */
#include "lib/service/loop.h"
#include <stdlib.h>
#include <string.h>

struct job {
    struct job *next;
    struct work work;
    struct item *item;
    char *input;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_job = PTHREAD_COND_INITIALIZER;
static struct job *first, **end = &first;
static pthread_t threads[16];
static int thread_count;
static bool must_stop;

static void *worker_main(void *nothing)
{
    (void)nothing;
    for (;;) {
        pthread_mutex_lock(&mutex);
        while (!first && !must_stop)
            pthread_cond_wait(&has_job, &mutex);
        struct job *job = first;
        if (job)
            first = job->next;
        if (!first)
            end = &first;
        pthread_mutex_unlock(&mutex);
        if (!job)
            return NULL;
        job->work.run(job->input, job->work.input_size, job->item->result, job->work.result_size);
        loop_add_from_thread(job->item);
        free(job->input);
        free(job);
    }
}

void work_begin(const struct work *work, const char *trace)
{
    struct job *job = calloc(1, sizeof *job);

    if (!job)
        abort();
    job->work = *work;
    job->input = malloc(work->input_size + 1);
    job->item = item_new(ITEM_RESULT, work->subject, trace);
    job->item->result = calloc(1, work->result_size + 1);
    if (!job->input || !job->item->result)
        abort();
    memcpy(job->input, work->input, work->input_size);
    job->item->result_length = work->result_size;
    job->item->run.on_result = work->on_result;
    item_set_note(job->item, work->note);
    pthread_mutex_lock(&mutex);
    *end = job;
    end = &job->next;
    pthread_cond_signal(&has_job);
    pthread_mutex_unlock(&mutex);
}

void workers_start(void)
{
    for (int i = 0; i < settings.workers && i < (int)COUNT(threads); i++)
        thread_count += pthread_create(&threads[i], NULL, worker_main, NULL) == 0;
}

void workers_stop(void)
{
    pthread_mutex_lock(&mutex);
    must_stop = true;
    pthread_cond_broadcast(&has_job);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
}
