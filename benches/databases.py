"""What Haechi's database itself says, and what is put there past it."""
import sqlite3, subprocess


def of(app):
    """The database of a Haechi."""
    url = app.database
    return Sqlite(url.removeprefix("sqlite:")) if url.startswith("sqlite:") else Postgres(url)


class Postgres:
    # An id for each row of `numbers`.
    new_id = "decode(md5(random()::text || i), 'hex')"

    def __init__(self, url):
        self.url = url

    def run(self, sql):
        """The rows that a statement answers, each a list of texts."""
        done = subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-At", self.url, "-c", sql], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{sql}: {done.stderr}")
        return [line.split("|") for line in done.stdout.splitlines()]

    def columns(self, table):
        rows = self.run(f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped")
        return [name for name, in rows]

    def numbers(self, count):
        return f"generate_series(1, {count}) AS i"


class Sqlite:
    new_id = "randomblob(16)"

    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None, timeout=60)

    def run(self, sql):
        return self.db.execute(sql).fetchall()

    def columns(self, table):
        return [row[1] for row in self.run(f"PRAGMA table_info({table})")]

    def numbers(self, count):
        return f"(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"


def multiply_grants(database, client, count):
    """As many further grants of a client's as of one that it has: all is the same but the id."""
    columns = database.columns("grants")
    values = ", ".join(database.new_id if column == "id" else f"one.{column}" for column in columns)
    one = f"(SELECT * FROM grants WHERE client_id = '{client}' LIMIT 1) AS one"
    database.run(f"INSERT INTO grants ({', '.join(columns)}) SELECT {values} FROM {one} CROSS JOIN {database.numbers(count)}")
