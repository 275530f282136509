# docker-compose.yml without an engine: it can be read with every override, names every service, and none is left unhardened.
import io
import json
import os
import re
import stat
import subprocess
import tarfile
from importlib import machinery, util
from pathlib import Path

import pytest
import yaml
from conftest import ROOM

BIN = Path(os.environ.get("BIN", ROOM / "build/bin"))
SERVICES = sorted(each.parent.name for each in ROOM.glob("services/*/main.c"))
SUPERUSERS = {"postgres", "bootstrap"}
BASE, DEBIAN, DEMO, TLS = (f"docker-compose{each}.yml" for each in ("", ".debian", ".demo", ".tls"))


def read(tmp_path_factory, *files):
    """As compose understands them, with what `prepare` makes."""
    folder = tmp_path_factory.mktemp("containers")
    subprocess.run([ROOM / "scripts/containers", "prepare", folder], check=True)
    (folder / "debian").mkdir()  # `up` lays it out
    words = [word for file in files for word in ("-f", ROOM / file)]
    env = os.environ | {"MAJSTER_DIR": str(folder), "EDGE_TLS_CERTIFICATE": "/dev/null", "EDGE_TLS_KEY": "/dev/null"}
    done = subprocess.run(["docker-compose", *words, "config"], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout), folder


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return read(tmp_path_factory, BASE)


@pytest.fixture(scope="module")
def suite(prepared):
    return prepared[0]


def service_of(entry):
    """matching-1 is matching."""
    name = re.fullmatch(r"majster/(\w+):local", entry["image"])
    return name and name[1]


def ours(suite):
    return {name: each for name, each in suite["services"].items() if service_of(each)}


@pytest.mark.parametrize("more", [(DEBIAN,), (DEBIAN, DEMO), (DEBIAN, TLS), (DEMO,), (TLS,)], ids=" ".join)
def test_every_override_fits(tmp_path_factory, more):
    suite, _ = read(tmp_path_factory, BASE, *more)
    assert ("receivers" in suite["services"]) == (DEMO in more)
    pulled = [each["image"] for each in suite["services"].values() if not each["image"].startswith("majster")]
    assert bool(pulled) == (DEBIAN not in more), pulled


def test_every_service_runs_and_matching_twice(suite):
    instances = {}
    for each in ours(suite).values():
        instances.setdefault(service_of(each), []).append(int(each["environment"].get("INSTANCE", 0)))
    assert sorted(instances) == SERVICES
    assert instances.pop("matching") == [0, 1] and set(map(tuple, instances.values())) == {(0,)}


def test_nothing_runs_with_more_than_it_needs(suite):
    for name, each in suite["services"].items():
        is_step = name == "bootstrap"
        assert each["read_only"] is True and each["cap_drop"] == ["ALL"], name
        assert each["security_opt"] == ["no-new-privileges:true"] and each["pids_limit"] and each["mem_limit"], name
        assert each["user"].split(":")[0] not in ("", "0", "root"), name
        assert each["logging"]["options"]["max-size"] and each["logging"]["options"]["max-file"], name
        assert each["restart"] == ("no" if is_step else "unless-stopped"), name
        assert is_step or (each["healthcheck"]["test"] and each["stop_grace_period"]), name
        assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc"} & set(each), name
        assert not any("docker.sock" in str(volume) for volume in each.get("volumes", [])), name
    for each in ours(suite).values():
        assert each["user"] == "10001:10001" and each["healthcheck"]["test"] == ["CMD", "/majster", "--healthy"]
        assert each["depends_on"]["bootstrap"]["condition"] == "service_completed_successfully"


def test_only_the_edge_can_be_reached_and_only_who_calls_out_gets_out(suite):
    assert [name for name, each in suite["services"].items() if "ports" in each] == ["nginx"]
    assert suite["networks"]["inside"]["internal"] is True
    outside = {name for name, each in suite["services"].items() if "outside" in each["networks"]}
    assert outside == {"nginx", "intake", "notifications"}


def test_a_secret_goes_to_who_needs_it_and_only_as_a_file(suite):
    for name, each in suite["services"].items():
        held = {secret["source"] for secret in each.get("secrets", [])}
        assert ("postgres.password" in held) == (name in SUPERUSERS), name
        if service := service_of(each):
            passwords = {secret for secret in held if secret.endswith(".password") and not secret.startswith("imap")}
            assert passwords == {f"{service}.password", "majster_owner.password"}, name
            signs = {secret for secret in held if secret in ("intake.secret", "portal.secret")}
            assert signs == ({f"{service}.secret"} if service in ("intake", "portal") else set()), name
            assert {"intake.public", "portal.public"} <= held and each["environment"]["ACTOR_KEYS_DIR"] == "/run/secrets", name
        named = {value for key, value in each.get("environment", {}).items() if key.endswith("_FILE")}
        assert named <= {f"/run/secrets/{secret}" for secret in held}, name
        assert not [key for key in each.get("environment", {}) if re.search("PASSWORD$|SECRET$|VAULT_KEY$", key)], name


def test_every_setting_is_one_that_the_binary_knows(suite):
    for name, each in ours(suite).items():
        described = json.loads(subprocess.run([BIN / service_of(each), "--describe"], capture_output=True, check=True).stdout)
        known = {setting["name"] for setting in described["settings"] + described["common_settings"]}
        unknown = {key.removesuffix("_FILE") for key in each["environment"]} - known
        assert not unknown, f"{name}: {unknown}"


def test_the_edge_finds_every_service_at_its_fixed_address(prepared):
    suite, folder = prepared
    hosts = dict(each.split(":") for each in suite["services"]["nginx"]["extra_hosts"])
    fixed = {name: each["networks"]["inside"]["ipv4_address"] for name, each in ours(suite).items()}
    assert hosts == fixed and len(set(fixed.values())) == len(fixed)
    servers = re.findall(r"server ([\w-]+):8080 ", (folder / "nginx.conf").read_text())
    assert sorted(servers) == sorted(fixed)


def test_secrets_are_made_once_and_lie_in_a_closed_folder(prepared):
    suite, folder = prepared
    secrets = folder / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {file.name for file in secrets.iterdir()} == set(suite["secrets"])
    before = {file.name: file.read_bytes() for file in secrets.iterdir()}
    assert len(set(before.values())) == len(before)
    for name, each in before.items():
        pattern = {"intake.secret": b".{64}", "portal.secret": b".{64}", "intake.public": b".{32}", "portal.public": b".{32}"}.get(name, b"[0-9a-f]{48,64}")
        assert re.fullmatch(pattern, each, re.S), name
    for service in ("intake", "portal"):
        assert before[f"{service}.secret"][32:] == before[f"{service}.public"], "libsodium's secret ends with its public half"
    subprocess.run([ROOM / "scripts/containers", "prepare", folder], check=True)
    assert before == {file.name: file.read_bytes() for file in secrets.iterdir()}


def script(name):
    loader = machinery.SourceFileLoader(name, str(ROOM / "scripts" / name))
    module = util.module_from_spec(util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def add(archive, name, content, mtime=0, **how):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = len(content), mtime
    for key, value in how.items():
        setattr(entry, key, value)
    archive.addfile(entry, io.BytesIO(content))


def layer(files, mtime):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name, content, user in files:
            add(archive, name, content, mtime, uid=user, uname=f"user-{mtime}")
    return whole.getvalue()


def saved(file, layers, stamp, entrypoint="/majster"):
    """As `docker save` writes it; `stamp` is what differs from one builder, and one day, to the next."""
    config = {"architecture": "amd64", "os": "linux", "created": stamp, "container": stamp, "history": [{"created": stamp}],
              "config": {"Entrypoint": [entrypoint], "User": "10001:10001", "Hostname": stamp, "Image": stamp}}  # fmt: skip
    with tarfile.open(file, "w") as archive:
        names = [f"{stamp}-{number}/layer.tar" for number in range(len(layers))]
        for name, content in zip(names, layers):
            add(archive, name, content)
        add(archive, "config.json", json.dumps(config).encode())
        add(archive, "manifest.json", json.dumps([{"Config": "config.json", "Layers": names}]).encode())
    return file


def test_what_a_builder_stamps_is_taken_off_and_nothing_else(tmp_path):
    binary, state = ("majster", b"ELF", 0), ("var/lib/majster/files", b"", 10001)

    def plain(name, *words, **how):
        file = tmp_path / f"{name}.plain"
        return script("images").write_plain(saved(tmp_path / name, *words, **how), file, "majster/x:local", 1_700_000_000), file

    first, file = plain("a", [layer([binary, state], 5)], "monday")
    assert plain("b", [layer([state], 9), layer([binary], 7)], "friday")[0] == first
    assert plain("c", [layer([binary, state[:2] + (0,)], 5)], "monday")[0] != first, "who owns a file matters"
    assert plain("d", [layer([("majster", b"ELG", 0), state], 5)], "monday")[0] != first, "each byte matters"
    assert plain("e", [layer([binary, state], 5)], "monday", entrypoint="/other")[0] != first, "what is run matters"
    assert plain("f", [layer([("majster", b"old", 0)], 5), layer([binary, state], 5)], "monday")[0] == first, "the later layer wins"
    with tarfile.open(file) as archive:
        config = json.load(archive.extractfile(first.removeprefix("sha256:") + ".json"))
        with tarfile.open(fileobj=archive.extractfile("layer.tar")) as files:
            assert {entry.mtime for entry in files} == {1_700_000_000}
    assert config["config"] == {"Entrypoint": ["/majster"], "User": "10001:10001"} and config["created"] == "2023-11-14T22:13:20Z"
