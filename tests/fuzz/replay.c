/* Runs one fuzz target on files: what fuzzing has found stays found. The last word is the number of
 * inputs; a target that is broken aborts. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Exactly as long as the file, so that sanitizers see a read beyond its end. NULL: unreadable. */
static uint8_t *read_file(FILE *file, size_t *ret_size)
{
    uint8_t *bytes;
    long size;

    if (fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
        return NULL;
    bytes = malloc(size ? (size_t)size : 1);
    if (bytes && fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        free(bytes);
        return NULL;
    }
    *ret_size = (size_t)size;
    return bytes;
}

static bool run_file(const char *path)
{
    FILE *file = fopen(path, "re");
    size_t size = 0;
    uint8_t *bytes = file ? read_file(file, &size) : NULL;

    if (bytes)
        LLVMFuzzerTestOneInput(bytes, size);
    else
        fprintf(stderr, "replay: cannot read %s\n", path);
    if (file)
        fclose(file);
    free(bytes);
    return bytes != NULL;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!run_file(argv[i]))
            return 1;
    printf("%d inputs\n", argc - 1);
    return 0;
}
