/* Settings of portal; main.c's table fills them. */
#pragma once
#include <stdint.h>

struct portal_config {
    /* Addresses of the owners' processes, "http://host:port", several with commas between: the
     * first that answers is taken. */
    const char *intake_urls, *matching_urls, *surveys_urls, *visits_urls, *routing_urls,
        *notifications_urls, *billing_urls, *workforce_urls;
    const char *mail_from;  /* the address that calendar files name as their organizer */
    const char *phone;      /* for customers who would rather call; may be "" */
    int64_t secure_cookies; /* 1: cookies over TLS only */
    int64_t token_days;     /* how long a token of an account is good */
};

extern struct portal_config config;
