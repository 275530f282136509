/* Headers of Kafka's records: a fact that is believed has a UUID, a sequence, words that PostgreSQL
 * takes, and a trace that is one or none. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/kafka.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void expect_fact(const struct record *record, size_t payload)
{
    const char *words[] = { record->source, record->subject, record->type, record->partner };

    assert(id_valid(record->id) && record->sequence > 0 && record->payload_length == payload);
    assert(record->source[0] && record->subject[0] && record->type[0]);
    for (size_t i = 0; i < COUNT(words); i++)
        assert(utf8_valid(text_of(words[i])) && strlen(words[i]) <= 200);
}

/* "name:value" lines, then the payload behind an empty one. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    struct item *item = item_new(ITEM_MESSAGE, "", "");
    struct text rest = { (const char *)bytes, size }, line = text_cut(rest, '\n', &rest);

    for (; line.length; line = text_cut(rest, '\n', &rest)) {
        struct text value, name = text_cut(line, ':', &value);
        rd_kafka_header_add(headers, name.at, (ssize_t)name.length, value.at,
                            (ssize_t)value.length);
    }
    item->record = record_of(headers, rest, item->trace);
    assert(!item->trace[0] || strspn(item->trace, "0123456789abcdef") == 32);
    if (!item->record.unreadable)
        expect_fact(&item->record, rest.length);
    rd_kafka_headers_destroy(headers);
    item_free(&item);
    return 0;
}
