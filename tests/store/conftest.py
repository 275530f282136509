# A throw-away PostgreSQL with all roles and schemas, and every service's migrations on it. BIN names other binaries than
# build/bin; a service without a binary is left out.
import os
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

ROOM = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOM / "scripts"))

from throwaway import services

BIN = Path(os.environ.get("BIN", ROOM / "build/bin"))
ALL = "intake workforce matching routing visits parts notifications surveys billing portal".split()
SERVICES = [name for name in ALL if (BIN / name).exists()]


class Store:
    def __init__(self, folder):
        self.folder = folder
        self.env = dict(word.split("=", 1) for word in shlex.split((folder / "env").read_text()))
        self.where = {"host": self.env["PGHOST"], "port": self.env["PGPORT"], "dbname": "majster"}

    def word(self, service, *words):
        """A service's own command, over this database and nothing else."""
        for name in ("keys", "files"):
            (self.folder / name).mkdir(exist_ok=True)
        settings = services.settings(self.folder, self.env, service)
        return subprocess.run([BIN / service, *words], env=settings, capture_output=True, text=True, timeout=60)

    def rows(self, statement, *values):
        """As the superuser."""
        with psycopg2.connect(user="postgres", **self.where) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    subprocess.run([ROOM / "scripts/parts", "up", folder, "--only", "postgres"], check=True)
    try:
        store = Store(folder)
        subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | store.env, check=True)
        yield store
    finally:
        subprocess.run([ROOM / "scripts/parts", "wipe", folder], check=True)


@pytest.fixture(scope="session")
def migrated(store):
    """The answers of each service's --migrate, said twice."""
    return store, {name: [store.word(name, "--migrate") for _ in range(2)] for name in SERVICES}
