/* A raw mail as text: headers that identify it, and the plain body in UTF-8 (GMime). */
#pragma once
#include "lib/base/arena.h"

struct mail_text {
    const char *sender; /* address of From, without the name; "" */
    const char *key;    /* Message-ID, date and SHA-256 of the body: what makes it one mail */
    struct text body;   /* of the first text/plain part; empty when there is none */
};

/* False when the bytes are no mail: then only `key` says anything, the hash of them all. */
bool mail_text_read(struct arena *arena, struct text raw, struct mail_text *ret_mail);
void mail_text_start(void); /* once, before the first read */
