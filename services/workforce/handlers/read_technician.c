/* From a request, already checked field by field by main.c's rules, to a technician that cannot be
 * wrong: known skills, the papers they need, a home in Poland, shifts that do not collide. */
#include "lib/domain/skill.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/domain/check_licences.h"
#include "services/workforce/handlers.h"

struct reading {
    struct arena *arena;
    const TechnicianRequest *request;
    struct violations *violations;
};

static void violate(struct reading *reading, const char *pointer, const char *rule,
                    const char *detail)
{
    violations_add(reading->violations, (struct violation){ pointer, rule, detail });
}

static uint64_t read_skills(struct reading *reading, struct technician *technician)
{
    const TechnicianRequest *request = reading->request;
    const char *keys[SKILL_COUNT];
    uint64_t skills = 0;

    for (size_t i = 0; i < request->n_skills; i++) {
        enum skill skill;
        if (skill_parse(text_of(request->skills[i]), &skill))
            skills |= SKILL_BIT(skill);
        else
            violate(reading, arena_format(reading->arena, "/skills/%zu", i), "unknown",
                    "Nie ma takiej umiejętności");
    }
    technician->skill_count = skills_keys(skills, keys);
    technician->skills = ARENA_ARRAY(reading->arena, const char *, technician->skill_count + 1);
    for (size_t i = 0; i < technician->skill_count; i++)
        technician->skills[i] = keys[i];
    return skills;
}

static bool is_held_already(const struct technician *technician, const Licence *licence)
{
    for (size_t i = 0; i < technician->licence_count; i++)
        if (string_is(technician->licences[i].kind, licence->kind) &&
            string_is(technician->licences[i].number, licence->number))
            return true;
    return false;
}

static unsigned read_licences(struct reading *reading, struct technician *technician)
{
    const TechnicianRequest *request = reading->request;
    unsigned kinds = 0;

    technician->licences =
        ARENA_ARRAY(reading->arena, struct licence_held, request->n_licences + 1);
    for (size_t i = 0; i < request->n_licences; i++) {
        const Licence *licence = request->licences[i];
        const char *pointer = arena_format(reading->arena, "/licences/%zu", i);
        enum licence kind;
        if (!licence_parse(text_of(licence->kind), &kind))
            violate(reading, arena_format(reading->arena, "%s/kind", pointer), "unknown",
                    "Nie ma takich uprawnień");
        else if (licence->valid_from >= licence->valid_until)
            violate(reading, arena_format(reading->arena, "%s/valid_until", pointer), "range",
                    "Uprawnienia kończą się przed początkiem ważności");
        else if (is_held_already(technician, licence))
            violate(reading, pointer, "duplicate", "Te uprawnienia podano dwa razy");
        else {
            kinds |= LICENCE_BIT(kind);
            technician->licences[technician->licence_count++] =
                (struct licence_held){ licence->kind, licence->number, licence->valid_from,
                                       licence->valid_until };
        }
    }
    return kinds;
}

static void read_home(struct reading *reading, struct technician *technician)
{
    const Place *home = reading->request->home;
    struct place place = { home->lat, home->lon };

    technician->town = home->town;
    technician->district = home->district;
    if (place_valid(place))
        technician->home = place_rounded(place);
    else
        violate(reading, "/home", "range", "Ten punkt leży poza Polską");
}

static bool is_among(const char *const strings[], size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(strings[i], wanted))
            return true;
    return false;
}

static void read_equipment(struct reading *reading, struct technician *technician)
{
    const TechnicianRequest *request = reading->request;

    technician->equipment = ARENA_ARRAY(reading->arena, const char *, request->n_equipment + 1);
    for (size_t i = 0; i < request->n_equipment; i++) {
        if (string_empty(request->equipment[i]))
            violate(reading, arena_format(reading->arena, "/equipment/%zu", i), "required",
                    "Podaj wyposażenie jednym słowem");
        if (is_among(request->equipment, i, request->equipment[i]))
            violate(reading, arena_format(reading->arena, "/equipment/%zu", i), "duplicate",
                    "To wyposażenie podano dwa razy");
        technician->equipment[technician->equipment_count++] = request->equipment[i];
    }
}

static struct error read_territories(struct turn *turn, struct reading *reading,
                                     struct technician *technician)
{
    const TechnicianRequest *request = reading->request;
    const char **known;
    size_t count;

    technician->territories = request->territories;
    technician->territory_count = request->n_territories;
    if (request->n_territories == 0)
        return OK;
    TRY(store_find_territories(turn, request->territories, request->n_territories, &known, &count));
    for (size_t i = 0; i < request->n_territories; i++) {
        const char *pointer = arena_format(reading->arena, "/territories/%zu", i);
        if (!is_among(known, count, request->territories[i]))
            violate(reading, pointer, "unknown", "Nie ma takiego obszaru");
        else if (is_among(request->territories, i, request->territories[i]))
            violate(reading, pointer, "duplicate", "Ten obszar podano dwa razy");
    }
    return OK;
}

struct error read_technician(struct turn *turn, const TechnicianRequest *request,
                             struct violations *violations, struct technician *ret_technician)
{
    struct reading reading = { turn->arena, request, violations };
    struct technician technician = { .id = request->technician_id,
                                     .first_name = request->first_name,
                                     .active = request->active,
                                     .longest_travel_m = request->longest_travel_m };
    uint64_t skills = read_skills(&reading, &technician);
    unsigned licences = read_licences(&reading, &technician);
    enum skill skill;

    if (lacks_licence(skills, licences, &skill))
        violate(&reading, "/licences", "licence",
                arena_format(turn->arena, "Umiejętność „%s” (%s) wymaga uprawnień: %s (%s)",
                             skill_key(skill), skill_name(skill), licence_key(skill_licence(skill)),
                             licence_name(skill_licence(skill))));
    read_home(&reading, &technician);
    read_equipment(&reading, &technician);
    read_shifts(turn, request->shifts, request->n_shifts, violations, &technician);
    TRY(read_territories(turn, &reading, &technician));
    *ret_technician = technician;
    return OK;
}
