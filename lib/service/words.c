/* Words on the command line: what a binary does besides running until SIGTERM. */
#include "lib/service/loop.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int run_command(const struct command *command, int count, char **words)
{
    struct error error = loop_open();
    struct item *item = item_new(ITEM_COMMAND, "", "");

    if (error.kind == ERROR_NONE)
        error = service_open();
    if (error.kind == ERROR_NONE) {
        item->command = command;
        item->word_count = count;
        item->words = words;
        struct error ended = temporary("not run");
        item->command_error = &ended;
        loop_add(item);
        for (int i = 0; i < 50 && ended.kind == ERROR_TEMPORARY; i++) {
            batch_run();
            if (ended.kind == ERROR_TEMPORARY)
                usleep(20000);
        }
        error = ended;
    }
    if (error.kind != ERROR_NONE)
        fprintf(stderr, "%s: %s%s%s\n", command->name, error.field, error.field[0] ? ": " : "",
                error.text);
    return error.kind == ERROR_NONE ? 0 : 1;
}

static int help(void)
{
    printf(
        "%s: settings come from the environment; without words it runs until SIGTERM.\n"
        "  --describe                              what it hears, tells and can be asked, as JSON\n"
        "  --healthy                               is the one on HTTP_PORT ready: 0, else 1\n"
        "  --migrate                               brings the schema to this version\n"
        "  --parked list | show ID | replay ID     messages that could not take effect\n"
        "  --retell                                tells all it owns again, to fill others' "
        "copies\n",
        the_service->name);
    for (const struct command *command = the_service->commands; command && command->name; command++)
        printf("  --%s %-*s%s\n", command->name, 37 - (int)strlen(command->name),
               command->arguments, command->help);
    return 0;
}

/* Opening it migrates. */
static int with_database(bool is_about_parked, int count, char **words)
{
    struct error error = service_open();

    if (error.kind != ERROR_NONE) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    return is_about_parked ? parked_command(the_service, count, words) : 0;
}

int service_word(int argc, char **argv)
{
    const char *word = argv[1];

    if (string_is(word, "--help"))
        return help();
    if (string_is(word, "--describe")) {
        describe(the_service);
        return 0;
    }
    if (string_is(word, "--healthy"))
        return probe();
    if (string_is(word, "--retell"))
        return retell_all();
    if (string_is(word, "--migrate") || string_is(word, "--parked"))
        return with_database(string_is(word, "--parked"), argc - 2, argv + 2);
    for (const struct command *command = the_service->commands; command && command->name; command++)
        if (strncmp(word, "--", 2) == 0 && string_is(word + 2, command->name))
            return run_command(command, argc - 2, argv + 2);
    fprintf(stderr, "%s: unknown word %s; --help lists them\n", the_service->name, word);
    return 2;
}
