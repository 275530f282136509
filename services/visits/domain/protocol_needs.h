/* What a partner wants proven before a visit may be called done, and what of it is missing. */
#pragma once
#include "lib/base/text.h"

/* One bit each; the word is as it stands in the contract ("photo,signature"). */
#define PROTOCOL_NEEDS(NEED)                                                                       \
    NEED(PHOTO, 0, "photo", "/photos", "Dodaj co najmniej jedno zdjęcie")                          \
    NEED(PHOTO_BEFORE, 1, "photo_before", "/photos", "Dodaj zdjęcie sprzed pracy")                 \
    NEED(PHOTO_AFTER, 2, "photo_after", "/photos", "Dodaj zdjęcie po pracy")                       \
    NEED(SIGNATURE, 3, "signature", "/signature", "Dodaj podpis klienta albo powód jego braku")

enum protocol_need {
#define X(name, bit, word, pointer, says) NEED_##name = 1 << (bit),
    PROTOCOL_NEEDS(X)
#undef X
};

/* For telling: ends with a row without word. */
struct protocol_need_row {
    enum protocol_need need;
    const char *word, *pointer, *says; /* says is Polish */
};
extern const struct protocol_need_row protocol_need_rows[];

/* What the contract's words ask for; a word that nobody here can check asks for nothing. */
unsigned protocol_needs(struct text words);

struct proof {
    int photos_before, photos_after, signatures;
    bool has_refusal; /* it is written why the customer did not sign */
};
unsigned protocol_missing(unsigned needs, const struct proof *proof);
