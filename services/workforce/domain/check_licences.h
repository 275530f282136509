/* No skill without the paper that the law asks for. */
#pragma once
#include "lib/domain/skill.h"

#define LICENCE_BIT(licence) (1U << (licence))

/* True when some skill of the mask asks for a licence that is not among `licences` (a mask of
 * LICENCE_BIT); `ret_skill` is then the first such skill of the table. Until when a licence holds
 * is asked day by day, where work is given out. */
bool lacks_licence(uint64_t skills, unsigned licences, enum skill *ret_skill);
