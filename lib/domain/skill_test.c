#include "lib/domain/random.h"
#include "lib/domain/skill.h"
#include <criterion/criterion.h>
#include <string.h>

Test(skill, keys_are_english_slugs_and_found_again)
{
    for (enum skill skill = 0; skill < SKILL_COUNT; skill++) {
        enum skill found = SKILL_COUNT;
        const char *key = skill_key(skill);
        cr_expect_eq(strspn(key, "abcdefghijklmnopqrstuvwxyz_"), strlen(key), "%s", key);
        cr_expect(skill_parse(text_of(key), &found), "%s", key);
        cr_expect_eq(found, skill, "%s is there once", key);
        cr_expect(utf8_valid(text_of(skill_name(skill))) && skill_name(skill)[0], "%s", key);
    }
}

Test(skill, the_law_asks_for_papers)
{
    cr_expect_eq(skill_licence(SKILL_GAS), LICENCE_GAS);
    cr_expect_eq(skill_licence(SKILL_ELECTRICITY), LICENCE_ELECTRICITY);
    cr_expect_eq(skill_licence(SKILL_LOCKS), LICENCE_NONE);
}

Test(skill, mask_to_keys_and_back)
{
    struct random random = { 8 };

    for (int round = 0; round < 2000; round++) {
        uint64_t skills = random_next(&random) & (SKILL_BIT(SKILL_COUNT) - 1), again = 0;
        const char *keys[SKILL_COUNT];
        size_t count = skills_keys(skills, keys);
        for (size_t i = 0; i < count; i++) {
            enum skill skill;
            cr_assert(skill_parse(text_of(keys[i]), &skill));
            again |= SKILL_BIT(skill);
        }
        cr_assert_eq(again, skills, "seed 8 round %d", round);
        cr_assert_eq(count, (size_t)__builtin_popcountll(skills));
    }
}

Test(skill, inclusion)
{
    cr_expect(skills_include(7, 5), "more than needed is enough");
    cr_expect(skills_include(0, 0), "nothing needed, nothing had");
    cr_expect_not(skills_include(5, 7), "one missing is not enough");
}
