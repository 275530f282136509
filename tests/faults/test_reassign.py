# A service that is given its partitions while PostgreSQL is away: it cannot know where to go on, and must ask again by
# itself. It once left its group for that, and was never given anything again.
import os
import shlex
import subprocess
import time

import pytest

from conftest import ROOM
from proxy import Proxy
from rig import LinkedKafka, parts, ports
from throwaway import services

PATIENCE_S = 40


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links")
    link = ports.choose(folder, "link", {"kafka": 19095}, None, print)["kafka"]
    LinkedKafka.link = link
    up = parts.Folder(folder)
    parts.up(up, ["postgres", "kafka", "nginx"])
    up.lock.close()
    env = dict(word.split("=", 1) for word in shlex.split((folder / "env").read_text()))
    subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | env, check=True)
    socket = f".s.PGSQL.{env['PGPORT']}"
    (folder / "l").mkdir()
    proxy = Proxy({"kafka": (link, up.state["kafka"]["ports"]["behind"]), "pg": (folder / "l" / socket, f"{env['PGHOST']}/{socket}")})
    yield folder, env, proxy, link
    proxy.end()
    subprocess.run([ROOM / "scripts/parts", "down", folder], check=True)


def until(look, what):
    give_up = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < give_up, what
        time.sleep(0.01)


def test_partitions_that_came_while_postgresql_was_away_are_taken_up(linked):
    folder, env, proxy, link = linked
    (folder / "keys").mkdir()
    (folder / "files").mkdir()
    log = folder / "surveys.log"
    where = f"host={folder / 'l'} port={env['PGPORT']} dbname={env['PGDATABASE']}"
    linked_env = env | {"DATABASE_WHERE": where, "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{link}"}
    surroundings = services.settings(folder, linked_env, "surveys") | {"HTTP_PORT": "0"}
    proxy.tell("kafka", "delay", 150)  # so that joining takes longer than noticing that it has begun
    with open(log, "wb") as output:
        process = subprocess.Popen([ROOM / "build/bin/surveys"], env=surroundings, stderr=output)
    try:
        until(lambda: '"started"' in log.read_text(), "it starts")
        proxy.tell("pg", "reset")
        until(lambda: '"assign_failed"' in log.read_text(), "the assignment comes while PostgreSQL is away")
        time.sleep(0.5)
        proxy.tell("pg", "pass")
        proxy.tell("kafka", "pass")
        until(lambda: '"partitions_assigned"' in log.read_text(), "the assignment is taken up once PostgreSQL is back")
    finally:
        process.terminate()
        assert process.wait(20) == 0
