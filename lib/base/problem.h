/* What can be wrong with a request, once: C constant, HTTP status, slug of the problem's type
 * (RFC 9457) and the Polish title a person reads. Every answer of 4xx and 5xx comes from this
 * table. */
#pragma once

#define PROBLEMS(X)                                                                                \
    X(PROBLEM_NONE, 200, "none", "W porządku")                                                     \
    X(PROBLEM_MALFORMED, 400, "malformed", "Nie można odczytać zapytania")                         \
    X(PROBLEM_UNAUTHENTICATED, 401, "unauthenticated", "Brak ważnego klucza lub sesji")            \
    X(PROBLEM_FORBIDDEN, 403, "forbidden", "Brak uprawnień")                                       \
    X(PROBLEM_NOT_FOUND, 404, "not-found", "Nie znaleziono")                                       \
    X(PROBLEM_METHOD, 405, "method-not-allowed", "Niedozwolona metoda")                            \
    X(PROBLEM_CONFLICT, 409, "conflict", "Stan zmienił się w międzyczasie")                        \
    X(PROBLEM_HOUR_TAKEN, 409, "hour-taken", "Ta godzina jest już zajęta")                         \
    X(PROBLEM_GONE, 410, "gone", "Link lub propozycja wygasły")                                    \
    X(PROBLEM_TOO_LARGE, 413, "too-large", "Za duża treść")                                        \
    X(PROBLEM_MEDIA_TYPE, 415, "media-type", "Nieobsługiwany rodzaj treści")                       \
    X(PROBLEM_INVALID, 422, "invalid", "Niepoprawne dane")                                         \
    X(PROBLEM_KEY_REUSED, 422, "idempotency-key-reused", "Klucz użyty z inną treścią")             \
    X(PROBLEM_NOT_COVERED, 422, "not-covered", "Usługa nie jest objęta umową")                     \
    X(PROBLEM_LIMIT, 422, "guarantee-sum-exceeded", "Suma gwarancyjna wyczerpana")                 \
    X(PROBLEM_STATE, 409, "state", "Niedozwolona zmiana stanu")                                    \
    X(PROBLEM_TOO_MANY, 429, "too-many-requests", "Zbyt wiele zapytań")                            \
    X(PROBLEM_INTERNAL, 500, "internal", "Błąd wewnętrzny")                                        \
    X(PROBLEM_BUSY, 503, "busy", "Chwilowo zajęte, spróbuj ponownie")

enum problem {
#define X(name, status, slug, title) name,
    PROBLEMS(X)
#undef X
};

int problem_status(enum problem problem);
const char *problem_slug(enum problem problem);
const char *problem_title(enum problem problem);
