/* Runs one fuzz target on files: what fuzzing has found stays found. The last word is the number of
 * inputs; a target that is broken aborts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Exactly as long as the file, so that a byte read beyond its end is seen by the sanitizers. */
static int run_file(const char *path)
{
    FILE *file = fopen(path, "re");
    uint8_t *bytes = NULL;
    long size = -1;

    if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
        fseek(file, 0, SEEK_SET) == 0 && (bytes = malloc((size_t)size + 1)) != NULL &&
        (bytes = realloc(bytes, size ? (size_t)size : 1)) != NULL &&
        fread(bytes, 1, (size_t)size, file) == (size_t)size)
        LLVMFuzzerTestOneInput(bytes, (size_t)size);
    else
        size = -1;
    free(bytes);
    if (file)
        fclose(file);
    if (size < 0)
        fprintf(stderr, "replay: cannot read %s\n", path);
    return size < 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (run_file(argv[i]))
            return 1;
    printf("%d inputs\n", argc - 1);
    return 0;
}
