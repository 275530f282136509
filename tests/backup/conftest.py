# A target of backups, in the clear and sealed.
import subprocess

import pytest
from kept import Target


@pytest.fixture(params=["plain", "sealed"])
def target(request, tmp_path):
    sealed, key = request.param == "sealed", tmp_path / "key"
    if sealed:
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
        public = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True).stdout
        (tmp_path / "public").write_bytes(public)
    made = Target(tmp_path / "target", tmp_path / "public" if sealed else None, key if sealed else None)
    made.make()
    return made
