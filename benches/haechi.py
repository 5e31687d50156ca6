"""A running Haechi with its clients and one person."""
import json, os, subprocess, sys, urllib.parse

import many, storm
from drives import basic
from person import Person
from servers import ROOT, Server, free_port, request

PASSWORD = "a-long-enough-bench-passphrase"
CALLBACK = "http://127.0.0.1:9/callback"
ALGORITHMS = ["ES256", "EdDSA", "RS256"]
FORM, SESSION = "application/x-www-form-urlencoded", "haechi-session"
# Codes are made before each run: a short run, and more codes than it can use.
CODE_SECONDS, CODES_PER_SECOND = 1, {"sqlite": 24_000, "postgres": 18_000, "pgbouncer": 12_000}
RS256_CODES_PER_SECOND = 12_000


class Haechi:
    def __init__(self, bench, name, database, further=None, seed=None):
        self.bench, self.port, self.secrets, self.database = bench, free_port(), {}, database
        self.person = Person(self.port, "bench@example.com", PASSWORD)
        home = bench.folder / f"haechi-{name}"
        home.mkdir()
        self.environment = {
            "HAECHI_SERVER__LISTEN": f"127.0.0.1:{self.port}", "HAECHI_SERVER__ISSUER": f"http://127.0.0.1:{self.port}",
            "HAECHI_DATABASE__URL": database, "HAECHI_KEYS__FOLDER": str(home), "HAECHI_TOKENS__CODE_SECONDS": "600",
            "HAECHI_THROTTLING__AUTHORIZATIONS_PER_ADDRESS": "1000000", "HAECHI_LOG__FILTER": "warn",
            **(further or {})}
        self.name = name
        if seed:
            # Only a server makes a database.
            self.start()
            self.server.stop()
            self.command("bench", "seed", *seed, "--password-stdin", text=PASSWORD + "\n")
        self.start()
        for algorithm in ALGORITHMS:
            self.client(f"bench-{algorithm}", "--kind", "service", "--scope", "read", "--access-token-algorithm", algorithm)
        web = ["--kind", "web", "--scope", "openid offline_access", "--first-party", "--redirect-uri", CALLBACK]
        self.client("bench-web", *web, "--id-token-algorithm", "ES256")
        # As an app is registered that says nothing of algorithms: its ID tokens are signed with RS256 (OpenID Connect Registration, section 2).
        self.client("bench-default", *web)
        self.account(self.person.email)

    def start(self):
        self.server = Server(self.bench.stack, [str(self.bench.binary), "serve"], self.port, self.environment, ready="/readyz")
        self.bench.servers[f"haechi {self.name}"] = self.server

    def restart(self, further=None):
        """Stops and starts it, with further settings; answers the seconds from exec until it is ready."""
        self.server.stop()
        self.environment |= further or {}
        self.start()
        return self.server.ready_seconds

    def command(self, *arguments, text=None):
        done = subprocess.run([str(self.bench.binary), *arguments], cwd=ROOT, env={**os.environ, **self.environment},
                              input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"haechi {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def client(self, client_id, *arguments):
        made = json.loads(self.command("clients", "create", "--client-id", client_id, "--name", client_id, *arguments, "--json"))
        self.secrets[client_id] = made["client_secret"]

    def account(self, email):
        self.command("users", "create", email, "--name", email.split("@")[0], text=PASSWORD + "\n")

    def connection(self, slug, issuer):
        self.command("connections", "create", "--preset", "oidc", "--slug", slug, "--label", slug, "--client-id", "bench",
                     "--set", f"issuer={issuer}", "--private-network", "true", text="bench-secret\n")
        self.command("connections", "enable", slug)

    def basic(self, client_id):
        return basic(client_id, self.secrets[client_id])

    def login(self, people):
        """What browsers that have the login page open would send."""
        names = [f"person{number}@example.com" for number in range(people)]
        for name in names:
            self.account(name)
        opened = Person(self.port, self.person.email, PASSWORD)
        fields = opened.fields("/login", "login") | {"password": PASSWORD}
        return storm.Login("127.0.0.1", self.port, opened.cookie_header(), fields, names)

    def known_login(self, email, headers):
        """The login of somebody new, from a browser that they signed in with before. `headers` is what a proxy in front adds."""
        self.account(email)
        person = Person(self.port, email, PASSWORD, headers)
        person.sign_in()
        del person.cookies[SESSION]
        fields = person.login_fields()
        return storm.form(self.port, "/login", person.cookie_header(), fields, headers)

    def signed_in(self):
        """The cookies of the person, who is signed in."""
        if not self.person.cookies:
            self.person.sign_in()
        return self.person.cookie_header()

    def code_forms(self, count, client="bench-web"):
        """As many forms, each of which exchanges a fresh code."""
        return many.code_forms(self.port, self.signed_in(), client, CALLBACK, count)

    def tokens(self, count=1, client="bench-web"):
        """What as many codes were exchanged for."""
        return many.exchanged(self.port, "/token", self.basic(client), self.code_forms(count, client))

    def access_token(self, client, **form):
        """A token of the client itself."""
        headers = {"Content-Type": FORM, "Authorization": self.basic(client)}
        form = urllib.parse.urlencode({"grant_type": "client_credentials", **form})
        status, _, body = request(self.port, "POST", "/token", form, headers)
        if status != 200:
            sys.exit(f"no token for {client}: {body.decode()}")
        return json.loads(body)["access_token"]

    def refresh_chain(self, options):
        lines = [tokens["refresh_token"] for tokens in self.tokens(options.connections * 2)]
        return [self.bench.file(f"refresh-{self.port}", lines), self.basic("bench-web")]

    def codes(self, _options, client="bench-web", per_second=None):
        lines = self.code_forms(CODE_SECONDS * (per_second or CODES_PER_SECOND[self.name]), client)
        return [self.bench.file(f"codes-{self.port}", lines), self.basic(client)]

    def codes_of_default_logins(self, options):
        return self.codes(options, "bench-default", RS256_CODES_PER_SECOND)

    def bearer(self, _options):
        return [f"Bearer {self.tokens()[0]['access_token']}"]

    def introspection(self, _options):
        return [urllib.parse.urlencode({"token": self.tokens()[0]["access_token"]}), self.basic("bench-web")]
