#include "lib/base/array.h"
#include "services/workforce/domain/check_licences.h"
#include <criterion/criterion.h>

Test(check_licences, table)
{
    const uint64_t plumbing = SKILL_BIT(SKILL_PLUMBING), gas = SKILL_BIT(SKILL_GAS);
    const uint64_t fridges = SKILL_BIT(SKILL_FRIDGES), wires = SKILL_BIT(SKILL_ELECTRICITY);
    const struct {
        const char *name;
        uint64_t skills;
        unsigned licences;
        bool lacks;
        enum skill skill;
    } rows[] = {
        { "a skill without paper needs none", plumbing, 0, false, SKILL_COUNT },
        { "gas needs its paper", gas, 0, true, SKILL_GAS },
        { "and is content with it", gas | plumbing, LICENCE_BIT(LICENCE_GAS), false, SKILL_COUNT },
        { "another paper does not help", gas, LICENCE_BIT(LICENCE_ELECTRICITY), true, SKILL_GAS },
        { "fridges need refrigerants", fridges, 0, true, SKILL_FRIDGES },
        { "the first of the table is named", wires | gas, 0, true, SKILL_ELECTRICITY },
        { "one of two is there", wires | gas, LICENCE_BIT(LICENCE_ELECTRICITY), true, SKILL_GAS },
        { "nobody is nothing", 0, 0, false, SKILL_COUNT },
    };

    EACH (row, rows) {
        enum skill skill = SKILL_COUNT;
        cr_expect_eq(lacks_licence(row->skills, row->licences, &skill), row->lacks, "%s",
                     row->name);
        cr_expect_eq(skill, row->skill, "%s", row->name);
    }
}

Test(check_licences, every_skill_of_the_table)
{
    for (enum skill skill = 0; skill < SKILL_COUNT; skill++) {
        enum skill lacking = SKILL_COUNT;
        enum licence needed = skill_licence(skill);
        unsigned all = (1U << LICENCE_COUNT) - 1;
        cr_expect_eq(lacks_licence(SKILL_BIT(skill), 0, &lacking), needed != LICENCE_NONE, "%s",
                     skill_key(skill));
        cr_expect_not(lacks_licence(SKILL_BIT(skill), all, &lacking), "%s", skill_key(skill));
    }
}

Test(check_licences, keys)
{
    enum licence licence = LICENCE_NONE;

    cr_expect(licence_parse(text_of("gas"), &licence));
    cr_expect_eq(licence, LICENCE_GAS);
    cr_expect_not(licence_parse(text_of("none"), &licence), "\"none\" is no licence");
    cr_expect_not(licence_parse(text_of("diving"), &licence));
    cr_expect_not(licence_parse(text_of(""), &licence));
    cr_expect_eq(licence, LICENCE_GAS, "untouched");
}
