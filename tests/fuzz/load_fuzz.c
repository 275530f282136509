/* Files that a command loads: all rows or none; rows that were read are read again as as many when
 * they are written as the same list. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include "lib/service/load_file.h"
#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct error load(struct turn *turn, struct text text, struct loaded *ret_loaded)
{
    int fd = memfd_create("load_fuzz", MFD_CLOEXEC);
    const char *path = arena_format(turn->arena, "/proc/self/fd/%d", fd);

    if (fd < 0 || write(fd, text.at, text.length) != (ssize_t)text.length)
        abort();
    struct error error = load_file(turn, path, "lines", &sample_line__descriptor, ret_loaded);
    close(fd);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct turn turn = { .arena = &arena };
    struct loaded loaded = { 0 }, again = { 0 };
    const char *list = "{\"lines\":[";

    if (load(&turn, (struct text){ (const char *)bytes, size }, &loaded).kind == ERROR_NONE) {
        for (size_t i = 0; i < loaded.count; i++)
            list = arena_format(&arena, "%s%s%s", list, i ? "," : "",
                                json_write(&arena, loaded.rows[i], 0).at);
        list = arena_format(&arena, "%s]}", list);
        assert(load(&turn, text_of(list), &again).kind == ERROR_NONE);
        assert(again.count == loaded.count);
    } else {
        assert(loaded.count == 0 && !loaded.rows);
    }
    arena_reset(&arena);
    return 0;
}
