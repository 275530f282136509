/* A part's next date in plain words. */
#include "services/portal/domain/part_says.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/spoken.h"

static bool is_coming(int state)
{
    return state == PURCHASE_ORDERED || state == PURCHASE_CONFIRMED || state == PURCHASE_SHIPPED ||
           state == PURCHASE_LATE;
}

enum part_line choose_part_line(const struct part_facts *facts)
{
    if (!is_coming(facts->state) || !facts->promised_by)
        return PART_WITHOUT_DATE;
    if (facts->promised_by < facts->now)
        return PART_DATE_PASSED;
    if (facts->visit_at && facts->promised_by > facts->visit_at)
        return PART_AFTER_VISIT;
    return facts->state == PURCHASE_LATE ? PART_LATE : PART_IN_TIME;
}

const char *part_state_says(enum part_line line, int state)
{
    bool is_late = line == PART_LATE || line == PART_AFTER_VISIT || line == PART_DATE_PASSED;

    return part_label(is_late ? PURCHASE_LATE : state);
}

const char *part_says(struct arena *arena, enum part_line line, timestamp promised_by,
                      const char *whose)
{
    const char *day = promised_by ? spoken_day(arena, promised_by) : "";

    switch (line) {
    case PART_IN_TIME:
        return arena_format(arena, "Będzie u %s najpóźniej %s.", whose, day);
    case PART_LATE:
        return arena_format(arena, "Dostawca się spóźnia: część będzie u %s najpóźniej %s.", whose,
                            day);
    case PART_AFTER_VISIT:
        return arena_format(arena, "Część będzie u %s najpóźniej %s, po umówionej wizycie.", whose,
                            day);
    case PART_DATE_PASSED:
        return arena_format(arena, "Miała być u %s %s. Czekamy na nowy termin od dostawcy.", whose,
                            day);
    default:
        return "";
    }
}
