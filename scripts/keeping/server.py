# What a backup asks of PostgreSQL: who it is, how far it has written, how far our reader of its log has come.
import subprocess

import psycopg2

NAME = "majster_backup"  # of the replication slot, and of whoever reads it


def number_of(lsn):
    """An LSN, "0/16B3748", as a number that can be compared."""
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def segment_of(timeline, lsn, segment_bytes):
    """The name of the WAL file that holds `lsn` (a number)."""
    number, per_file = lsn // segment_bytes, (1 << 32) // segment_bytes
    return f"{timeline:08X}{number // per_file:08X}{number % per_file:08X}"


class Server:
    """libpq's own PG* variables say where it is, and how it is reached (PGSSLMODE, PGPASSFILE)."""

    def __init__(self):
        self.connection = None

    def ask(self, statement, *values):
        if not self.connection:
            self.connection = psycopg2.connect(dbname="postgres", application_name=f"{NAME}_asks", connect_timeout=5,
                                               options="-c statement_timeout=10s")
            self.connection.autocommit = True
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall()
        except psycopg2.OperationalError:
            self.forget()
            raise

    def forget(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def written(self):
        """-> (seconds since 1970, LSN): all that was committed before that second stands below that place."""
        at, lsn = self.ask("SELECT extract(epoch FROM clock_timestamp())::float8, pg_current_wal_flush_lsn()")[0]
        return at, number_of(lsn)

    def drop_lost_slot(self):
        """Past max_slot_wal_keep_size the server keeps its disk, not our place in its log."""
        return self.ask("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'", NAME)

    def received(self):
        """How far our reader has said that it has written; 0 when it is not there."""
        rows = self.ask("SELECT write_lsn FROM pg_stat_replication WHERE application_name = %s AND write_lsn IS NOT NULL", NAME)
        return number_of(rows[0][0]) if rows else 0

    def identity(self):
        """-> (system identifier, timeline, bytes a WAL segment has)."""
        return self.ask("SELECT (SELECT system_identifier::text FROM pg_control_system()),"
                        " ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::int,"
                        " pg_size_bytes(current_setting('wal_segment_size'))")[0]


def replication_words():
    """For PostgreSQL's own programs: the slot's reader is known by its name."""
    return ["-d", f"application_name={NAME}", "--no-password"]


def make_slot(folder):
    """So that the server keeps what we have not fetched, also while we are away."""
    made = subprocess.run(["pg_receivewal", "-D", str(folder), *replication_words(), "--slot", NAME, "--create-slot", "--if-not-exists"],
                          capture_output=True, text=True)
    if made.returncode:
        raise OSError(f"no replication slot: {made.stderr.strip()}")
