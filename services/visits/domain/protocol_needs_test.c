#include "lib/base/array.h"
#include "services/visits/domain/protocol_needs.h"
#include <criterion/criterion.h>

Test(protocol_needs, words)
{
    const struct {
        const char *name, *words;
        unsigned needs;
    } rows[] = {
        { "nothing asked, nothing needed", "", 0 },
        { "one word", "photo", NEED_PHOTO },
        { "two words", "photo,signature", NEED_PHOTO | NEED_SIGNATURE },
        { "blanks around words do not matter", " photo_before , photo_after ",
          NEED_PHOTO_BEFORE | NEED_PHOTO_AFTER },
        { "an unknown word asks for nothing", "photo,blessing", NEED_PHOTO },
        { "a word is the whole word", "photos,signatur", 0 },
        { "twice is once", "signature,signature", NEED_SIGNATURE },
        { "commas alone", ",,,", 0 },
    };

    EACH (row, rows)
        cr_expect_eq(protocol_needs(text_of(row->words)), row->needs, "%s", row->name);
}

Test(protocol_needs, missing)
{
    const struct {
        const char *name;
        unsigned needs;
        struct proof proof;
        unsigned missing;
    } rows[] = {
        { "nothing is asked", 0, { 0 }, 0 },
        { "nothing is there", NEED_PHOTO | NEED_SIGNATURE, { 0 }, NEED_PHOTO | NEED_SIGNATURE },
        { "a photo of any kind will do", NEED_PHOTO, { .photos_before = 1 }, 0 },
        { "before is not after", NEED_PHOTO_AFTER, { .photos_before = 2 }, NEED_PHOTO_AFTER },
        { "both kinds",
          NEED_PHOTO_BEFORE | NEED_PHOTO_AFTER,
          { .photos_before = 1, .photos_after = 1 },
          0 },
        { "a signature is no photo", NEED_PHOTO, { .signatures = 1 }, NEED_PHOTO },
        { "a signature", NEED_SIGNATURE, { .signatures = 1 }, 0 },
        { "a written refusal stands for the signature",
          NEED_SIGNATURE,
          { .has_refusal = true },
          0 },
        { "a written refusal stands for no photo",
          NEED_PHOTO | NEED_SIGNATURE,
          { .has_refusal = true },
          NEED_PHOTO },
    };

    EACH (row, rows)
        cr_expect_eq(protocol_missing(row->needs, &row->proof), row->missing, "%s", row->name);
}

Test(protocol_needs, more_proof_never_makes_more_missing)
{
    for (unsigned needs = 0; needs < 16; needs++) {
        for (unsigned have = 0; have < 16; have++) {
            struct proof proof = { have & 1, (have >> 1) & 1, (have >> 2) & 1, have >> 3 };
            unsigned missing = protocol_missing(needs, &proof);
            cr_expect_eq(missing & ~needs, 0, "only what was asked is missing");
            struct proof more = { proof.photos_before + 1, proof.photos_after + 1,
                                  proof.signatures + 1, true };
            cr_expect_eq(protocol_missing(needs, &more), 0, "needs %u have %u", needs, have);
        }
    }
}
