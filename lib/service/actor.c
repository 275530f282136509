/* The signed actor header: "v1;key;kind;id;partner;scope;until;signature", signature over all
 * before it. */
#include "lib/service/actor.h"
#include "lib/base/array.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYS_MOST = 8, CACHED = 256 };

struct public_key {
    char id[32];
    unsigned char bytes[crypto_sign_PUBLICKEYBYTES];
};

struct actor_keys {
    char directory[512];
    pthread_mutex_t mutex;
    struct public_key known[KEYS_MOST];
    size_t count;
    char own[32];
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    struct cached {
        unsigned char hash[crypto_generichash_BYTES];
        struct actor actor;
        timestamp until;
    } cache[CACHED];
};

static const struct {
    enum actor_kind kind;
    const char *name;
} kinds[] = {
    { ACTOR_NOBODY, "nobody" },         { ACTOR_PARTNER, "partner" },
    { ACTOR_CONSULTANT, "consultant" }, { ACTOR_TECHNICIAN, "technician" },
    { ACTOR_CUSTOMER, "customer" },     { ACTOR_SUPPLIER, "supplier" },
    { ACTOR_OPERATOR, "operator" },
};

const char *actor_kind_name(enum actor_kind kind)
{
    EACH (row, kinds)
        if (row->kind == kind)
            return row->name;
    return "nobody";
}

enum actor_kind actor_kind_of(const char *name)
{
    EACH (row, kinds)
        if (string_is(row->name, name))
            return row->kind;
    return ACTOR_NOBODY;
}

static bool read_bytes(const char *path, unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "re");
    bool is_whole = file && fread(bytes, 1, size, file) == size;

    if (file)
        fclose(file);
    return is_whole;
}

/* Whole or not at all, and only who is first: processes that start together on one volume (where
 * two may have the same pid) end up with the same file. True also when another was first. */
static bool write_once(const char *path, const unsigned char *bytes, size_t size, mode_t mode)
{
    char making[640];

    snprintf(making, sizeof making, "%s.%08x%08x", path, randombytes_random(),
             randombytes_random());
    int fd = open(making, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool is_good = fd >= 0 && write(fd, bytes, size) == (ssize_t)size && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    is_good = is_good && (link(making, path) == 0 || errno == EEXIST);
    unlink(making);
    return is_good;
}

static struct error own_key(struct actor_keys *keys, const char *own)
{
    char secret[600], public[600];
    unsigned char bytes[crypto_sign_PUBLICKEYBYTES];

    snprintf(keys->own, sizeof keys->own, "%s", own);
    snprintf(secret, sizeof secret, "%s/%s.secret", keys->directory, own);
    snprintf(public, sizeof public, "%s/%s.public", keys->directory, own);
    if (access(secret, F_OK) != 0) {
        crypto_sign_keypair(bytes, keys->secret);
        if (!write_once(secret, keys->secret, sizeof keys->secret, 0400))
            return fatal("actor keys: cannot write %s: %s", secret, strerror(errno));
    }
    if (!read_bytes(secret, keys->secret, sizeof keys->secret))
        return fatal("actor keys: cannot read %s", secret);
    crypto_sign_ed25519_sk_to_pk(bytes, keys->secret);
    if (access(public, F_OK) != 0 && !write_once(public, bytes, sizeof bytes, 0444))
        return fatal("actor keys: cannot write %s: %s", public, strerror(errno));
    return OK;
}

static void read_known(struct actor_keys *keys)
{
    DIR *directory = opendir(keys->directory);
    char path[900];

    keys->count = 0;
    for (struct dirent *entry = directory ? readdir(directory) : NULL;
         entry && keys->count < KEYS_MOST; entry = readdir(directory)) {
        char *dot = strstr(entry->d_name, ".public");
        struct public_key *key = &keys->known[keys->count];
        if (!dot || dot[7] || dot - entry->d_name >= (long)sizeof key->id)
            continue;
        snprintf(path, sizeof path, "%s/%s", keys->directory, entry->d_name);
        snprintf(key->id, sizeof key->id, "%.*s", (int)(dot - entry->d_name), entry->d_name);
        keys->count += read_bytes(path, key->bytes, sizeof key->bytes);
    }
    if (directory)
        closedir(directory);
}

struct error actor_keys_new(const char *directory, const char *own, struct actor_keys **ret_keys)
{
    struct actor_keys *keys = calloc(1, sizeof *keys);

    if (!keys)
        abort();
    pthread_mutex_init(&keys->mutex, NULL);
    snprintf(keys->directory, sizeof keys->directory, "%s", directory);
    if (own)
        TRY(own_key(keys, own));
    read_known(keys);
    *ret_keys = keys;
    return OK;
}

void actor_keys_free(struct actor_keys **keys)
{
    if (!*keys)
        return;
    sodium_memzero((*keys)->secret, sizeof(*keys)->secret);
    pthread_mutex_destroy(&(*keys)->mutex);
    free(*keys);
    *keys = NULL;
}

char *actor_sign(const struct actor_keys *keys, const struct actor *actor, timestamp until,
                 struct arena *arena)
{
    char *payload =
        arena_format(arena, "v1;%s;%s;%s;%s;%s;%lld", keys->own, actor_kind_name(actor->kind),
                     actor->id, actor->partner, actor->scope, (long long)until);
    unsigned char signature[crypto_sign_BYTES];
    char encoded[128];

    crypto_sign_detached(signature, NULL, (const unsigned char *)payload, strlen(payload),
                         keys->secret);
    sodium_bin2base64(encoded, sizeof encoded, signature, sizeof signature,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return arena_format(arena, "%s;%s", payload, encoded);
}

static bool is_signed(struct actor_keys *keys, const char *id, struct text payload,
                      struct text encoded)
{
    unsigned char signature[crypto_sign_BYTES];
    size_t length = 0;

    if (sodium_base642bin(signature, sizeof signature, encoded.at, encoded.length, NULL, &length,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        length != sizeof signature)
        return false;
    /* A key that is not known yet may have been written since the start. */
    for (int look = 0; look < 2; look++) {
        for (size_t i = 0; i < keys->count; i++)
            if (string_is(keys->known[i].id, id))
                return crypto_sign_verify_detached(signature, (const unsigned char *)payload.at,
                                                   payload.length, keys->known[i].bytes) == 0;
        read_known(keys);
    }
    return false;
}

static bool field_into(struct text field, char *to, size_t room)
{
    if (field.length >= room)
        return false;
    memcpy(to, field.at, field.length);
    to[field.length] = '\0';
    return true;
}

static struct error decode(struct actor_keys *keys, struct text header, struct actor *ret_actor,
                           timestamp *ret_until)
{
    struct text fields[8], rest = header;
    struct actor actor = { 0 };
    char kind[16], key[32];

    for (size_t i = 0; i < COUNT(fields); i++)
        fields[i] = text_cut(rest, ';', &rest);
    if (!text_is(fields[0], "v1") || !fields[7].length || rest.length ||
        !field_into(fields[1], key, sizeof key) || !field_into(fields[2], kind, sizeof kind) ||
        !field_into(fields[3], actor.id, sizeof actor.id) ||
        !field_into(fields[4], actor.partner, sizeof actor.partner) ||
        !field_into(fields[5], actor.scope, sizeof actor.scope) ||
        !text_number(fields[6], ret_until))
        return rejected(PROBLEM_UNAUTHENTICATED, "X-Actor", "the actor header makes no sense");
    actor.kind = actor_kind_of(kind);
    struct text payload = { header.at, (size_t)(fields[7].at - header.at) - 1 };
    if (!is_signed(keys, key, payload, fields[7]))
        return rejected(PROBLEM_UNAUTHENTICATED, "X-Actor", "the actor header is not signed by us");
    *ret_actor = actor;
    return OK;
}

/* Threads of connections call this: the cache is theirs together. */
struct error actor_verify(const struct actor_keys *keys, struct text header, timestamp machine_now,
                          struct actor *ret_actor)
{
    struct actor_keys *shared = (struct actor_keys *)(uintptr_t)keys;
    unsigned char hash[crypto_generichash_BYTES];
    struct error error = OK;

    crypto_generichash(hash, sizeof hash, (const unsigned char *)header.at, header.length, NULL, 0);
    pthread_mutex_lock(&shared->mutex);
    struct cached *cached = &shared->cache[hash[0]];
    if (memcmp(cached->hash, hash, sizeof hash) != 0) {
        struct cached fresh = { .until = 0 };
        memcpy(fresh.hash, hash, sizeof hash);
        error = decode(shared, header, &fresh.actor, &fresh.until);
        if (error.kind == ERROR_NONE)
            *cached = fresh;
    }
    if (error.kind == ERROR_NONE && cached->until < machine_now)
        error = rejected(PROBLEM_UNAUTHENTICATED, "X-Actor", "the actor header is too old");
    if (error.kind == ERROR_NONE)
        *ret_actor = cached->actor;
    pthread_mutex_unlock(&shared->mutex);
    return error;
}
