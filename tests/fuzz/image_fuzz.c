/* Headers of pictures that telephones send: a size that is believed is small enough, more bytes
 * behind a good header change nothing, and a bad one says nothing. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "lib/base/arena.h"
#include "services/visits/domain/image_header.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct text picture = { (const char *)bytes, size };
    struct image_header header = { .width = -1 }, again;

    if (image_header_read(picture, &header) != IMAGE_GOOD) {
        assert(header.width == -1 && header.kind == IMAGE_NONE);
        return 0;
    }
    assert(header.width > 0 && header.height > 0 && header.width * header.height <= PIXELS_MOST);
    assert(image_media_type(header.kind)[0]);
    char *longer = arena_alloc(&arena, size + 64);
    memcpy(longer, bytes, size);
    memset(longer + size, 0xFF, 64);
    assert(image_header_read((struct text){ longer, size + 64 }, &again) == IMAGE_GOOD);
    assert(again.kind == header.kind && again.width == header.width &&
           again.height == header.height);
    arena_reset(&arena);
    return 0;
}
