/* The secret part of a link "/s/<token>". Who has it may act for the customer on that one order, so
 * it stands in the customer's message alone; everybody else is told its hash. */
#pragma once

enum { LINK_TOKEN_SIGNS = 22 }; /* of 62: 130.9 bits */

struct link_token {
    char text[LINK_TOKEN_SIGNS + 1];
    char sha256[65]; /* hex of the text's hash */
};

struct link_token link_token_new(void); /* from the kernel's random */
/* `body` with each link's token replaced by "…", for people who may read the message but not act on
 * it. In place would not fit: the result lives in the arena. */
struct arena;
const char *link_tokens_hidden(struct arena *arena, const char *body);
