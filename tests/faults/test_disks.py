# A small disk of a part's own: full means full, and what was written outlives the disk.
import pytest

import disks
from disks import Disk


@pytest.fixture
def disk(tmp_path, monkeypatch):
    monkeypatch.setitem(disks.SIZES_MB, "kafka", 24)
    (tmp_path / "kafka").mkdir()
    disk = Disk(tmp_path, "kafka")
    why = disk.mount()
    if why:
        pytest.skip(f"nobody may mount here: {why}")
    yield disk
    disk.end()


def test_a_full_disk_takes_nothing_until_it_is_cleared(disk):
    (disk.place / "kept").write_bytes(b"x" * 5000)
    assert disk.fill(), "to the last block"
    with pytest.raises(OSError, match="No space left"):
        (disk.place / "more").write_bytes(b"x" * 8192)
    disk.clear()
    (disk.place / "more").write_bytes(b"x" * 8192)
    disk.end()
    assert {file.name: file.stat().st_size for file in disk.place.iterdir()} == {"kept": 5000, "more": 8192}
    assert not disk.place.is_mount() and not disk.image.exists()


def test_what_a_killed_run_left_mounted_is_unmounted(disk):
    again = Disk(disk.image.parent, "kafka")
    again.unmount()
    assert not disk.place.is_mount()
