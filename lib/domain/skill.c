/* Looks things up in skills.def. */
#include "lib/domain/skill.h"
#include "lib/base/array.h"
#include <assert.h>

static const struct {
    const char *key, *name;
    enum licence licence;
} table[] = {
#define SKILL(constant, key, name, licence) { key, name, licence },
#include "lib/domain/skills.def"
#undef SKILL
};
_Static_assert(COUNT(table) == SKILL_COUNT && SKILL_COUNT <= 64, "a mask has 64 bits");

static const struct {
    const char *key, *name;
} licences[] = {
    [LICENCE_NONE] = { "none", "" },
    [LICENCE_ELECTRICITY] = { "electricity", "świadectwo kwalifikacyjne G1 (SEP, E lub D)" },
    [LICENCE_GAS] = { "gas", "świadectwo kwalifikacyjne G3 (E lub D)" },
    [LICENCE_REFRIGERANTS] = { "refrigerants", "certyfikat F-gazy" },
    [LICENCE_CHIMNEYS] = { "chimneys", "kwalifikacje mistrza kominiarskiego" },
};
_Static_assert(COUNT(licences) == LICENCE_COUNT, "every licence has a name");

const char *skill_key(enum skill skill)
{
    assert(skill < SKILL_COUNT);
    return table[skill].key;
}

const char *skill_name(enum skill skill)
{
    assert(skill < SKILL_COUNT);
    return table[skill].name;
}

enum licence skill_licence(enum skill skill)
{
    assert(skill < SKILL_COUNT);
    return table[skill].licence;
}

const char *licence_key(enum licence licence)
{
    assert(licence < LICENCE_COUNT);
    return licences[licence].key;
}

const char *licence_name(enum licence licence)
{
    assert(licence < LICENCE_COUNT);
    return licences[licence].name;
}

bool skill_parse(struct text key, enum skill *ret_skill)
{
    for (enum skill skill = 0; skill < SKILL_COUNT; skill++)
        if (text_is(key, table[skill].key)) {
            *ret_skill = skill;
            return true;
        }
    return false;
}

bool licence_parse(struct text key, enum licence *ret_licence)
{
    for (enum licence licence = LICENCE_NONE + 1; licence < LICENCE_COUNT; licence++)
        if (text_is(key, licences[licence].key)) {
            *ret_licence = licence;
            return true;
        }
    return false;
}

size_t skills_keys(uint64_t skills, const char *ret_keys[SKILL_COUNT])
{
    size_t count = 0;

    assert(skills < SKILL_BIT(SKILL_COUNT));
    for (enum skill skill = 0; skill < SKILL_COUNT; skill++)
        if (skills & SKILL_BIT(skill))
            ret_keys[count++] = table[skill].key;
    return count;
}

bool skills_include(uint64_t has, uint64_t needed)
{
    return (needed & ~has) == 0;
}
