/* What every service can be told, and which of it does not go together. */
#include "lib/service/loop.h"

struct settings_of_all settings;

const struct setting common_settings[] = {
    { "HTTP_PORT", &settings.http_port, 0, 0, 65535, "port of the service's HTTP; 0: none" },
    { "HTTP_THREADS", &settings.http_threads, 64, 1, 512, "connections served at once" },
    { "LINGER_MS", &settings.linger_ms, 0, 0, 60000,
      "how long a process that was told to end still takes new calls, until whoever sends them has "
      "heard" },
    { "INSTANCE", &settings.instance, 0, 0, 999,
      "number of this process among those of its service" },
    { "KAFKA_REPLICATION", &settings.kafka_replication, 1, 1, 7,
      "replicas of the topics that are made" },
    { "KAFKA_MIN_ISR", &settings.kafka_min_isr, 0, 0, 7,
      "replicas that must have a fact before it counts; 0: half of them, rounded up" },
    { "WORKERS", &settings.workers, 1, 0, 16, "threads for heavy pure work" },
    { "HTTP_LISTEN", .text = &settings.http_listen, .text_fallback = "127.0.0.1",
      .help = "address to listen on; never a public one, nginx stands in front" },
    { "DATABASE_URL", .text = &settings.database_url, .text_fallback = "dbname=majster",
      .help = "libpq's connection string, with the service's own role" },
    { "DATABASE_PASSWORD", .text = &settings.database_password, .is_secret = true,
      .help = "of the service's role" },
    { "MIGRATE_DATABASE_URL", .text = &settings.migrate_url,
      .help = "with the role that owns the schemas; empty: migrations are somebody else's job" },
    { "MIGRATE_DATABASE_PASSWORD", .text = &settings.migrate_password, .is_secret = true,
      .help = "of the role that owns the schemas" },
    { "KAFKA_BOOTSTRAP_SERVERS", .text = &settings.kafka, .text_fallback = "127.0.0.1:9092",
      .help = "where Kafka is" },
    { "KAFKA_SECURITY_PROTOCOL", .text = &settings.kafka_security.protocol,
      .text_fallback = "plaintext", .help = "plaintext, ssl, sasl_plaintext or sasl_ssl" },
    { "KAFKA_SASL_MECHANISM", .text = &settings.kafka_security.mechanism,
      .help = "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; with sasl_plaintext and sasl_ssl only" },
    { "KAFKA_SASL_USER", .text = &settings.kafka_security.user, .help = "the service's own" },
    { "KAFKA_SASL_PASSWORD", .text = &settings.kafka_security.password, .is_secret = true,
      .help = "of that user" },
    { "KAFKA_CA_FILE", .text = &settings.kafka_security.ca_file,
      .help = "PEM; who may vouch for the brokers; empty: whom this machine trusts" },
    { "KAFKA_CERTIFICATE_FILE", .text = &settings.kafka_security.certificate_file,
      .help = "PEM; shown to the brokers, with its key; empty: none" },
    { "KAFKA_KEY_FILE", .text = &settings.kafka_security.key_file,
      .help = "PEM, without a passphrase; of that certificate" },
    { "KAFKA_VERIFY_HOST", &settings.kafka_security.verify_host, 1, 0, 1,
      "0: any certificate of that CA will do, whatever host it names" },
    { "REDIS_URL", .text = &settings.redis.url,
      .help = "redis://host:port, or rediss:// with TLS; empty: none" },
    { "REDIS_USER", .text = &settings.redis.user, .help = "empty: Redis' own default user" },
    { "REDIS_PASSWORD", .text = &settings.redis.password, .is_secret = true,
      .help = "of that user" },
    { "REDIS_CA_FILE", .text = &settings.redis.ca_file,
      .help = "PEM; who may vouch for Redis; empty: whom this machine trusts" },
    { "REDIS_CERTIFICATE_FILE", .text = &settings.redis.certificate_file,
      .help = "PEM; shown to Redis, with its key; empty: none" },
    { "REDIS_KEY_FILE", .text = &settings.redis.key_file,
      .help = "PEM, without a passphrase; of that certificate" },
    { "REDIS_VERIFY_HOST", &settings.redis.verify_host, 1, 0, 1,
      "0: any certificate of that CA will do, whatever host it names" },
    { "CALLS_CA_FILE", .text = &settings.calls_ca_file,
      .help = "PEM; trusted by calls to others (webhooks, SMS, mail) beside /etc/ssl/certs" },
    { "CALLS_STARTTLS", &settings.calls_starttls, 0, 0, 1,
      "1: smtp:// and imap:// have to turn to TLS before anything is said" },
    { "ACTOR_KEYS_DIR", .text = &settings.keys_dir, .text_fallback = "keys",
      .help = "public halves of the keys that sign actors" },
    { "VAULT_KEY", .text = &settings.vault_key, .is_secret = true,
      .help = "64 hex digits that wrap the keys of sealed bytes; the same for all services" },
    { "FILES_DIR", .text = &settings.files_dir, .text_fallback = "files",
      .help = "photos, signatures and papers, shared by all processes" },
    { 0 },
};

struct error common_settings_check(void)
{
    if (settings.kafka_min_isr > settings.kafka_replication)
        return fatal("setting KAFKA_MIN_ISR: %lld is more than KAFKA_REPLICATION %lld",
                     (long long)settings.kafka_min_isr, (long long)settings.kafka_replication);
    TRY(setting_file_check("CALLS_CA_FILE", settings.calls_ca_file));
    TRY(kafka_security_check(&settings.kafka_security));
    return live_link_check(&settings.redis);
}
