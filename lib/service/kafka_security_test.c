/* Which settings of Kafka's security go together, and what the refusal names. */
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/service/kafka_security.h"
#include <criterion/criterion.h>
#include <string.h>

#define SCRAM .mechanism = "SCRAM-SHA-512", .user = "intake", .password = "secret"
#define FILES .certificate_file = "/dev/null", .key_file = "/dev/null"

static const struct {
    const char *rule;
    struct kafka_security security;
    const char *named; /* how the refusal begins; NULL: they go together */
} rows[] = {
    { "nothing is asked of a plain broker", { "plaintext" }, NULL },
    { "TLS alone trusts whom the machine trusts", { "ssl" }, NULL },
    { "as Kafka's own manual writes it", { "SASL_SSL", SCRAM }, NULL },
    { "all of it", { "sasl_ssl", SCRAM, .ca_file = "/dev/null", FILES }, NULL },
    { "a certificate instead of a password", { "ssl", FILES }, NULL },
    { "SASL without TLS", { "sasl_plaintext", SCRAM }, NULL },
    { "a protocol that there is not", { "tls" }, "setting KAFKA_SECURITY_PROTOCOL: \"tls\"" },
    { "a mechanism that there is not",
      { "sasl_ssl", "GSSAPI", "intake", "secret" },
      "setting KAFKA_SASL_MECHANISM: \"GSSAPI\"" },
    { "SASL needs a mechanism",
      { "sasl_ssl", .user = "intake", .password = "secret" },
      "setting KAFKA_SASL_MECHANISM: " },
    { "SASL needs a user",
      { "sasl_ssl", "PLAIN", .password = "secret" },
      "setting KAFKA_SASL_USER: " },
    { "SASL needs a password",
      { "sasl_ssl", "PLAIN", "intake" },
      "setting KAFKA_SASL_PASSWORD_FILE: " },
    { "a password is for SASL",
      { "ssl", .password = "secret" },
      "setting KAFKA_SASL_PASSWORD_FILE: " },
    { "a CA is for TLS",
      { "sasl_plaintext", SCRAM, .ca_file = "/dev/null" },
      "setting KAFKA_CA_FILE: " },
    { "a certificate is for TLS", { "plaintext", FILES }, "setting KAFKA_CERTIFICATE_FILE: " },
    { "a certificate comes with its key",
      { "ssl", .certificate_file = "/dev/null" },
      "setting KAFKA_CERTIFICATE_FILE: goes with KAFKA_KEY_FILE" },
    { "a key comes with its certificate",
      { "ssl", .key_file = "/dev/null" },
      "setting KAFKA_CERTIFICATE_FILE: goes with KAFKA_KEY_FILE" },
    { "a file that is not there",
      { "ssl", .ca_file = "/nowhere/ca.pem" },
      "setting KAFKA_CA_FILE: cannot open /nowhere/ca.pem" },
};

Test(kafka_security, rows)
{
    EACH (row, rows) {
        struct kafka_security security = row->security;
        security.verify_host = 1;
        struct error error = kafka_security_check(&security);
        cr_expect_eq(error.kind, row->named ? ERROR_FATAL : ERROR_NONE, "%s: %s", row->rule,
                     error.text);
        cr_expect(text_starts(text_of(error.text), row->named ? row->named : ""), "%s: %s",
                  row->rule, error.text);
    }
}

Test(kafka_security, a_host_name_cannot_be_waived_where_there_is_none)
{
    struct error error = kafka_security_check(&(struct kafka_security){ "plaintext" });

    cr_expect_eq(error.kind, ERROR_FATAL);
    cr_expect(text_starts(text_of(error.text), "setting KAFKA_VERIFY_HOST: "), "%s", error.text);
}

static bool librdkafka_says(const char *name, const char *wanted)
{
    const struct kafka_security security = { "sasl_ssl", SCRAM, .ca_file = "/dev/null", FILES,
                                             .verify_host = 1 };
    char value[256] = "";
    size_t room = sizeof value;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    kafka_secure(conf, &security);
    rd_kafka_conf_get(conf, name, value, &room);
    rd_kafka_conf_destroy(conf);
    return string_is(value, wanted);
}

Test(kafka_security, every_setting_reaches_the_client)
{
    static const char *const pairs[][2] = {
        { "security.protocol", "sasl_ssl" }, { "sasl.mechanisms", "SCRAM-SHA-512" },
        { "sasl.username", "intake" },       { "sasl.password", "secret" },
        { "ssl.ca.location", "/dev/null" },  { "ssl.certificate.location", "/dev/null" },
        { "ssl.key.location", "/dev/null" }, { "ssl.endpoint.identification.algorithm", "https" },
    };

    EACH (pair, pairs)
        cr_expect(librdkafka_says((*pair)[0], (*pair)[1]), "%s", (*pair)[0]);
}
