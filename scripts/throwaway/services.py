# What every service is told over throw-away parts in one folder, whoever starts it: the suite, or a test of its own.
import os

SANITIZERS = ("ASAN_", "UBSAN_", "LSAN_")


def settings(folder, env, service):
    """`env` is folder/env as pairs. Parts that are not up are left out."""
    secrets = folder / "secrets"
    dsn = f"host={env['PGHOST']} port={env['PGPORT']} dbname={env['PGDATABASE']} user="
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": dsn + service,
        "DATABASE_PASSWORD_FILE": str(secrets / f"{service}.password"),
        "MIGRATE_DATABASE_URL": dsn + "majster_owner",
        "MIGRATE_DATABASE_PASSWORD_FILE": str(secrets / "majster_owner.password"),
        "VAULT_KEY_FILE": str(secrets / "vault.key"),
        "ACTOR_KEYS_DIR": str(folder / "keys"),
        "FILES_DIR": str(folder / "files"),
    } | {name: env[name] for name in ("KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL") if name in env} | {
        name: value for name, value in os.environ.items() if name.startswith(SANITIZERS)
    }
