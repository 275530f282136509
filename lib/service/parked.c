/* Parked messages from the command line: list, show one as JSON, replay a subject in its
 * order. The replay itself is done by the running service, as turns. */
#include "lib/service/loop.h"
#include "lib/service/message.h"
#include "lib/service/person/seal.h"
#include "lib/service/queries.h"
#include <stdio.h>

/* Of all types that this service knows. */
static const ProtobufCMessageDescriptor *message_type(const char *name)
{
    const struct subscription *subscription = subscription_of(name);

    return subscription ? subscription->type : NULL;
}

static struct error list(void)
{
    struct rows rows;

    ASK(NULL, &rows, list_parked);
    TRY(pipeline_wait(true, NULL));
    printf("%-36s  %-14s  %-40s  %8s  %-34s  %-10s  %s\n", "EVENT", "SOURCE", "SUBJECT", "SEQUENCE",
           "TYPE", "KIND", "REASON");
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        printf("%-36s  ", next_text(&row));
        printf("%-14s  ", next_text(&row));
        printf("%-40s  ", next_text(&row));
        printf("%8lld  ", (long long)next_int(&row));
        printf("%-34s  ", next_text(&row));
        printf("%-10s  ", next_text(&row));
        printf("%s\n", next_text(&row));
    }
    printf("%d parked\n", rows.count);
    return OK;
}

static struct error show(const char *event_id)
{
    static struct arena arena;
    ProtobufCMessage *message = NULL;
    struct rows rows;

    ASK(NULL, &rows, show_parked, STR(event_id));
    TRY(pipeline_wait(true, NULL));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, NULL, "nothing is parked under %s", event_id);
    struct row row = row_at(&rows, 0);
    const char *type = next_text(&row);
    struct text payload = next_bytes(&row, &arena);
    bool is_sealed = !next_is_null(&row);
    struct text wrapped_key = next_bytes(&row, &arena);
    bool is_open = !is_sealed || unseal_bytes(&arena, wrapped_key, payload, &payload);
    const char *const names[] = { "source",    "subject", "sequence", "topic",
                                  "partition", "offset",  "kind",     "reason" };
    printf("event: %s\ntype: %s\n", event_id, type);
    EACH (name, names)
        printf("%s: %s\n", *name, next_text(&row));
    if (!is_open) {
        printf("bytes: %zu, sealed by another key\n", payload.length);
        return OK;
    }
    if (!message_type(type)) {
        printf("bytes: %zu, of a type that this service does not handle\n", payload.length);
        return OK;
    }
    struct error error = message_unpack(&arena, message_type(type), payload, &message);
    if (error.kind == ERROR_NONE)
        printf("%s\n", json_write(&arena, message, JSON_WRITE_PRETTY).at);
    else
        printf("bytes: %zu, unreadable: %s\n", payload.length, error.text);
    return OK;
}

static struct error replay(const char *event_id)
{
    struct rows rows;

    ASK(NULL, &rows, replay_parked, STR(event_id));
    TRY(pipeline_wait(true, NULL));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, NULL, "nothing is parked under %s", event_id);
    printf("%d of the subject will be replayed in order by the running service\n", rows.count);
    return OK;
}

int parked_command(const struct service *service, int argc, char **argv)
{
    struct error error;

    if (argc == 1 && string_is(argv[0], "list"))
        error = list();
    else if (argc == 2 && string_is(argv[0], "show"))
        error = show(argv[1]);
    else if (argc == 2 && string_is(argv[0], "replay"))
        error = replay(argv[1]);
    else {
        fprintf(stderr, "usage: %s --parked list | show EVENT | replay EVENT\n", service->name);
        return 2;
    }
    if (error.kind != ERROR_NONE)
        fprintf(stderr, "%s\n", error.text);
    return error.kind == ERROR_NONE ? 0 : 1;
}
