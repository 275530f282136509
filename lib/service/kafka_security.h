/* How a service proves to Kafka who it is, and Kafka to the service. */
#pragma once
#include "lib/base/error.h"
#include <librdkafka/rdkafka.h>
#include <stdint.h>

struct kafka_security {
    const char *protocol; /* never NULL */
    const char *mechanism, *user, *password, *ca_file, *certificate_file, *key_file; /* or NULL */
    int64_t verify_host;
};

/* FATAL, naming setting and rule, for what does not go together or cannot be read. */
struct error kafka_security_check(const struct kafka_security *security);
/* Of settings that were checked; the texts are copied. */
void kafka_secure(rd_kafka_conf_t *conf, const struct kafka_security *security);
