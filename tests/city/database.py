# Read-only questions to PostgreSQL as its superuser, over all walls, for the results and invariants.
import psycopg2

SERVICES = "intake workforce matching routing visits parts notifications surveys billing portal".split()


class Database:
    def __init__(self, env):
        self.connection = psycopg2.connect(host=env["PGHOST"], port=env["PGPORT"], dbname=env["PGDATABASE"], user="postgres")
        self.connection.set_session(readonly=True, autocommit=True)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT schemaname, tablename FROM pg_tables")
            self.tables = set(cursor.fetchall())

    def rows(self, sql, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def number(self, sql, *values):
        return self.rows(sql, *values)[0][0]

    def has(self, schema, table):
        return (schema, table) in self.tables

    def in_every_schema(self, table):
        """schema -> rows in that table of the loop."""
        return {name: self.number(f"SELECT count(*) FROM {name}.{table}") for name in SERVICES if self.has(name, table)}

    def heard(self):
        """(listener, teller, subject) -> sequence."""
        found = {}
        for name in SERVICES:
            if self.has(name, "heard"):
                for source, subject, sequence in self.rows(f"SELECT source, subject, sequence FROM {name}.heard"):
                    found[name, source, subject] = sequence
        return found
