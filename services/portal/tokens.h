/* Secrets of accounts: made from the kernel's random, kept as SHA-256 alone. */
#pragma once
#include "lib/base/arena.h"

char *token_make(struct arena *arena);                          /* "tk_" and 256 bits */
const char *token_hash(struct arena *arena, struct text token); /* 64 hex digits */
