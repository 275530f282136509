# The secrets, sealed: without the vault's key all that was sealed under it is lost for ever, with it a stolen backup is open.
# So they are kept, but never beside the data and never unsealed.
import io
import tarfile
from datetime import datetime, timezone

from keeping.target import Broken, Target

WITHOUT = "BACKUP_RECIPIENTS names nobody: secrets are kept sealed or not at all"


def keep(folder, place, recipients):
    """-> what was kept, in words."""
    if not recipients:
        raise Broken(WITHOUT)
    if (place / "base").exists() or (place.parent / "base").exists():
        raise Broken(f"{place} lies with the backups that these secrets open")
    if not (folder / "secrets/vault.key").is_file():
        raise Broken(f"{folder}/secrets/vault.key is not there")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in ("secrets", "keys"):
            if (folder / name).is_dir():
                archive.add(folder / name, name)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"secrets-{datetime.now(timezone.utc).strftime('%Y-%m-%dT%H-%M-%SZ')}.tar"
    kept, size, _ = Target(place, recipients).put(name, packed.getvalue())
    return f"{kept}, {size} bytes, sealed for {recipients}; age -d -i KEY … | zstd -d | tar -x opens it"
