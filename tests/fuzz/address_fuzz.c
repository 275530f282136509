/* Names of places: a gazetteer of anything holds only places in Poland, sorted; each place that has
 * its name alone is found by it; folding twice changes nothing. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "services/intake/domain/locate_address.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    struct gazetteer gazetteer = gazetteer_read(&arena, (struct text){ (const char *)bytes, size });

    for (size_t i = 0; i < gazetteer.count; i++) {
        const struct gazetteer_place *at = &gazetteer.at[i];
        struct place found;
        enum located located = locate_address(&gazetteer, at->folded, "", &found);
        bool is_first = i == 0 || strcmp(at[-1].folded, at->folded) != 0;
        bool is_last = i + 1 == gazetteer.count || strcmp(at[1].folded, at->folded) != 0;
        assert(place_valid(at->place) && (i == 0 || strcmp(at[-1].folded, at->folded) <= 0));
        assert(strcmp(fold_name(&arena, at->folded), at->folded) == 0);
        assert(located == (is_first && is_last ? LOCATED_TOWN : LOCATED_TWICE));
        assert(located != LOCATED_TOWN || place_same(found, at->place));
    }
    arena_reset(&arena);
    return 0;
}
