# Small disks of their own for PostgreSQL and Kafka, so that they can be filled to the last block without anybody else's.
# A file with an ext4 in it, not a tmpfs: there fsync would mean nothing for the whole of the run.
import os
import shutil
import subprocess

MIB = 1 << 20
SIZES_MB = {"postgres": 2048, "kafka": 1024}  # sparse: what is not written takes no place


class Disk:
    def __init__(self, folder, name):
        self.image, self.ballast_files = folder / f"{name}.disk", []
        self.place, self.size_mb = (folder / name).resolve(), SIZES_MB[name]

    def mount(self):
        """Over the part's empty home; -> why it cannot be, or None."""
        self.image.unlink(missing_ok=True)
        with open(self.image, "wb") as file:
            file.truncate(self.size_mb * MIB)
        for command in (["mkfs.ext4", "-q", "-m", "0", self.image], ["mount", "-o", "loop", self.image, self.place]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                self.image.unlink()
                return done.stderr.strip().splitlines()[-1]
        return None

    def fill(self):
        """To the last block; again and again, since who finds no room makes some."""
        for size in (256 * MIB, 16 * MIB, MIB):
            while self.allocate(size):
                pass
        return self.room() == 0

    def allocate(self, size):
        path = self.place / f"ballast-{len(self.ballast_files)}"
        self.ballast_files.append(path)
        try:
            with open(path, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, size)
                return True
        except OSError:  # what it got is kept: it is ballast, too
            return False

    def room(self):
        return os.statvfs(self.place).f_bavail

    def clear(self):
        for path in self.ballast_files:
            path.unlink(missing_ok=True)
        self.ballast_files = []

    def unmount(self):
        """Of this run or of one that was killed."""
        if self.place.is_mount():
            subprocess.run(["umount", self.place], check=True, capture_output=True)

    def end(self):
        """What is on it stays in the folder, where scripts/parts finds it again."""
        if not self.place.is_mount():
            return
        self.clear()
        copy = self.image.with_suffix(".copy")  # made before: a disk cannot be mounted again as long as anybody else sees it
        shutil.rmtree(copy, ignore_errors=True)
        subprocess.run(["cp", "-a", "--sparse=always", self.place, copy], check=True, capture_output=True)
        self.unmount()
        self.image.unlink()
        (copy / "lost+found").rmdir()
        for each in copy.iterdir():
            each.rename(self.place / each.name)
        copy.rmdir()
