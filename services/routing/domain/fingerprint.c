/* FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv): small, and the same on every machine. */
#include "services/routing/domain/fingerprint.h"

struct fingerprint fingerprint_of(struct text bytes)
{
    struct fingerprint print = { .number = UINT64_C(0xcbf29ce484222325) };

    for (size_t i = 0; i < bytes.length; i++)
        print.number = (print.number ^ (uint8_t)bytes.at[i]) * UINT64_C(0x100000001b3);
    for (int i = 0; i < 16; i++)
        print.text[i] = "0123456789abcdef"[print.number >> (60 - 4 * i) & 15];
    return print;
}
