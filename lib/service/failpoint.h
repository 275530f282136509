/* Places where a fault run may end the process, and rules that it may switch off to see whether its
 * checker notices. Only a build with FAULTS=1 has them; elsewhere they are nothing, which
 * scripts/check-failpoints proves on the binaries. */
#pragma once

#ifdef MAJSTER_FAULTS
#include "lib/base/error.h"
#include <stdbool.h>

/* Reads FAULTS_* once, at the start; an unknown name refuses to start. */
struct error failpoints_start(void);
/* Counts that the process came by; kills it, without another word, by the chance that was set. */
void failpoint_pass(const char *name);
bool mutant_is(const char *name);

#define FAILPOINTS_START() failpoints_start()
#define FAILPOINT(name) failpoint_pass(name)
#define MUTANT(name) mutant_is(name)
#else
#define FAILPOINTS_START() OK
#define FAILPOINT(name) ((void)0)
#define MUTANT(name) 0
#endif
