/* Files that a command loads: {"technicians": [ … ]}. Read row by row, so that a file may be much
 * larger than a message may be, and an error can name its row. */
#pragma once
#include "lib/service/turn.h"

struct loaded {
    size_t count;
    const ProtobufCMessage **rows; /* in the file's order; live in the turn's arena */
};

/* Reads the list `list` of the JSON file at `path`, each element as a message of type `of` under
 * main.c's rules. All or nothing: REJECTED names the row and field as a JSON pointer
 * ("/technicians/3/skills"). At most 16 MiB. */
struct error load_file(struct turn *turn, const char *path, const char *list,
                       const ProtobufCMessageDescriptor *of, struct loaded *ret_loaded);
