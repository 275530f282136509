/* Which rules of RFC 5545 may say when somebody works. */
#pragma once
#include "lib/base/text.h"

/* What is wrong with an RRULE value ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU"), a Polish sentence; NULL
 * when nothing is. What passes names days and never hours, means the same to every program that
 * reads rules, and is cheap to expand: no rule of seconds, none that is sure to name no day. */
const char *rule_fault(struct text text);
