# FILES_DIR in the target: a file is named by its checksum and never changes, so it is copied once.
import hashlib
import os
import re
import time
from pathlib import Path

from keeping.target import Broken, sync_folder

NAME = re.compile(r"[0-9a-f]{64}")


class Files:
    def __init__(self, target, folder):
        self.target, self.folder = target, Path(folder) if folder else None
        self.seen, self.kept, self.known = {}, 0, set()
        self.is_stale = True  # set by another thread when copies were deleted: a file that comes again is copied again

    def copy(self):
        """What came since the last look. Only folders that have changed are read."""
        if not self.folder:
            return
        if self.is_stale:
            self.is_stale, self.seen = False, {}
            self.known = {each.name.split(".")[0] for each in (self.target.path / "files").glob("[0-9a-f][0-9a-f]/[0-9a-f]*")}
        for room in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            changed = room.stat().st_mtime_ns
            # One that changed a moment ago may change again within the same tick of the file system's clock.
            if self.seen.get(room.name) == changed and time.time_ns() - changed > 2_000_000_000:
                continue
            for file in room.iterdir():
                if NAME.fullmatch(file.name) and file.name not in self.known:
                    self.keep(room.name, file)
            self.seen[room.name] = changed

    def keep(self, room, file):
        try:
            with open(file, "rb") as source:
                self.target.put(f"files/{room}/{file.name}", source, is_packed=False)
        except FileNotFoundError:
            return  # forgotten meanwhile
        self.known.add(file.name)
        self.kept += 1

    def still_there(self):
        """Once a day: a copy's time is when its file was last seen; what is gone long enough goes here, too."""
        if not self.folder:
            return
        there = {file.name for file in self.folder.glob("[0-9a-f][0-9a-f]/*") if NAME.fullmatch(file.name)}
        copies = list((self.target.path / "files").glob("[0-9a-f][0-9a-f]/[0-9a-f]*"))
        if copies and not there:
            raise Broken(f"{self.folder} is empty, and was not: is it mounted? No copy is taken for forgotten")
        for copy in copies:
            if copy.name.split(".")[0] in there:
                os.utime(copy)


def owner_of(folder):
    """-> (user, group) that the services are: FILES_OWNER=USER[:GROUP] in numbers, or whose the folder is."""
    if said := os.environ.get("FILES_OWNER"):
        if not re.fullmatch(r"\d+(:\d+)?", said):
            raise Broken(f"FILES_OWNER={said} is not USER:GROUP in numbers")
        user, _, group = said.partition(":")
        return int(user), int(group or user)
    found = folder.stat()
    if found.st_uid == 0 and not any(folder.iterdir()):
        raise Broken(f"{folder} is empty and root's, so services could not read what is brought back: FILES_OWNER=USER:GROUP says who they are")
    return found.st_uid, found.st_gid


def bring_back(target, folder, say):
    """Copies what `folder` lacks; each is what its name says, or it is not taken."""
    from_s, brought = time.monotonic(), 0
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    owner = owner_of(folder)
    if (folder.stat().st_uid, folder.stat().st_gid) != owner:
        os.chown(folder, *owner)
    for copy in sorted((target.path / "files").glob("[0-9a-f][0-9a-f]/[0-9a-f]*")):
        name = copy.name.split(".")[0]
        place = folder / name[:2] / name
        if place.exists():
            continue
        if not place.parent.exists():
            place.parent.mkdir(mode=0o750)
            os.chown(place.parent, *owner)
        making = place.with_name(f"{name}.restoring")
        with open(making, "wb") as out:
            target.get(copy, out)
            os.fsync(out.fileno())
        if hashlib.sha256(making.read_bytes()).hexdigest() != name:
            making.unlink()
            raise Broken(f"{copy} is not what its name says")
        making.chmod(0o640)
        os.chown(making, *owner)
        making.rename(place)
        brought += 1
    for room in [folder, *folder.glob("[0-9a-f][0-9a-f]")]:
        sync_folder(room)
    say(f"{brought} files brought back in {time.monotonic() - from_s:.1f} s")
    return 0
