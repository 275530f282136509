# A new cluster from a base backup and the WAL since. PostgreSQL itself recovers here, behind a private socket, before
# anybody else can see it; then it lets no service in, until `restore facts` has spoken.
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from keeping.lineage import leads_on, read_forks, refuse_holes, refuse_short
from keeping.target import Broken

DATABASE = "majster"
SERVICES = "intake workforce matching routing visits parts notifications surveys billing portal".split()
ROLES = ["majster_owner", *SERVICES]  # a limit of the database's would also lock out who has to unlock it, if he is no superuser
LAST = re.compile(r"last completed transaction was at log time (\S+ [0-9:.]+)\+00")
PATIENCE_S = 6 * 3600


def restore(target, data, until, say, is_part_enough=False):
    """Up to `until`; without it up to all that was reached, or it is refused, unless a part of it is enough."""
    if data.exists() and any(data.iterdir()):
        raise Broken(f"{data} is not empty: what is there may be all that is left; move it away first")
    chosen = choose(target, moment(until) if until else time.time())
    is_all_wanted = not until and not is_part_enough
    if is_all_wanted:
        refuse_holes(target, chosen)
    from_s = time.monotonic()
    if not data.parent.exists():
        data.parent.mkdir(parents=True)
        give_to_postgres(data.parent)
    work = Path(tempfile.mkdtemp(prefix="majster-restore-", dir=data.parent))
    try:
        unpack(target, chosen, data, work, say)
        count = bring_wal(target, chosen["start_segment"][8:], work / "wal")
        say(f"{count} WAL files from {chosen['start_segment']} on")
        give_to_postgres(data, work)
        with Recovery(data, work, moment(until) if until else None) as recovery:
            reached = recovery.run()
            lock(recovery, reached or chosen["started_at"])
        if is_all_wanted:
            refuse_short(target, data)
    finally:
        shutil.rmtree(work)
    at = datetime.fromtimestamp(reached, timezone.utc).isoformat(timespec="milliseconds") if reached else "its base backup, as nothing was written since"
    say(f"{data} is restored up to {at}, {time.monotonic() - from_s:.1f} s; services are locked out until `restore facts`")
    return 0


def moment(text):
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        at = None
    if not at or at.tzinfo is None:
        raise Broken(f"{text} is no moment with a zone, say 2026-03-01T09:30:00+01:00")
    return at.timestamp()


def choose(target, until):
    """The newest whole base backup that had ended by then, and that leads on to where the cluster is now."""
    forks = read_forks(target)
    newest = max(forks, default=0)
    fit = [each for each in target.backups() if each["ended_at"] <= until and leads_on(each, newest, forks.get(newest, {}))]
    if not fit:
        raise Broken(f"no base backup in {target.path} that is old enough")
    return fit[-1]


def unpack(target, chosen, data, work, say):
    from_s = time.monotonic()
    kept = next((target.path / "base" / chosen["id"]).glob("base.tar.zst*"))
    data.mkdir(mode=0o700, exist_ok=True)
    data.chmod(0o700)
    with subprocess.Popen(["tar", "-x", "-C", str(data)], stdin=subprocess.PIPE) as tar:
        try:
            checksum = target.get(kept, tar.stdin)
        except BrokenPipeError:
            checksum = None
        tar.stdin.close()
    if tar.returncode or checksum != chosen["sha256"]:
        raise Broken(f"{kept} is not what was put there")
    verified = subprocess.run(["pg_verifybackup", "--quiet", "--no-parse-wal", str(data)], capture_output=True, text=True)
    if verified.returncode:
        raise Broken(f"pg_verifybackup: {verified.stdout}{verified.stderr}")
    (work / "wal").mkdir()
    say(f"base backup {chosen['id']} unpacked and verified in {time.monotonic() - from_s:.1f} s")


def bring_wal(target, first, folder):
    count = 0
    for name, place in target.segments().items():
        if name.endswith(".history") or name[8:24] >= first:
            with open(folder / name, "wb") as out:
                target.get(place, out)
            count += 1
    return count


def give_to_postgres(*folders):
    """The server refuses to run as root."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "postgres:", *map(str, folders)], check=True)


def as_postgres():
    return {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}


class Recovery:
    """A server on `data` that only we can reach."""

    def __init__(self, data, work, until):
        self.data, self.work, self.log, self.until = data, work, work / "log", until
        self.server = None

    def __enter__(self):
        (self.work / "hba").write_text("local all all trust\n")  # its socket lies in a folder of its user's alone
        (self.work / "conf").write_text("")
        give_to_postgres(self.work)
        (self.data / "recovery.signal").touch()
        give_to_postgres(self.data / "recovery.signal")
        self.start()
        return self

    def settings(self):
        said = {
            "config_file": self.work / "conf", "hba_file": self.work / "hba", "listen_addresses": "", "logging_collector": "off",
            "unix_socket_directories": self.work, "hot_standby": "off", "archive_mode": "off", "shared_preload_libraries": "",
            "ssl": "off", "port": 5432, "log_destination": "stderr", "log_timezone": "UTC", "timezone": "UTC", "max_connections": 200,
            "restore_command": f'cp "{self.work}/wal/%f" "%p"', "recovery_target_timeline": "latest", "max_wal_size": "4GB",
        }  # fmt: skip
        if self.until:
            at = datetime.fromtimestamp(self.until, timezone.utc).isoformat(sep=" ")
            said |= {"recovery_target_time": at, "recovery_target_action": "promote"}
        return [word for name, value in said.items() for word in ("-c", f"{name}={value}")]

    def start(self):
        with open(self.log, "wb") as log:
            self.server = subprocess.Popen(["postgres", "-D", str(self.data), *self.settings()], cwd="/", stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log, start_new_session=True, **as_postgres())

    def sql(self, statement, database="postgres"):
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.work), "-p", "5432", "-U", "postgres", "-d", database,
                               "-c", statement], capture_output=True, text=True, env={"PATH": os.environ["PATH"]}, **as_postgres())
        return done.stdout.strip() if done.returncode == 0 else None

    def run(self):
        """Until all there is (or was asked for) has been read; -> when the last transaction in it ended."""
        give_up = time.monotonic() + PATIENCE_S
        while self.sql("SELECT pg_is_in_recovery()") != "f":
            if self.server.poll() is not None or time.monotonic() > give_up:
                raise Broken(f"PostgreSQL did not recover:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)
        found = LAST.findall(self.log.read_text())
        return datetime.fromisoformat(found[-1] + "+00:00").timestamp() if found else None

    def __exit__(self, *_):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
        self.server.wait()


def lock(recovery, reached):
    """Services and the owner of their schemas do not get in; `restore facts` finds from when on Kafka has to be read."""
    missing = recovery.sql(f"SELECT string_agg(name, ' ') FROM unnest('{{{','.join(ROLES)}}}'::text[]) name"
                           " WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)")
    if missing:
        raise Broken(f"what was restored has no role {missing}")
    locks = "".join(f"ALTER ROLE {role} CONNECTION LIMIT 0; " for role in ROLES)
    if recovery.sql(f"{locks}COMMENT ON DATABASE {DATABASE} IS 'restored {reached:.3f}'; CHECKPOINT") is None:
        raise Broken(f"what was restored has no database {DATABASE}")
