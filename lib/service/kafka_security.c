/* SASL and TLS of every Kafka client: which settings go together, and what librdkafka calls them.
 */
#include "lib/service/kafka_security.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/service/kafka.h"
#include <strings.h>

static const struct protocol {
    const char *name;
    bool has_sasl, has_tls;
} protocols[] = {
    { "plaintext", false, false },
    { "ssl", false, true },
    { "sasl_plaintext", true, false },
    { "sasl_ssl", true, true },
};

static const char *const mechanisms[] = { "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512" };

static const struct protocol *protocol_of(const struct kafka_security *security)
{
    EACH (protocol, protocols)
        if (strcasecmp(security->protocol, protocol->name) == 0)
            return protocol;
    return NULL;
}

static bool is_mechanism(const char *name)
{
    EACH (mechanism, mechanisms)
        if (string_is(name, *mechanism))
            return true;
    return false;
}

static struct error check_sasl(const struct kafka_security *security, bool has_sasl)
{
    const struct {
        const char *name, *value;
    } parts[] = {
        { "KAFKA_SASL_MECHANISM", security->mechanism },
        { "KAFKA_SASL_USER", security->user },
        { "KAFKA_SASL_PASSWORD_FILE", security->password },
    };

    EACH (part, parts) {
        if (!has_sasl && !string_empty(part->value))
            return fatal("setting %s: goes with KAFKA_SECURITY_PROTOCOL sasl_ssl or sasl_plaintext "
                         "only, it is %s",
                         part->name, security->protocol);
        if (has_sasl && string_empty(part->value))
            return fatal("setting %s: KAFKA_SECURITY_PROTOCOL %s needs it", part->name,
                         security->protocol);
    }
    if (has_sasl && !is_mechanism(security->mechanism))
        return fatal("setting KAFKA_SASL_MECHANISM: \"%s\" is none of PLAIN, SCRAM-SHA-256, "
                     "SCRAM-SHA-512",
                     security->mechanism);
    return OK;
}

static struct error check_tls(const struct kafka_security *security, bool has_tls)
{
    const struct {
        const char *name, *path;
    } files[] = {
        { "KAFKA_CA_FILE", security->ca_file },
        { "KAFKA_CERTIFICATE_FILE", security->certificate_file },
        { "KAFKA_KEY_FILE", security->key_file },
    };

    EACH (file, files) {
        if (!has_tls && !string_empty(file->path))
            return fatal("setting %s: goes with KAFKA_SECURITY_PROTOCOL ssl or sasl_ssl only, "
                         "it is %s",
                         file->name, security->protocol);
        TRY(setting_file_check(file->name, file->path));
    }
    if (!has_tls && !security->verify_host)
        return fatal("setting KAFKA_VERIFY_HOST: goes with KAFKA_SECURITY_PROTOCOL ssl or sasl_ssl "
                     "only, it is %s",
                     security->protocol);
    if (string_empty(security->certificate_file) != string_empty(security->key_file))
        return fatal("setting KAFKA_CERTIFICATE_FILE: goes with KAFKA_KEY_FILE, both or none");
    return OK;
}

struct error kafka_security_check(const struct kafka_security *security)
{
    const struct protocol *protocol = protocol_of(security);

    if (!protocol)
        return fatal("setting KAFKA_SECURITY_PROTOCOL: \"%s\" is none of plaintext, ssl, "
                     "sasl_plaintext, sasl_ssl",
                     security->protocol);
    TRY(check_sasl(security, protocol->has_sasl));
    return check_tls(security, protocol->has_tls);
}

void kafka_secure(rd_kafka_conf_t *conf, const struct kafka_security *security)
{
    const struct protocol *protocol = protocol_of(security);
    const char *const pairs[][2] = {
        { "security.protocol", protocol->name },
        { "sasl.mechanisms", security->mechanism },
        { "sasl.username", security->user },
        { "sasl.password", security->password },
        { "ssl.ca.location", security->ca_file },
        { "ssl.certificate.location", security->certificate_file },
        { "ssl.key.location", security->key_file },

        { "ssl.endpoint.identification.algorithm", security->verify_host ? "https" : "none" },
    };

    EACH (pair, pairs)
        if (!string_empty((*pair)[1]))
            kafka_set(conf, (const char *const[][2]){ { (*pair)[0], (*pair)[1] }, { NULL, NULL } });
}
