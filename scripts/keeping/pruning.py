# What is older than it may be goes: erasure holds only when no backup remembers longer than it must.
import shutil
import time


def prune(target, keep_days, say):
    """Base backups, but never the newest; WAL that no base backup needs; notes of who was forgotten."""
    oldest_at = time.time() - keep_days * 86400
    backups = target.backups()
    for old in [each for each in backups[:-1] if each["started_at"] < oldest_at]:
        gone = target.path / "base" / f".making-{old['id']}"  # from here on it is none
        (target.path / "base" / old["id"]).rename(gone)
        shutil.rmtree(gone)
        say(f"base backup {old['id']} is older than {keep_days:g} days: deleted")
    kept = target.backups()
    if kept:
        prune_wal(target, min(each["start_segment"][8:] for each in kept))
    prune_older(target, "forgotten/[!.]*", keep_days)


def prune_files(target, keep_days):
    """Copies of files that were not seen for so long; only after somebody has looked (Files.still_there)."""
    prune_older(target, "files/[0-9a-f][0-9a-f]/*", keep_days)


def prune_older(target, pattern, keep_days):
    for place in target.path.glob(pattern):
        # The oldest base backup may be a day older than the limit when the next one is made.
        if place.stat().st_mtime < time.time() - (keep_days + 1) * 86400:
            place.unlink()


def prune_wal(target, first):
    """Places in the WAL grow across timelines, so the second half of a name tells. Histories stay."""
    for name, place in target.segments().items():
        if not name.endswith(".history") and name[8:24] < first:
            place.unlink()
