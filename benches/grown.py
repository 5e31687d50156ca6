"""A Haechi on a database that `haechi bench seed` filled."""
import json, secrets, sqlite3, statistics, subprocess, sys, time, urllib.parse

import storm
from drives import Drive, basic
from haechi import CALLBACK, PASSWORD, Haechi
from person import Person
from servers import free_port, note

OWNER = "owner@bench.example"
# How many grants have expired when the server starts, whatever else there is: a sweep of them is the same work everywhere.
EXPIRED = 5_000
# How many refresh tokens there are for the run that is spread over many grants.
SPREAD = 15_000
# How many codes are made for a run: made one by one, they take longer than their exchange.
CODES = 4_000


class Grown(Haechi):
    """Filled with so many people, and what so many people do."""

    def __init__(self, bench, store, people, database, further=None):
        self.bench, self.store, self.people, self.database = bench, store, people, database
        self.name, self.port, self.secrets = f"{store} {people}", free_port(), {}
        self.password = secrets.token_urlsafe(24)
        self.owner, self.person = Person(self.port, OWNER, PASSWORD), Person(self.port, "bench@example.com", PASSWORD)
        home = bench.folder / f"haechi-{store}-{people}"
        home.mkdir()
        if store == "sqlite":
            self.database = f"sqlite:{home / 'haechi.db'}"
        self.apps, self.grants, self.entries = min(5_000, max(20, people // 200)), 3 * people, 5 * people
        self.environment = {
            "HAECHI_SERVER__LISTEN": f"127.0.0.1:{self.port}", "HAECHI_SERVER__ISSUER": f"http://127.0.0.1:{self.port}",
            "HAECHI_DATABASE__URL": self.database, "HAECHI_KEYS__FOLDER": str(home), "HAECHI_TOKENS__CODE_SECONDS": "600",
            "HAECHI_THROTTLING__AUTHORIZATIONS_PER_ADDRESS": "1000000", "HAECHI_LOG__FILTER": "warn",
            "HAECHI_ACCOUNTS__ADMINISTRATORS_SECOND_FACTOR": "off",
            "HAECHI_AUDIT__KEEP_ENTRIES": str(max(2 * self.entries, 100_000)), **(further or {})}
        self.once, self.tokens_of_app, self.left, self.storming = {}, home / "tokens.jsonl", None, None
        self.fill()
        self.register()

    def fill(self):
        """Fills the database, and has the server sweep what has expired at its start."""
        self.start()
        self.command("users", "create", OWNER, "--name", "Owner", text=PASSWORD + "\n")
        self.command("users", "roles", OWNER, "--role", "owner")
        self.server.stop()
        note(f"filling {self.name}")
        seeded = json.loads(self.command(
            "bench", "seed", "--people", str(self.people), "--apps", str(self.apps), "--grants", str(self.grants), "--expired", str(EXPIRED),
            "--audit", str(self.entries), "--tokens", str(self.tokens_of_app), "--token-app", "app-0",
            "--token-count", str(SPREAD), "--password-stdin", "--json", text=self.password + "\n"))
        self.once["filling"] = seeded["seconds"]
        self.settle()
        self.once["the first start, and the sweep of 5,000 expired grants"] = self.swept()

    def settle(self):
        """Leaves the database as it is some time after so much was written to it."""
        if self.store == "postgres":
            self.sql("VACUUM ANALYZE")
            self.sql("CHECKPOINT")

    def swept(self):
        """Seconds from the start until nothing is there that had expired."""
        began = time.monotonic()
        self.start()
        # Grants from before forty days ago: by their ids, which begin with their time, so that the question costs nothing.
        before = f"{int((time.time() - 40 * 86_400) * 1000):012x}" + "0" * 20
        literal = f"'\\x{before}'" if self.store == "postgres" else f"X'{before}'"
        while self.sql(f"SELECT count(*) FROM (SELECT 1 FROM grants WHERE id < {literal} LIMIT 1) AS expired") != "0":
            if time.monotonic() - began > 300:
                sys.exit(f"{self.name}: what has expired is not swept")
            time.sleep(0.02)
        return time.monotonic() - began

    def register(self):
        """What the runs need besides: a service, an app of the operator's own, and somebody who signs in to it."""
        self.client("bench-ES256", "--kind", "service", "--scope", "read", "--access-token-algorithm", "ES256")
        self.client("bench-web", "--kind", "web", "--scope", "openid offline_access", "--first-party", "--redirect-uri", CALLBACK,
                    "--id-token-algorithm", "ES256")
        self.account(self.person.email)

    def sql(self, text):
        """The one value that the database answers."""
        if self.store == "postgres":
            done = subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-At", self.database, "-c", text], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{text}: {done.stderr}")
            return done.stdout.strip()
        with sqlite3.connect(f"file:{self.database.removeprefix('sqlite:')}?mode=ro", uri=True, timeout=30) as database:
            row = database.execute(text).fetchone()
        return str(row[0]) if row else ""

    def column(self, text):
        """The values of one column, a line each."""
        if self.store == "postgres":
            return self.sql(text).splitlines()
        with sqlite3.connect(f"file:{self.database.removeprefix('sqlite:')}?mode=ro", uri=True, timeout=30) as database:
            return [row[0] for row in database.execute(text)]

    def spread_chain(self, options):
        """Refreshes of many grants of one app, each in its turn. What a run replaced is lost with it, so each run has others."""
        if self.left is None:
            lines = [json.loads(line) for line in self.tokens_of_app.read_text().splitlines()]
            if len(lines) <= options.rounds * options.connections:
                sys.exit(f"{self.name}: app-0 has {len(lines)} grants, which are too few for so many rounds and connections")
            self.left = [line["refresh_token"] for line in lines]
            self.share, self.authorization = len(lines) // options.rounds, basic("app-0", lines[0]["client_secret"])
        lines, self.left = self.left[:self.share], self.left[self.share:]
        return [self.bench.file(f"refresh-{self.port}", lines), self.authorization]

    def exchanges(self, _options):
        """Codes for one run, which ends with them."""
        return [self.bench.file(f"codes-{self.port}", self.code_forms(CODES)), self.basic("bench-web"), "stop"]

    def hot_paths(self):
        """What apps and people ask for all the time."""
        post = lambda path, prepare: Drive(path, "post.lua", prepare)
        preflight = lambda *origins: Drive("/token", "preflight.lua", list(origins))
        return {
            "client_credentials": post("/token", ["grant_type=client_credentials&scope=read", self.basic("bench-ES256")]),
            "introspection": post("/introspect", self.introspection),
            "UserInfo": Drive("/userinfo", "get.lua", self.bearer),
            "refresh, few grants": Drive("/token", "chain.lua", self.refresh_chain),
            "refresh, spread over many": Drive("/token", "chain.lua", self.spread_chain),
            "code exchange": Drive("/token", "once.lua", self.exchanges, connections=16, seconds=3),
            "CORS preflight of an app": preflight("https://app-", ".example", "3"),
            "CORS preflight of strangers": preflight("https://stranger-", ".example", "1000000000")}

    def logins_a_second(self, seconds):
        """How many people sign in by password in a second, each another one."""
        if self.storming is None:
            names = self.column("SELECT email_key FROM users JOIN passwords ON passwords.user_id = users.id "
                                "WHERE active AND NOT administers AND email_key <> 'bench@example.com' LIMIT 500")
            opened = Person(self.port, names[0], self.password)
            fields = opened.login_fields()
            self.storming = storm.Login("127.0.0.1", self.port, opened.cookie_header(), fields, names)
        return storm.capacity(self.storming, seconds)

    def pages(self):
        """What an administrator opens."""
        last = self.column("SELECT email_key FROM users WHERE active AND NOT administers ORDER BY id DESC LIMIT 1")[0]
        asking = lambda path, **asked: f"/admin/{path}?{urllib.parse.urlencode(asked)}"
        return {
            "list people": "/admin/people", "list apps": "/admin/apps", "the audit log": "/admin/audit",
            "search people: one address": asking("people", q=last), "search people: a sixth": asking("people", q="naver.example"),
            "search people: nobody": asking("people", q="zq"), "search apps": asking("apps", q="app-7"),
            "the audit log of a kind": asking("audit", kind="user_changed"), "the overview": "/admin"}

    def page(self, path):
        """Milliseconds until the last byte of a page of the console."""
        if not self.owner.cookies:
            self.owner.sign_in()
        began = time.perf_counter()
        status, _, text = self.owner.ask("GET", path)
        taken = (time.perf_counter() - began) * 1000
        if status != 200:
            sys.exit(f"{self.name}: {path} answered {status}:\n{text[:1000]}")
        return taken

    def timed(self, *arguments):
        """Milliseconds that a command takes, its own start included."""
        began = time.perf_counter()
        self.command(*arguments)
        return (time.perf_counter() - began) * 1000

    def commands(self):
        """What an operator does at the command line, each time to somebody else; what ends everything comes last."""
        names = iter(self.column("SELECT email_key FROM users WHERE active AND NOT administers AND email_key <> 'bench@example.com' "
                                 "ORDER BY id DESC LIMIT 300"))
        apps = iter([f"app-{number}" for number in range(1, self.apps)])
        return {
            "a command that looks at one row (issuer show)": lambda: self.timed("issuer", "show"),
            "disable a person": lambda: self.timed("users", "disable", next(names)),
            "sign a person out everywhere": lambda: self.timed("users", "revoke-sessions", next(names)),
            "delete a person": lambda: self.timed("users", "delete", next(names), "--yes"),
            "disable an app": lambda: self.timed("clients", "disable", next(apps)),
            "delete an app": lambda: self.timed("clients", "delete", next(apps), "--yes"),
            "sign everybody out": lambda: self.timed("sessions", "end-all", "--yes")}

    def starts(self, rounds):
        """Seconds from exec until it is ready, and milliseconds of a migration that finds nothing to do."""
        ready = statistics.median(self.restart() for _ in range(rounds))
        self.server.stop()
        migrate = statistics.median(self.timed("migrate", "up") for _ in range(rounds))
        self.start()
        return ready * 1000, migrate
