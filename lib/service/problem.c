/* Problem documents (RFC 9457): what a caller is told when he gets 4xx or 5xx. */
#include "lib/service/json_reader.h"
#include "lib/service/json_writer.h"
#include <string.h>

static const char problem_base[] = "https://majster.example/problems/";

/* What to do about it; the title says what it is. */
static const char *advice(enum problem problem)
{
    static const char *const sentences[] = {
        [PROBLEM_MALFORMED] = "Popraw składnię zapytania i wyślij je ponownie",
        [PROBLEM_UNAUTHENTICATED] = "Zaloguj się albo dołącz ważny klucz",
        [PROBLEM_FORBIDDEN] = "Ten klucz lub ta sesja nie pozwala na tę czynność",
        [PROBLEM_NOT_FOUND] = "Sprawdź adres i identyfikator",
        [PROBLEM_METHOD] = "Użyj metody, którą ten adres obsługuje",
        [PROBLEM_CONFLICT] = "Pobierz aktualny stan i powtórz zmianę",
        [PROBLEM_HOUR_TAKEN] = "Pobierz wolne godziny jeszcze raz i wybierz inną",
        [PROBLEM_GONE] = "Poproś o nowy link lub nową propozycję",
        [PROBLEM_TOO_LARGE] = "Zmniejsz treść zapytania",
        [PROBLEM_MEDIA_TYPE] = "Wyślij treść w rodzaju, który ten adres obsługuje",
        [PROBLEM_INVALID] = "Popraw wskazane pola i wyślij zapytanie ponownie",
        [PROBLEM_KEY_REUSED] = "Dla nowej treści użyj nowego klucza Idempotency-Key",
        [PROBLEM_NOT_COVERED] = "Sprawdź zakres umowy",
        [PROBLEM_LIMIT] = "Pozostała kwota nie wystarcza na tę usługę",
        [PROBLEM_STATE] = "W obecnym stanie ta czynność nie jest możliwa",
        [PROBLEM_TOO_MANY] = "Odczekaj chwilę przed następnym zapytaniem",
        [PROBLEM_INTERNAL] = "Spróbuj później; w razie kontaktu podaj trace_id",
        [PROBLEM_BUSY] = "Ponów to samo zapytanie za chwilę",
    };
    bool has_sentence = (size_t)problem < sizeof sentences / sizeof sentences[0];

    return has_sentence && sentences[problem] ? sentences[problem] : problem_title(problem);
}

static void write_member(struct json_writer *writer, const char *key, const char *value)
{
    struct text text = text_of(value);

    if (!value)
        return;
    /* The instance is a stranger's path, and error.field may have been cut inside a character. */
    if (!utf8_valid(text))
        text = text_of(text_excerpt(writer->arena, text, text.length));
    writer_key(writer, key);
    writer_string(writer, text);
}

/* A body's field is a JSON pointer ("" is all of it); anything else names a parameter or header. */
static const char *kind_of(const char *field)
{
    return field[0] == '/' || field[0] == '\0' ? "pointer" : "parameter";
}

static void write_errors(struct json_writer *writer, const struct violations *violations)
{
    writer_key(writer, "errors");
    writer_open(writer, '[');
    for (size_t i = 0; i < violations->count; i++) {
        writer_element(writer);
        writer_open(writer, '{');
        write_member(writer, kind_of(violations->at[i].pointer), violations->at[i].pointer);
        write_member(writer, "rule", violations->at[i].rule);
        write_member(writer, "detail", violations->at[i].detail);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

/* An error that a handler returned names its field itself: a JSON pointer, or the name of a header
 * or a parameter. */
static void write_field(struct json_writer *writer, const struct error *error)
{
    const char *field = error->field;

    if (!field[0])
        return;
    writer_key(writer, "errors");
    writer_open(writer, '[');
    writer_element(writer);
    writer_open(writer, '{');
    write_member(writer, kind_of(field), field);
    write_member(writer, "rule", problem_slug(error->problem));
    write_member(writer, "detail", advice(error->problem));
    writer_close(writer, '}');
    writer_close(writer, ']');
}

static const char *detail_of(struct arena *arena, const struct error *error,
                             const struct violations *violations)
{
    if (!violations || violations->count == 0)
        return advice(error->problem);
    if (violations->count == 1)
        return violations->at[0].detail;
    const char *first = violations->at[0].detail;
    size_t length = strlen(first);

    if (length && first[length - 1] == '.') /* one sentence of two */
        length--;
    return arena_format(arena, "%.*s; inne błędy: %zu", (int)length, first, violations->count - 1);
}

struct text problem_write(struct arena *arena, const struct error *error,
                          const struct violations *violations, const char *instance,
                          const char *trace_id)
{
    struct json_writer writer = { .arena = arena };

    writer_open(&writer, '{');
    write_member(&writer, "type",
                 arena_format(arena, "%s%s", problem_base, problem_slug(error->problem)));
    write_member(&writer, "title", problem_title(error->problem));
    writer_key(&writer, "status");
    writer_integer(&writer, problem_status(error->problem));
    write_member(&writer, "detail", detail_of(arena, error, violations));
    write_member(&writer, "instance", instance);
    write_member(&writer, "trace_id", trace_id);
    if (violations && violations->count)
        write_errors(&writer, violations);
    else
        write_field(&writer, error);
    writer_close(&writer, '}');
    return writer_text(&writer);
}
