/* Walks a picture's header; every byte is read through one bounds check. */
#include "services/visits/domain/image_header.h"
#include <string.h>

/* Big-endian unsigned of `size` bytes; -1 when it is not all there. */
static int64_t number_at(struct text bytes, size_t at, size_t size)
{
    int64_t number = 0;

    if (at > bytes.length || size > bytes.length - at)
        return -1;
    for (size_t i = 0; i < size; i++)
        number = number * 256 + (unsigned char)bytes.at[at + i];
    return number;
}

static enum image_verdict judge(enum image_kind kind, int64_t width, int64_t height,
                                struct image_header *ret_header)
{
    if (width < 1 || height < 1)
        return IMAGE_BROKEN;
    if (width > PIXELS_MOST / height)
        return IMAGE_TOO_LARGE;
    *ret_header = (struct image_header){ kind, width, height };
    return IMAGE_GOOD;
}

/* Signature, then the chunk IHDR of 13 bytes: width, height, depth, colour, 0, 0, interlace. */
static enum image_verdict read_png(struct text bytes, struct image_header *ret_header)
{
    int64_t width = number_at(bytes, 16, 4), height = number_at(bytes, 20, 4);

    if (bytes.length < 33 || number_at(bytes, 8, 4) != 13 || memcmp(bytes.at + 12, "IHDR", 4) != 0)
        return IMAGE_BROKEN;
    if (width > INT32_MAX || height > INT32_MAX || number_at(bytes, 26, 2) != 0)
        return IMAGE_BROKEN;
    return judge(IMAGE_PNG, width, height, ret_header);
}

/* SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC): the segment that holds the size. */
static bool is_frame(int64_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Markers that stand alone, without a length behind them: TEM, RST0..7, SOI. */
static bool is_alone(int64_t marker)
{
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

/* FF, marker, length with itself, content; FF may be repeated before a marker. */
static enum image_verdict read_jpeg(struct text bytes, struct image_header *ret_header)
{
    size_t at = 2;

    while (number_at(bytes, at, 1) == 0xFF) {
        while (number_at(bytes, at, 1) == 0xFF)
            at++;
        int64_t marker = number_at(bytes, at++, 1);
        if (is_alone(marker))
            continue;
        int64_t length = number_at(bytes, at, 2);
        /* 0: a stuffed byte; D9: end; DA: pixels begin, and no size was told. */
        if (marker <= 0 || marker == 0xD9 || marker == 0xDA || length < 2 ||
            (size_t)length > bytes.length - at)
            return IMAGE_BROKEN;
        if (is_frame(marker)) {
            if (length < 11)
                return IMAGE_BROKEN;
            return judge(IMAGE_JPEG, number_at(bytes, at + 5, 2), number_at(bytes, at + 3, 2),
                         ret_header);
        }
        at += (size_t)length;
    }
    return IMAGE_BROKEN;
}

enum image_verdict image_header_read(struct text bytes, struct image_header *ret_header)
{
    static const char png[] = { '\x89', 'P', 'N', 'G', '\r', '\n', '\x1a', '\n' };
    static const char jpeg[] = { '\xff', '\xd8', '\xff' };

    if (bytes.length >= sizeof png && memcmp(bytes.at, png, sizeof png) == 0)
        return read_png(bytes, ret_header);
    if (bytes.length >= sizeof jpeg && memcmp(bytes.at, jpeg, sizeof jpeg) == 0)
        return read_jpeg(bytes, ret_header);
    return IMAGE_UNKNOWN;
}

const char *image_media_type(enum image_kind kind)
{
    return kind == IMAGE_JPEG ? "image/jpeg" : kind == IMAGE_PNG ? "image/png" : "";
}
