/* What a technician can do and a job asks for: a set of skills as a mask of bits (skills.def). The
 * bit lives in memory only; what is stored and sent is the key. */
#pragma once
#include "lib/base/text.h"

enum skill {
#define SKILL(constant, key, name, licence) SKILL_##constant,
#include "lib/domain/skills.def"
#undef SKILL
    SKILL_COUNT
};

/* Papers the law asks for. Energy law (Prawo energetyczne art. 54; Dz.U. 2022 poz. 1392): group 1
 * electricity, group 3 gas, each as E (operation) or D (supervision). Refrigerants: F-gas
 * certificate (Dz.U. 2015 poz. 881). Chimneys: master of the craft (Prawo budowlane art. 62). */
enum licence {
    LICENCE_NONE,
    LICENCE_ELECTRICITY,
    LICENCE_GAS,
    LICENCE_REFRIGERANTS,
    LICENCE_CHIMNEYS,
    LICENCE_COUNT
};

#define SKILL_BIT(skill) (UINT64_C(1) << (skill))

const char *skill_key(enum skill skill);
const char *skill_name(enum skill skill); /* Polish */
enum licence skill_licence(enum skill skill);
const char *licence_key(enum licence licence);  /* "none", "electricity", … */
const char *licence_name(enum licence licence); /* Polish; "" for none */

/* False (ret untouched) when no skill has this key. */
bool skill_parse(struct text key, enum skill *ret_skill);
/* False (ret untouched) when no licence has this key; "none" is none. */
bool licence_parse(struct text key, enum licence *ret_licence);
/* Writes the keys of the mask in table order and returns how many. Bits beyond the table are a
 * bug. */
size_t skills_keys(uint64_t skills, const char *ret_keys[SKILL_COUNT]);
bool skills_include(uint64_t has, uint64_t needed); /* every needed one is there */
