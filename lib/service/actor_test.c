/* Keys that sign actors, made by whoever starts first. */
#include "lib/service/actor.h"
#include <criterion/criterion.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AT_ONCE = 8, ROUNDS = 25, NOW = 1000000 };

struct starting {
    pthread_barrier_t *barrier;
    const char *directory;
    struct actor_keys *keys;
    bool is_good;
};

static void *start(void *with)
{
    struct starting *one = with;

    pthread_barrier_wait(one->barrier);
    one->is_good = actor_keys_new(one->directory, "portal", &one->keys).kind == ERROR_NONE;
    return NULL;
}

static void empty(const char *directory)
{
    DIR *listing = opendir(directory);
    char path[600];

    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing)) {
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(listing);
}

static int files_in(const char *directory)
{
    DIR *listing = opendir(directory);
    int count = 0;

    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
        count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static bool believes(struct actor_keys *reader, struct actor_keys *signer)
{
    const struct actor olga = { .kind = ACTOR_OPERATOR, .id = "olga" };
    struct arena arena = { 0 };
    struct actor read;

    const char *header = actor_sign(signer, &olga, NOW + 60000, &arena);
    bool is_good = actor_verify(reader, (struct text){ header, strlen(header) }, NOW, &read).kind ==
                   ERROR_NONE;
    arena_done(&arena);
    return is_good;
}

Test(actor, processes_that_start_at_once_sign_with_one_key)
{
    char directory[] = "/tmp/actor-test-XXXXXX";
    struct starting all[AT_ONCE];
    pthread_t threads[AT_ONCE];
    pthread_barrier_t barrier;

    cr_assert(mkdtemp(directory));
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_init(&barrier, NULL, AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            all[i] = (struct starting){ .barrier = &barrier, .directory = directory };
            pthread_create(&threads[i], NULL, start, &all[i]);
        }
        for (int i = 0; i < AT_ONCE; i++)
            pthread_join(threads[i], NULL);
        for (int i = 0; i < AT_ONCE; i++) {
            cr_assert(all[i].is_good);
            cr_assert(believes(all[i].keys, all[(i + 1) % AT_ONCE].keys), "round %d", round);
        }
        cr_assert_eq(files_in(directory), 2, "nothing half-made is left");
        for (int i = 0; i < AT_ONCE; i++)
            actor_keys_free(&all[i].keys);
        pthread_barrier_destroy(&barrier);
        empty(directory);
    }
    rmdir(directory);
}
