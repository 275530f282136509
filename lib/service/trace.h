/* W3C Trace Context: the one id under which all doings for an order are found, in HTTP, on Kafka,
 * in logs and at other machines. */
#pragma once
#include "lib/base/text.h"

enum { TRACE_ROOM = 33, TRACEPARENT_ROOM = 56 }; /* with the NUL; ids are lower-case hex */

/* Takes the trace's id out of a traceparent of any version; false, and `ret_trace` untouched, when
 * it is none: wrong form, all zeros, version ff. */
bool trace_read(struct text traceparent, char ret_trace[TRACE_ROOM]);
void trace_new(char ret_trace[TRACE_ROOM]);
/* `span` is 16 signs, as of turn_state. */
void traceparent_write(char ret_traceparent[TRACEPARENT_ROOM], const char *trace, const char *span);
