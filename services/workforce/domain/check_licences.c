/* Skills against papers. */
#include "services/workforce/domain/check_licences.h"

bool lacks_licence(uint64_t skills, unsigned licences, enum skill *ret_skill)
{
    for (enum skill skill = 0; skill < SKILL_COUNT; skill++) {
        enum licence needed = skill_licence(skill);
        if (!(skills & SKILL_BIT(skill)) || needed == LICENCE_NONE ||
            licences & LICENCE_BIT(needed))
            continue;
        *ret_skill = skill;
        return true;
    }
    return false;
}
