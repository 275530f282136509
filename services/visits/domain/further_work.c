/* One rule after the other; the first that speaks is told. */
#include "services/visits/domain/further_work.h"
#include "lib/base/array.h"
#include "lib/base/text.h"

#define WORDS_AGAIN "time, part, second_person, other_trade albo drying"
#define WORDS_NONE "irreparable albo customer_declined"

static const struct {
    const char *word;
    bool is_end;
} reasons[] = {
#define X(word, says, is_end) { word, is_end },
    FURTHER_REASONS(X)
#undef X
};

static bool is_reason(const char *word, bool is_end)
{
    EACH (reason, reasons)
        if (string_is(reason->word, word))
            return reason->is_end == is_end;
    return false;
}

static struct further_finding check_again(const struct further_said *said)
{
    if (!is_reason(said->reason, false))
        return (struct further_finding){ "/further/reason", "pattern",
                                         "Powód dalszych prac: " WORDS_AGAIN };
    if (said->length_ms != 0 &&
        (said->length_ms < FURTHER_LEAST_MS || said->length_ms > FURTHER_MOST_MS))
        return (struct further_finding){ "/further/length_ms", "range",
                                         "Długość następnej wizyty: od 15 minut do 10 godzin" };
    if (said->length_ms % FURTHER_STEP_MS != 0)
        return (struct further_finding){ "/further/length_ms", "grid",
                                         "Długość następnej wizyty: pełne 5 minut" };
    if (said->earliest_at != 0 &&
        (said->earliest_at < said->at || said->earliest_at > said->at + DAYS(FURTHER_DAYS)))
        return (struct further_finding){ "/further/earliest_at", "range",
                                         "Następna wizyta: nie wcześniej niż koniec tej i "
                                         "najdalej za 60 dni" };
    return (struct further_finding){ 0 };
}

static struct further_finding check_none(const struct further_said *said)
{
    if (!is_reason(said->reason, true))
        return (struct further_finding){
            "/further/reason", "pattern",
            "Powód, dla którego nic więcej nie będzie robione: " WORDS_NONE
        };
    if (said->length_ms != 0)
        return (struct further_finding){ "/further/length_ms", "absent",
                                         "Bez dalszych prac nie podaje się długości wizyty" };
    if (said->earliest_at != 0)
        return (struct further_finding){ "/further/earliest_at", "absent",
                                         "Bez dalszych prac nie podaje się terminu wizyty" };
    return (struct further_finding){ 0 };
}

struct further_finding check_further(const struct further_said *said)
{
    if (!said->is_said)
        return (struct further_finding){ 0 };
    if (string_is(said->solved, "yes"))
        return (struct further_finding){ "/further", "absent",
                                         "Usterka jest usunięta: dalszych prac się nie podaje" };
    return said->none ? check_none(said) : check_again(said);
}
