/* The contract's words are read here and nowhere else. */
#include "services/visits/domain/protocol_needs.h"

const struct protocol_need_row protocol_need_rows[] = {
#define X(name, bit, word, pointer, says) { NEED_##name, word, pointer, says },
    PROTOCOL_NEEDS(X)
#undef X
        { 0 },
};

unsigned protocol_needs(struct text words)
{
    unsigned needs = 0;

    while (words.length) {
        struct text word = text_trim(text_cut(words, ',', &words));
        for (const struct protocol_need_row *row = protocol_need_rows; row->word; row++)
            if (text_is(word, row->word))
                needs |= row->need;
    }
    return needs;
}

unsigned protocol_missing(unsigned needs, const struct proof *proof)
{
    unsigned has = 0;

    if (proof->photos_before + proof->photos_after > 0)
        has |= NEED_PHOTO;
    if (proof->photos_before > 0)
        has |= NEED_PHOTO_BEFORE;
    if (proof->photos_after > 0)
        has |= NEED_PHOTO_AFTER;
    if (proof->signatures > 0 || proof->has_refusal)
        has |= NEED_SIGNATURE;
    return needs & ~has;
}
