/* route: plans VROOM's problems. Reads one from stdin, writes the solution to stdout.
 *
 * Exit 0: solved; 2: the problem or a setting breaks a rule, and the answer says which. */
#include "tools/route/answer.h"
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char HELP[] =
    "route < problem.json > solution.json\n"
    "  plans vehicle routes: VROOM's JSON in and out (https://github.com/VROOM-Project/vroom)\n"
    "  --time-limit S   plans for so many seconds, reading and writing included\n"
    "  --rounds N       instead: rounds of the search (500 for each job, if neither is given);\n"
    "                   the same input and seed give the same bytes\n"
    "  --seed N         another seed, another search (1)\n"
    "  --again FILE     an earlier solution of this problem: makes the very same one again, also\n"
    "                   one that a time limit ended\n"
    "  --threads N      plans parts of large days side by side (1)\n"
    "  --times          says on stderr how long reading and planning took\n";

enum { ROUNDS_PER_JOB = 500 };

struct settings {
    double time_limit; /* s; 0: none */
    int64_t rounds;    /* -1: by the number of jobs */
    uint64_t seed;
    const char *again;
    int64_t threads;
    bool says_times;
};

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* ---- settings ---- */

static int64_t whole(const char *name, const char *text, int64_t most)
{
    int64_t number = 0;

    if (!text_number(text_of(text), &number) || number < 0 || number > most) {
        fprintf(stderr, "route: --%s %s: no whole number from 0 to %lld\n", name, text,
                (long long)most);
        exit(2);
    }
    return number;
}

static double seconds(const char *text)
{
    char *end;
    double number = strtod(text, &end);

    if (*end || end == text || !(number > 0 && number < 1e6)) {
        fprintf(stderr, "route: --time-limit %s: no seconds above 0\n", text);
        exit(2);
    }
    return number;
}

static void set_one(struct settings *settings, int option)
{
    switch (option) {
    case 'l':
        settings->time_limit = seconds(optarg);
        return;
    case 'r':
        settings->rounds = whole("rounds", optarg, INT64_MAX);
        return;
    case 's':
        settings->seed = (uint64_t)whole("seed", optarg, INT64_MAX);
        return;
    case 'a':
        settings->again = optarg;
        return;
    case 't':
        settings->threads = whole("threads", optarg, THREADS_MOST);
        return;
    case 'v':
        settings->says_times = true;
        return;
    default:
        fputs(HELP, option == 'h' ? stdout : stderr);
        exit(option == 'h' ? 0 : 2);
    }
}

static struct settings read_settings(int argc, char **argv)
{
    static const struct option options[] = {
        { "time-limit", required_argument, NULL, 'l' },
        { "rounds", required_argument, NULL, 'r' },
        { "seed", required_argument, NULL, 's' },
        { "again", required_argument, NULL, 'a' },
        { "threads", required_argument, NULL, 't' },
        { "times", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    struct settings settings = { .rounds = -1, .seed = 1, .threads = 1 };

    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        set_one(&settings, option);
    if (optind < argc)
        set_one(&settings, '?');
    return settings;
}

/* ---- the budget ---- */

struct budget {
    double from, until;
};

/* 1 at once where reading took all of it. */
static double elapsed(void *context)
{
    const struct budget *budget = context;
    double at = now();

    return at >= budget->until ? 1 : (at - budget->from) / (budget->until - budget->from);
}

/* What writing will take is about a tenth of what reading took. */
static struct budget budget_of(double began, double limit)
{
    double read = now();

    return (struct budget){ read, began + limit - (read - began) / 10 - 0.002 };
}

/* ---- threads ---- */

struct task {
    void (*work)(void *of, int32_t which);
    void *of;
    int32_t which;
};

static void *run_task(void *of)
{
    const struct task *task = of;

    task->work(task->of, task->which);
    return NULL;
}

/* A thread that the system does not give is done here instead. */
static void run_threads(void (*work)(void *of, int32_t which), void *of, int32_t count)
{
    struct task tasks[THREADS_MOST];
    pthread_t threads[THREADS_MOST];
    bool is_running[THREADS_MOST] = { false };

    for (int32_t i = 0; i < count; i++) {
        tasks[i] = (struct task){ work, of, i };
        is_running[i] = i > 0 && pthread_create(&threads[i], NULL, run_task, &tasks[i]) == 0;
    }
    for (int32_t i = 0; i < count; i++)
        if (!is_running[i])
            work(of, i);
    for (int32_t i = 0; i < count; i++)
        if (is_running[i])
            pthread_join(threads[i], NULL);
}

/* ---- in and out ---- */

/* A file's size is known at once; a pipe is read into twice the room each time it is full. */
static char *read_stdin(struct arena *arena, size_t *ret_length)
{
    struct stat file;
    size_t room =
        fstat(STDIN_FILENO, &file) == 0 && file.st_size > 0 ? (size_t)file.st_size + 1 : 1 << 20;
    char *text = arena_alloc(arena, room);
    size_t length = 0, got;

    while ((got = fread(text + length, 1, room - length, stdin)) > 0) {
        length += got;
        if (length < room)
            continue;
        char *larger = arena_alloc(arena, room *= 2);
        memcpy(larger, text, length);
        text = larger;
    }
    if (ferror(stdin)) {
        fputs("route: stdin cannot be read\n", stderr);
        exit(2);
    }
    *ret_length = length;
    return text;
}

static void write_answer(json_t *answer)
{
    if (json_dumpf(answer, stdout, JSON_COMPACT) != 0 || fputc('\n', stdout) == EOF ||
        fflush(stdout) != 0) {
        fputs("route: stdout cannot be written\n", stderr);
        exit(1);
    }
    json_decref(answer);
}

static void take_again(struct arena *arena, const char *file, struct solver_options *options)
{
    json_error_t error;
    json_t *answer = json_load_file(file, 0, &error);

    if (!answer || !answer_again(arena, answer, options)) {
        fprintf(stderr, "route: --again %s: no solution of ours\n", file);
        exit(2);
    }
    json_decref(answer);
}

static struct solver_options options_of(struct problem *problem, const struct settings *settings,
                                        struct budget *budget)
{
    struct solver_options options = { .seed = settings->seed,
                                      .rounds = settings->rounds,
                                      .threads =
                                          settings->threads > 1 ? (int32_t)settings->threads : 1,
                                      .run = run_threads };

    if (settings->again) {
        take_again(&problem->arena, settings->again, &options);
    } else if (settings->time_limit > 0) {
        options.elapsed = elapsed;
        options.context = budget;
    } else if (settings->rounds < 0) {
        options.rounds = (int64_t)problem->input.job_count * ROUNDS_PER_JOB;
    }
    return options;
}

int main(int argc, char **argv)
{
    double began = now();
    struct settings settings = read_settings(argc, argv);
    struct problem problem;
    size_t length;
    struct arena arena = { 0 };
    char *text = read_stdin(&arena, &length);
    bool is_read = problem_read(&problem, text, length);
    double read = now();

    if (is_read) {
        struct budget budget = budget_of(began, settings.time_limit);
        struct solver_options options = options_of(&problem, &settings, &budget);
        struct solution solution = solve(&problem.arena, &problem.input, &options);
        if (settings.says_times)
            fprintf(stderr, "route: read %.3f s, planned %.3f s, %lld rounds, %lld looks\n",
                    read - began, now() - read, (long long)solution.rounds,
                    (long long)solution.looks);
        write_answer(answer_of(&problem, &solution, &options));
    } else {
        write_answer(answer_refused(&problem));
    }
    problem_done(&problem);
    arena_done(&arena);
    return is_read ? 0 : 2;
}
