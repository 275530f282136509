# Figures of the backup for Prometheus, as a text file that node_exporter reads (--collector.textfile.directory).
import json
import time
from pathlib import Path

SAYS = {
    "majster_backup_last_success_timestamp_seconds": "When the newest whole base backup was finished.",
    "majster_backup_last_size_bytes": "Bytes of the newest base backup as it is kept.",
    "majster_backup_last_duration_seconds": "Seconds that the newest base backup took.",
    "majster_backup_wal_last_archived_timestamp_seconds": "All that was committed before this moment can be restored.",
    "majster_backup_files_kept": "Files of FILES_DIR that were copied since the start.",
    "majster_backup_failures_total": "Attempts that failed since the start.",
}
LEAST_S = 1.0


class Metrics:
    def __init__(self, file):
        self.file, self.values, self.written_at = Path(file) if file else None, {"majster_backup_failures_total": 0}, 0.0

    def set(self, **values):
        self.values |= {f"majster_backup_{name}": value for name, value in values.items()}

    def add(self, name):
        name = f"majster_backup_{name}"
        self.values[name] = self.values.get(name, 0) + 1

    def of(self, backup):
        self.set(last_success_timestamp_seconds=backup["ended_at"], last_size_bytes=backup["bytes"],
                 last_duration_seconds=backup["seconds"])

    def write(self):
        if not self.file or time.monotonic() - self.written_at < LEAST_S:
            return
        lines = []
        for name, value in sorted(self.values.items()):
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP {name} {SAYS[name]}", f"# TYPE {name} {kind}", f"{name} {json.dumps(value)}"]
        making = self.file.with_name(f".{self.file.name}.making")
        making.write_text("\n".join(lines) + "\n")
        making.chmod(0o644)
        making.rename(self.file)
        self.written_at = time.monotonic()
