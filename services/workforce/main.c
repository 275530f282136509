/* workforce: who may work, with which skills and papers, and when.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "lib/service/service.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/config.h"
#include "services/workforce/handlers.h"
#include "services/workforce/queries.h"

#define UUID "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

static const struct setting settings[] = {
    { "WORKFORCE_DAYS", &config.days, 16, 1, 60, "how many days ahead shifts are told" },
    { 0 },
};

#define PATTERN_RULES(list)                                                                        \
    { list "[].weekdays", .max = 13,                                                               \
      .says = "Podaj dni tygodnia jak 1-5 albo 1,3,6 (1 to poniedziałek)" },                       \
        { list "[].from", RULE_REQUIRED, .pattern = "[0-9]{2}:[0-9]{2}",                           \
          .says = "Podaj godzinę jak 08:00" },                                                     \
        { list "[].until", RULE_REQUIRED, .pattern = "[0-9]{2}:[0-9]{2}",                          \
          .says = "Podaj godzinę jak 16:00" },                                                     \
        { list "[].rrule", .max = 200, .says = "Reguła ma najwyżej 200 znaków" },                  \
        { list "[].except_on", .max = 60, .says = "Najwyżej 60 dni" },                             \
        { list "[].breaks", .max = 4, .says = "Najwyżej 4 przerwy" },                              \
    {                                                                                              \
        list "[].overtime_ms", .min = 0, .max = HOURS(4),                                          \
                               .says = "Nadgodziny: od 0 do 4 godzin (w milisekundach)"            \
    }

static const struct rule technician_rules[] = {
    { "technician_id", .pattern = UUID, .says = "Podaj identyfikator UUID małymi literami" },
    { "first_name", RULE_REQUIRED, .max = 40, .says = "Podaj imię, najwyżej 40 znaków" },
    { "skills", RULE_REQUIRED, .min = 1, .max = 64,
      .says = "Podaj przynajmniej jedną umiejętność" },
    { "skills[]", .min = 1, .max = 40 },
    { "licences", .max = 20, .says = "Najwyżej 20 uprawnień" },
    { "licences[].kind", RULE_REQUIRED, .max = 40, .says = "Podaj rodzaj uprawnień" },
    { "licences[].number", RULE_REQUIRED, .max = 60, .says = "Podaj numer uprawnień" },
    { "licences[].valid_until", RULE_REQUIRED, .min = 1, .says = "Podaj, do kiedy są ważne" },
    { "home", RULE_REQUIRED, .says = "Podaj miejsce, z którego technik wyjeżdża" },
    { "home.lat", RULE_REQUIRED },
    { "home.lon", RULE_REQUIRED },
    { "home.town", RULE_REQUIRED, .max = 80, .says = "Podaj miejscowość" },
    { "home.district", .max = 80 },
    { "shifts", RULE_REQUIRED, .min = 1, .max = 14, .says = "Podaj zmiany, od 1 do 14" },
    PATTERN_RULES("shifts"),
    { "active", RULE_REQUIRED, .says = "Podaj, czy technik przyjmuje zlecenia (true albo false)" },
    { "longest_travel_m", .min = 0, .max = 1000000, .says = "Od 0 (bez granicy) do 1000000 m" },
    { "equipment", .max = 30, .says = "Najwyżej 30 rzeczy" },
    { "equipment[]", .pattern = "[a-z_]{1,40}",
      .says = "Podaj wyposażenie jednym słowem: małe litery bez polskich znaków i podkreślenia" },
    { "territories", .max = 20, .says = "Najwyżej 20 obszarów" },
    { "territories[]", .max = 40 },
    { 0 },
};

static const struct rule territory_rules[] = {
    { "name", RULE_REQUIRED, .max = 80, .says = "Podaj nazwę obszaru" },
    { "circles", RULE_REQUIRED, .min = 1, .max = 20, .says = "Podaj od 1 do 20 kół" },
    { "circles[].radius_m", RULE_REQUIRED, .min = 100, .max = 500000,
      .says = "Promień: od 100 do 500000 m" },
    { "closed", .max = 20, .says = "Najwyżej 20 wzorów" },
    PATTERN_RULES("closed"),
    { 0 },
};

static const struct rule shifts_rules[] = {
    { "shifts", RULE_REQUIRED, .min = 1, .max = 14, .says = "Podaj zmiany, od 1 do 14" },
    PATTERN_RULES("shifts"),
    { 0 },
};

static const struct rule absence_rules[] = {
    { "from", RULE_REQUIRED, .min = 1, .says = "Podaj początek nieobecności" },
    { "until", RULE_REQUIRED, .min = 1, .says = "Podaj koniec nieobecności" },
    { "reason", .max = 100, .says = "Powód: najwyżej 100 znaków" },
    { 0 },
};

static const struct message_rules rules[] = {
    { &technician_request__descriptor, technician_rules },
    { &shifts_request__descriptor, shifts_rules },
    { &territory_request__descriptor, territory_rules },
    { &absence_request__descriptor, absence_rules },
    { 0 },
};

enum { LOOKS = ACTOR_OPERATOR | ACTOR_CONSULTANT };

static const struct route routes[] = {
    { POST, "/v1/technicians", &technician_request__descriptor, &technician__descriptor,
      add_technician, ACTOR_OPERATOR, .says = "A new technician, or all of a known one anew" },
    { PUT, "/v1/technicians/{technician_id}", &technician_request__descriptor,
      &technician__descriptor, put_technician, ACTOR_OPERATOR, .subject = "technician_id",
      .says = "All of this technician anew" },
    { GET, "/v1/technicians", NULL, &technician_list__descriptor, list_technicians, LOOKS,
      .says =
          "Technicians by id: ?after=ID&most=200; ?without_shift=1 those who cannot be offered" },
    { GET, "/v1/technicians/{technician_id}", NULL, &technician__descriptor, show_technician,
      LOOKS | ACTOR_TECHNICIAN, .says = "One technician; a technician sees himself" },
    { GET, "/v1/technicians/{technician_id}/shifts", NULL, &shifts_reply__descriptor, show_shifts,
      LOOKS | ACTOR_TECHNICIAN, .says = "When he works, as it was entered: the patterns" },
    { PUT, "/v1/technicians/{technician_id}/shifts", &shifts_request__descriptor,
      &shifts_reply__descriptor, put_shifts, ACTOR_OPERATOR | ACTOR_TECHNICIAN,
      .subject = "technician_id", .must_exist = true,
      .says = "Other patterns; a technician changes his own" },
    { POST, "/v1/technicians/{technician_id}/absences", &absence_request__descriptor,
      &absence__descriptor, add_absence, LOOKS | ACTOR_TECHNICIAN, .subject = "technician_id",
      .must_exist = true, .says = "Time off" },
    { DELETE, "/v1/technicians/{technician_id}/absences/{absence_id}", NULL, NULL, remove_absence,
      LOOKS | ACTOR_TECHNICIAN, .subject = "technician_id", .must_exist = true,
      .says = "Time off taken back" },
    { GET, "/v1/licences", NULL, &licence_list__descriptor, list_licences, LOOKS,
      .says = "?ending_within_days=45: papers by their end, ended ones that nothing replaces too" },
    { PUT, "/v1/territories/{territory_id}", &territory_request__descriptor, &territory__descriptor,
      put_territory, ACTOR_OPERATOR, .subject = "territory_id",
      .says = "Where technicians work; those who do are told anew within a minute" },
    { GET, "/v1/territories", NULL, &territory_list__descriptor, list_territories, LOOKS,
      .says = "All territories" },
    { GET, "/v1/territories/{territory_id}", NULL, &territory__descriptor, show_territory, LOOKS,
      .says = "One territory" },
    { DELETE, "/v1/territories/{territory_id}", NULL, NULL, remove_territory, ACTOR_OPERATOR,
      .subject = "territory_id", .must_exist = true,
      .says = "Gone; refused while a technician names it" },
    { GET, "/v1/territories/{territory_id}/hours", NULL, &territory_hours__descriptor,
      count_territory_hours, LOOKS,
      .says = "?year=2027: hours that somebody owns, that are closed, and the gaps" },
    { 0 },
};

static const event_type emits[] = {
    &technician_changed__descriptor,
    &licence_ending__descriptor,
    &licence_ended__descriptor,
    NULL,
};

static const struct timer timers[] = {
    { "move-horizon", SECONDS(1), on_midnight, &QUERY_due_horizons },
    { "tell-territories", SECONDS(1), on_territory_changed, &QUERY_due_areas },
    { "tell-licences", SECONDS(2), on_licence_due, &QUERY_due_licences },
    { 0 },
};

static const struct command commands[] = {
    { "load", "FILE", "technicians from {\"technicians\": [TechnicianRequest, …]}, all or nothing",
      load_technicians },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service workforce = {
        .name = "workforce",
        .settings = settings,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .timers = timers,
        .commands = commands,
        .queries = workforce_queries,
        .migrations = workforce_migrations,
    };

    return service_run(&workforce, argc, argv);
}
