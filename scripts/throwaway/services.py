# What every service is told over throw-away parts in one folder, whoever starts it: the suite, or a test of its own.
import os

from throwaway import certificates

SANITIZERS = ("ASAN_", "UBSAN_", "LSAN_")
COMMON = ("KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_MECHANISM", "KAFKA_CA_FILE",
          "REDIS_URL", "REDIS_USER", "REDIS_PASSWORD_FILE", "REDIS_CA_FILE", "CALLS_CA_FILE", "CALLS_STARTTLS")
BY_CERTIFICATE = "workforce"  # where parts speak TLS, this one shows a certificate, the others know a password


def over_tls(folder, env, service):
    """What only those are told whose parts ask who is there."""
    certificate, key = map(str, certificates.pair(folder, service))
    ours = {"REDIS_CERTIFICATE_FILE": certificate, "REDIS_KEY_FILE": key} if "REDIS_URL" in env else {}
    if service == BY_CERTIFICATE:
        ours |= {"DATABASE_URL": f"{env['DATABASE_WHERE']} user={service} sslcert={certificate} sslkey={key}", "DATABASE_PASSWORD_FILE": ""}
    if "KAFKA_BOOTSTRAP_SERVERS" not in env:
        return ours
    if service == BY_CERTIFICATE:
        return ours | {"KAFKA_BOOTSTRAP_SERVERS": env["KAFKA_CERTIFICATE_SERVERS"], "KAFKA_SECURITY_PROTOCOL": "ssl",
                       "KAFKA_SASL_MECHANISM": "", "KAFKA_CERTIFICATE_FILE": certificate, "KAFKA_KEY_FILE": key}
    return ours | {"KAFKA_SASL_USER": service, "KAFKA_SASL_PASSWORD_FILE": str(folder / f"secrets/kafka-{service}.password")}


def settings(folder, env, service):
    """`env` is folder/env as pairs. Parts that are not up are left out."""
    secrets = folder / "secrets"
    has_tls = certificates.exist(folder)
    dsn = env["DATABASE_WHERE"] + (" channel_binding=require" if has_tls else "") + " user="
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": dsn + service,
        "DATABASE_PASSWORD_FILE": str(secrets / f"{service}.password"),
        "MIGRATE_DATABASE_URL": dsn + "majster_owner",
        "MIGRATE_DATABASE_PASSWORD_FILE": str(secrets / "majster_owner.password"),
        "VAULT_KEY_FILE": str(secrets / "vault.key"),
        "ACTOR_KEYS_DIR": str(folder / "keys"),
        "FILES_DIR": str(folder / "files"),
    } | {name: env[name] for name in COMMON if name in env} | (over_tls(folder, env, service) if has_tls else {}) | {
        name: value for name, value in os.environ.items() if name.startswith(SANITIZERS)
    }
