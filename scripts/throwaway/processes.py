# Starts processes that outlive their starter, knows them again by pid and start time, and ends them.
import hashlib
import json
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

GENTLE_S, HARD_S = 12.0, 13.5  # a service takes that long at most, when what it stands on is away


def look_at(pid):
    """(start time, session) as the kernel has them, or (None, None) when there is no such process; a zombie is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None, None
    return (None, None) if fields[0] in "ZX" else (int(fields[19]), int(fields[3]))


def started_at(pid):
    return look_at(pid)[0]


def everybody():
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def left_in_session(process):
    """What it started and left behind, also when it was killed itself; nothing when its pid is another's by now."""
    if started_at(process["pid"]) not in (None, process["started_at"]):
        return []
    return [pid for pid in everybody() if look_at(pid)[1] == process["pid"]]


def working_in(folder):
    def works_there(pid):
        try:
            return Path(os.readlink(f"/proc/{pid}/cwd")) == folder and started_at(pid)
        except OSError:
            return False

    return [pid for pid in everybody() if works_there(pid)]


def listens(process, port):
    """It, or what it started, has that port of this machine: who else has it answers, too."""
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        listening |= {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}
    files = (file for pid in left_in_session(process) for file in Path(f"/proc/{pid}/fd").glob("*"))
    return any(target_of(file) in listening for file in files)


def target_of(link):
    try:
        return os.readlink(link)
    except OSError:
        return None


def is_alive(process):
    return started_at(process["pid"]) == process["started_at"]


def any_alive(state_file):
    try:
        state = json.loads(state_file.read_text())
    except (OSError, ValueError):
        return False
    return any(is_alive(each) for part in state.values() for each in part.get("processes", []))


def age_s(file):
    return time.time() - file.stat().st_mtime


def start(command, log, user=None, environment=None, stop_by=signal.SIGTERM):
    """Starts it in a session of its own; `user` (root only) owns it and its log."""
    owner = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with open(log, "ab") as output:
        child = subprocess.Popen(
            [str(word) for word in command],
            cwd="/",
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **owner,
        )
    return {"pid": child.pid, "started_at": started_at(child.pid), "stop_by": int(stop_by)}


def end(started):
    """Asks all at once, insists after a while, kills what is left in their sessions, also of those that died before."""
    alive = [each for each in started if is_alive(each)]
    from_s, insisted = time.monotonic(), False
    signal_all(alive, lambda each: each["stop_by"])
    while alive := [each for each in alive if is_alive(each)]:
        waited_s = time.monotonic() - from_s
        if waited_s > HARD_S:
            break
        if waited_s > GENTLE_S and not insisted:
            insisted = True
            signal_all(alive, lambda _: signal.SIGQUIT)
        time.sleep(0.02)
    from_s = time.monotonic()  # until they are gone: till then they have their ports
    while (left := [pid for each in started for pid in left_in_session(each)]) and time.monotonic() - from_s < GENTLE_S:
        for pid in left:
            send(pid, signal.SIGKILL)
        time.sleep(0.02)


def signal_all(started, which):
    for each in started:
        send(each["pid"], which(each))


def send(pid, number):
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def home(folder, name, user):
    """The folder of a part, owned by the user it runs as. Where that user could not reach it (a closed folder above),
    or a socket's path in it would be too long, it lies in /var/tmp and DIR/name leads there."""
    place = folder / name
    if place.exists():
        real = place.resolve()
    elif (user and not everybody_reaches(folder)) or len(str(place)) > 70:
        real = Path("/var/tmp") / f"majster-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}-{name}"
        if real.exists():  # of a folder that stood here before
            shutil.rmtree(real)
        place.unlink(missing_ok=True)
        place.symlink_to(real)
    else:
        real = place
    real.mkdir(mode=0o755, exist_ok=True)
    if user:
        shutil.chown(real, user, pwd.getpwnam(user).pw_gid)
    return real


def remove_home(folder, name):
    place = folder / name
    if place.exists():
        shutil.rmtree(place.resolve())
    if place.is_symlink():
        place.unlink()


def everybody_reaches(folder):
    return all(each.stat().st_mode & 0o001 for each in [folder, *folder.parents])


def quoted(value):
    return shlex.quote(str(value))
