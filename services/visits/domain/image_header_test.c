#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/visits/domain/image_header.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define PNG_BEGINS "\x89PNG\r\n\x1a\n"
#define IHDR(width, height) "\0\0\0\x0dIHDR" width height "\x08\x02\0\0\0\xde\xad\xbe\xef"
#define JPEG_BEGINS "\xff\xd8"
#define APP0 "\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
#define SOF(marker, height, width)                                                                 \
    "\xff" marker "\0\x11\x08" height width "\3\1\x22\0\2\x11\1\3\x11\1"
#define BYTES_OF(literal)                                                                          \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct {
    const char *name;
    struct text bytes;
    enum image_verdict verdict;
    int64_t width, height;
} headers[] = {
    { "nothing", BYTES_OF(""), IMAGE_UNKNOWN, 0, 0 },
    { "a page is no picture", BYTES_OF("<html><script>"), IMAGE_UNKNOWN, 0, 0 },
    { "a GIF is not taken", BYTES_OF("GIF89a\1\0\1\0\0\0\0\0\0\0\0\0\0"), IMAGE_UNKNOWN, 0, 0 },
    { "PNG", BYTES_OF(PNG_BEGINS IHDR("\0\0\2\x80", "\0\0\1\xe0")), IMAGE_GOOD, 640, 480 },
    { "PNG cut inside its header", BYTES_OF(PNG_BEGINS "\0\0\0\x0dIHDR\0\0\2"), IMAGE_BROKEN, 0,
      0 },
    { "PNG without width", BYTES_OF(PNG_BEGINS IHDR("\0\0\0\0", "\0\0\1\xe0")), IMAGE_BROKEN, 0,
      0 },
    { "PNG whose first chunk is another",
      BYTES_OF(PNG_BEGINS "\0\0\0\x0dIDAT\0\0\2\x80\0\0\1\xe0\x08\x02\0\0\0\xde\xad\xbe\xef"),
      IMAGE_BROKEN, 0, 0 },
    { "PNG of 8000 by 5000 is the largest",
      BYTES_OF(PNG_BEGINS IHDR("\0\0\x1f\x40", "\0\0\x13\x88")), IMAGE_GOOD, 8000, 5000 },
    { "PNG of 8001 by 5000 is too large", BYTES_OF(PNG_BEGINS IHDR("\0\0\x1f\x41", "\0\0\x13\x88")),
      IMAGE_TOO_LARGE, 0, 0 },
    { "PNG that would overflow a product",
      BYTES_OF(PNG_BEGINS IHDR("\x7f\xff\xff\xff", "\x7f\xff\xff\xff")), IMAGE_TOO_LARGE, 0, 0 },
    { "PNG beyond what the format allows", BYTES_OF(PNG_BEGINS IHDR("\x80\0\0\0", "\0\0\0\1")),
      IMAGE_BROKEN, 0, 0 },
    { "JPEG, baseline", BYTES_OF(JPEG_BEGINS APP0 SOF("\xc0", "\1\xe0", "\2\x80")), IMAGE_GOOD, 640,
      480 },
    { "JPEG, progressive", BYTES_OF(JPEG_BEGINS APP0 SOF("\xc2", "\0\1", "\0\2")), IMAGE_GOOD, 2,
      1 },
    { "JPEG with fill bytes before a marker",
      BYTES_OF(JPEG_BEGINS APP0 "\xff\xff" SOF("\xc0", "\0\1", "\0\2")), IMAGE_GOOD, 2, 1 },
    { "a Huffman table is no frame",
      BYTES_OF(JPEG_BEGINS "\xff\xc4\0\x0b\1\2\3\4\5\6\7\x08\x09" SOF("\xc0", "\0\1", "\0\2")),
      IMAGE_GOOD, 2, 1 },
    { "JPEG whose pixels begin before a size was told",
      BYTES_OF(JPEG_BEGINS APP0 "\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"), IMAGE_BROKEN, 0, 0 },
    { "what looks like a size among the pixels is none",
      BYTES_OF(JPEG_BEGINS APP0
               "\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0" SOF("\xc0", "\0\1", "\0\2")),
      IMAGE_BROKEN, 0, 0 },
    { "JPEG whose segment ends beyond the bytes", BYTES_OF(JPEG_BEGINS "\xff\xe0\x40\x10JFIF"),
      IMAGE_BROKEN, 0, 0 },
    { "JPEG with a segment too short to hold its own length",
      BYTES_OF(JPEG_BEGINS "\xff\xe0\0\1JFIF\0"), IMAGE_BROKEN, 0, 0 },
    { "JPEG of no height (told later, by DNL)", BYTES_OF(JPEG_BEGINS SOF("\xc0", "\0\0", "\2\x80")),
      IMAGE_BROKEN, 0, 0 },
    { "JPEG of 65535 by 65535", BYTES_OF(JPEG_BEGINS SOF("\xc0", "\xff\xff", "\xff\xff")),
      IMAGE_TOO_LARGE, 0, 0 },
    { "JPEG that ends", BYTES_OF(JPEG_BEGINS "\xff\xd9"), IMAGE_BROKEN, 0, 0 },
    { "markers without end", BYTES_OF(JPEG_BEGINS "\xff\xff\xff\xff\xff"), IMAGE_BROKEN, 0, 0 },
};

Test(image_header, table)
{
    EACH (row, headers) {
        struct image_header header = { 0 };
        enum image_verdict verdict = image_header_read(row->bytes, &header);
        cr_expect_eq(verdict, row->verdict, "%s: %d", row->name, (int)verdict);
        cr_expect_eq(header.width, row->width, "%s", row->name);
        cr_expect_eq(header.height, row->height, "%s", row->name);
    }
}

/* The input in memory of exactly its size, so that a sanitizer sees the first byte too far. */
static enum image_verdict read_exactly(const char *bytes, size_t length,
                                       struct image_header *ret_header)
{
    char *copy = malloc(length ? length : 1);

    if (length)
        memcpy(copy, bytes, length);
    enum image_verdict verdict =
        image_header_read((struct text){ length ? copy : NULL, length }, ret_header);
    free(copy);
    return verdict;
}

Test(image_header, a_cut_picture_is_never_a_smaller_good_one)
{
    static const struct text whole[] = {
        BYTES_OF(PNG_BEGINS IHDR("\0\0\2\x80", "\0\0\1\xe0")),
        BYTES_OF(JPEG_BEGINS APP0 SOF("\xc0", "\1\xe0", "\2\x80")),
    };

    EACH (picture, whole) {
        for (size_t length = 0; length < picture->length; length++) {
            struct image_header header;
            cr_expect_neq(read_exactly(picture->at, length, &header), IMAGE_GOOD, "%zu of %zu",
                          length, picture->length);
        }
    }
}

Test(image_header, any_bytes_are_judged_and_what_is_good_is_small_enough)
{
    static const struct text seeds[] = {
        BYTES_OF(PNG_BEGINS IHDR("\0\0\2\x80", "\0\0\1\xe0")),
        BYTES_OF(JPEG_BEGINS APP0 "\xff\xff" SOF("\xc2", "\1\xe0", "\2\x80")),
        BYTES_OF(JPEG_BEGINS "\xff\xc4\0\x0b\1\2\3\4\5\6\7\x08\x09" SOF("\xc0", "\0\1", "\0\2")),
    };
    const uint64_t seed = 20261122;
    struct random random = { seed };

    for (int round = 0; round < 200000; round++) {
        const struct text *from = &seeds[random_below(&random, COUNT(seeds))];
        char bytes[128] = "";
        struct image_header header = { 0 };
        memcpy(bytes, from->at, from->length);
        size_t length = (size_t)random_between(&random, 0, (int64_t)from->length + 20);
        for (int64_t flips = random_between(&random, 0, 6); flips > 0; flips--)
            bytes[random_below(&random, sizeof bytes)] = (char)random_below(&random, 256);
        enum image_verdict verdict = read_exactly(bytes, length, &header);
        bool is_good = verdict == IMAGE_GOOD;
        cr_assert_eq(is_good, header.kind != IMAGE_NONE, "seed %lu round %d", seed, round);
        if (is_good)
            cr_assert(header.width > 0 && header.height > 0 &&
                          header.width * header.height <= PIXELS_MOST,
                      "seed %lu round %d", seed, round);
    }
}
