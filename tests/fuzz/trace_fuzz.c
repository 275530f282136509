/* traceparent headers: what is believed is 32 hex digits of the header, and what is written from it
 * is read again as the same. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/trace.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct text header = { (const char *)bytes, size };
    char trace[TRACE_ROOM] = "untouched", again[TRACE_ROOM], written[TRACEPARENT_ROOM];

    if (!trace_read(header, trace)) {
        assert(strcmp(trace, "untouched") == 0);
        return 0;
    }
    assert(strspn(trace, "0123456789abcdef") == 32 && memcmp(header.at + 3, trace, 32) == 0);
    traceparent_write(written, trace, "00f067aa0ba902b7");
    assert(trace_read(text_of(written), again) && strcmp(trace, again) == 0);
    return 0;
}
