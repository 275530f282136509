/* The port of the service's HTTP: who is let in, and when. What is said inside is http.c's. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

/* From when on each reply ends its connection; any thread may ask. */
bool http_is_closing(void);

/* libmicrohttpd's callbacks (http.c). */
enum MHD_Result http_on_request(void *nothing, struct MHD_Connection *connection, const char *path,
                                const char *method, const char *version, const char *bytes,
                                size_t *size, void **state);
void http_on_completed(void *nothing, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode code);
