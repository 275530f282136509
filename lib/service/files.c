/* FILES_DIR: photos, signatures, papers, named by the SHA-256 of their bytes, synced before
 * anything refers to them. Two writers of the same bytes write the same file. */
#include "lib/service/loop.h"
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void path_of(const char *sha256, char *path, size_t room)
{
    snprintf(path, room, "%s/%.2s/%s", settings.files_dir, sha256, sha256);
}

static bool sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return is_synced;
}

static bool write_all(const char *path, struct text bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    size_t done = 0;

    if (fd < 0)
        return false;
    while (done < bytes.length) {
        ssize_t more = write(fd, bytes.at + done, bytes.length - done);
        if (more <= 0)
            break;
        done += (size_t)more;
    }
    bool is_whole = done == bytes.length && fsync(fd) == 0;
    close(fd);
    return is_whole;
}

struct error file_keep(struct text bytes, char ret_sha256[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char path[700], made[800], directory[600], name[65];

    crypto_hash_sha256(hash, (const unsigned char *)bytes.at, bytes.length);
    sodium_bin2hex(name, sizeof name, hash, sizeof hash);
    path_of(name, path, sizeof path);
    if (access(path, F_OK) != 0) {
        snprintf(directory, sizeof directory, "%s/%.2s", settings.files_dir, name);
        mkdir(directory, 0750);
        snprintf(made, sizeof made, "%s.%s", path, id_new(machine_clock()).text);
        if (!write_all(made, bytes) || rename(made, path) != 0 || !sync_directory(directory) ||
            !sync_directory(settings.files_dir)) {
            unlink(made);
            return temporary("keep a file of %zu bytes in %s", bytes.length, settings.files_dir);
        }
    }
    memcpy(ret_sha256, name, sizeof name);
    return OK;
}

static bool is_name(const char *sha256)
{
    return strlen(sha256) == 64 && strspn(sha256, "0123456789abcdef") == 64;
}

void file_forget(const char *sha256)
{
    char path[700];

    if (!is_name(sha256))
        return;
    path_of(sha256, path, sizeof path);
    unlink(path);
}

struct error file_read(const char *sha256, struct arena *arena, struct text *ret_bytes)
{
    char path[700];
    struct stat about;

    if (!is_name(sha256))
        return rejected(PROBLEM_NOT_FOUND, "sha256", "\"%.70s\" is no SHA-256", sha256);
    path_of(sha256, path, sizeof path);
    FILE *file = fopen(path, "re");
    if (!file || fstat(fileno(file), &about) != 0) {
        if (file)
            fclose(file);
        return rejected(PROBLEM_NOT_FOUND, "sha256", "no file %s", sha256);
    }
    char *bytes = arena_alloc(arena, (size_t)about.st_size + 1);
    size_t length = fread(bytes, 1, (size_t)about.st_size, file);
    fclose(file);
    *ret_bytes = (struct text){ bytes, length };
    return OK;
}
