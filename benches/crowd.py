"""Rows of a large server: people, apps and an audit log, as Haechi would have written them, without its doing so a row at a time."""
import itertools, json, secrets, sqlite3, subprocess

FIRST = ("james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas sarah karen "
         "charles christopher lisa daniel nancy matthew betty anthony margaret mark sandra donald ashley steven kimberly paul emily andrew donna").split()
LAST = ("smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson taylor moore jackson "
        "martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen wright scott torres nguyen hill flores").split()
FAMILY = "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍".split()
GIVEN = "민준 서연 도윤 서준 지우 하은 예준 지호 수아 시우 하준 지유 주원 채원 건우 지민 우진 수빈 현우 유나 준서 소율 도현 예은 선우 다은".split()
DOMAINS = "gmail.com naver.com example.com kakao.com outlook.com company.co.kr".split()
# A tenth of what happens at a server is not that somebody signs in.
KINDS = ["signed_in"] * 6 + ["signed_out", "sign_in_failed", "consent_given", "user_changed"]
# How many milliseconds lie between two people, and between two entries.
APART, ENTRIES_APART = 60_000, 3_000
CHUNK = 10_000


def uuid7(millis, number):
    """Sortable by time; no two of one millisecond and number are the same."""
    return f"{millis:012x}7{number % 4096:03x}8{number * 2654435761 % (1 << 60):015x}"


def made_at(number, count, now):
    return now - (count - number) * APART // max(count // 100_000, 1)


def person(number, count, now):
    at = made_at(number, count, now)
    key = uuid7(at, number)
    first, last = FIRST[number * 7919 % len(FIRST)], LAST[number // 3 * 104729 % len(LAST)]
    name = FAMILY[number * 31 % len(FAMILY)] + GIVEN[number // 7 % len(GIVEN)] if number % 3 == 0 else f"{first} {last}".title()
    email = f"{first}.{last}{number}@{DOMAINS[number % len(DOMAINS)]}"
    active = number % 1000 != 7
    document = {
        "id": f"usr_{key}", "status": "active" if active else "disabled", "email": email, "email_verified": True, "profile": {"name": name},
        "locale": None, "roles": [], "not_before": at, "epoch": 0, "created_at": at, "updated_at": at, "version": 0}
    return {"id": bytes.fromhex(key), "email_key": email, "name_key": name.lower(), "active": active, "administers": False, "not_before": at,
            "version": 0, "document": text(document), "epoch": 0, "deleted": False}


def app(number, template):
    """Like one that Haechi wrote, under another id and name."""
    slug = f"app-{number}"
    document = {**template, "id": slug, "name": f"{LAST[number % len(LAST)].title()} {['Shop', 'Wiki', 'Desk', '사내 포털'][number % 4]} {number}",
                "redirect_uris": [f"https://{slug}.example/callback"]}
    return {"id": slug, "enabled": True, "version": 0, "document": text(document), "epoch": 0, "deleted": False, "born_epoch": 0, "logins": "",
            "known_by": "\n".join([slug, document["name"], *document["redirect_uris"]]).lower(), "known_by_version": 0}


def entry(number, count, now, people, apps):
    at = now - (count - number) * ENTRIES_APART // max(count // 1_000_000, 1)
    key, kind = uuid7(at, number), KINDS[number * 7 % len(KINDS)]
    who = number * 48271 % people
    user = "usr_" + uuid7(made_at(who, people, now), who) if kind != "sign_in_failed" else None
    client = f"app-{number * 16807 % apps}" if number % 2 else None
    actor = {"kind": "user", "id": user} if user else {"kind": "anonymous"}
    document = {"actor": actor, "address": f"203.0.113.{number % 250}", "at": at, "client": client, "detail": None, "id": f"evt_{key}", "kind": kind,
                "request": f"req_{key}", "target": None, "user": user}
    return {"id": bytes.fromhex(key), "document": text(document), "kind": kind, "actor": user or "anonymous", "user_id": user, "client_id": client,
            "target": None, "request": f"req_{key}", "seq": number + 1, "hash": secrets.token_bytes(32)}


def text(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


class Postgres:
    def __init__(self, url):
        self.url = url

    def template(self):
        return json.loads(self._psql("SELECT document FROM clients LIMIT 1", "-At"))

    def fill(self, table, rows):
        """Copies rows in, with the indexes made afterwards, as a restored dump has them."""
        indexes = f"FROM pg_indexes WHERE tablename = '{table}' AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        made = self._psql(f"SELECT indexdef {indexes}", "-At").splitlines()
        for name in self._psql(f"SELECT indexname {indexes}", "-At").splitlines():
            self._psql(f"DROP INDEX {name}")
        first = next(rows)
        copy = subprocess.Popen(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.url, "-c", f"COPY {table} ({', '.join(first)}) FROM STDIN"], stdin=subprocess.PIPE)
        for row in itertools.chain([first], rows):
            copy.stdin.write(("\t".join(map(self._field, row.values())) + "\n").encode())
        copy.stdin.close()
        if copy.wait():
            raise SystemExit(f"{table} could not be filled")
        for definition in made:
            self._psql(definition)

    def settle(self):
        self._psql("VACUUM ANALYZE")

    def run(self, sql):
        return self._psql(sql, "-At")

    @staticmethod
    def _field(value):
        if value is None:
            return "\\N"
        if isinstance(value, bytes):
            return "\\\\x" + value.hex()
        return str(value).replace("\\", "\\\\").replace("\n", "\\n")

    def _psql(self, sql, *options):
        done = subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.url, *options, "-c", sql], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{sql}: {done.stderr}")
        return done.stdout


class Sqlite:
    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)

    def template(self):
        return json.loads(self.db.execute("SELECT document FROM clients LIMIT 1").fetchone()[0])

    def fill(self, table, rows):
        while chunk := list(itertools.islice(rows, CHUNK)):
            columns = list(chunk[0])
            self.db.execute("BEGIN")
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            self.db.executemany(sql, [tuple(row.values()) for row in chunk])
            self.db.execute("COMMIT")

    def settle(self):
        self.db.execute("ANALYZE")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def run(self, sql):
        return self.db.execute(sql).fetchall()


def fill(store, people, apps, entries, now):
    """Everything; `store` has one app that Haechi registered."""
    template = store.template()
    store.fill("users", (person(number, people, now) for number in range(people)))
    store.fill("clients", (app(number, template) for number in range(apps)))
    head = store.run("SELECT count(*) FROM audit_events")
    head = int(head) if isinstance(head, str) else head[0][0]
    rows = (entry(number, entries, now, people, apps) for number in range(entries))
    store.fill("audit_events", ({**row, "seq": row["seq"] + head} for row in rows))
    # So that nobody seals what is there again; a chain that can be verified is not what this is about.
    store.run(f"UPDATE audit_chain SET head_seq = {entries + head}")
    store.settle()
