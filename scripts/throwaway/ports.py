# Chooses ports on loopback that nobody uses, nor another folder of throw-away parts has chosen.
import fcntl
import os
import socket
from pathlib import Path

from throwaway import processes

CHOSEN = Path("/tmp/majster-ports")  # one file a port, holding the pid-bearing folder that chose it
STEP, TRIES = 100, 130


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_anothers(port, folder):
    """Another folder has chosen it and is up, or is starting."""
    try:
        file = CHOSEN / str(port)
        other = Path(file.read_text())
    except OSError:
        return False
    return other != folder and (processes.age_s(file) < 30 or processes.any_alive(other / "parts.json"))


def note(port, folder):
    file = CHOSEN / str(port)
    file.unlink(missing_ok=True)
    file.write_text(str(folder))


def choose(folder, what, defaults, kept, say):
    """name -> port: what this folder had before, else the default, else the next free one."""
    CHOSEN.mkdir(exist_ok=True)
    if CHOSEN.stat().st_uid == os.getuid():
        CHOSEN.chmod(0o777)
    descriptor = os.open(CHOSEN, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        return {name: choose_one(folder, f"{what} {name}", port, (kept or {}).get(name), say)
                for name, port in defaults.items()}
    finally:
        os.close(descriptor)


def choose_one(folder, what, default, kept, say):
    wanted = kept or default
    for port in [wanted, default] + [default + STEP * n for n in range(1, TRIES)]:
        if port < 32768 and is_free(port) and not is_anothers(port, folder):
            if port != wanted:
                say(f"port {wanted} is taken, {what} gets {port}")
            note(port, folder)
            return port
    raise SystemExit(f"parts: no free port for {what}, from {default} on")


def give_back(folder):
    for file in CHOSEN.glob("[0-9]*"):
        try:
            if file.read_text() == str(folder):
                file.unlink(missing_ok=True)
        except OSError:
            pass
