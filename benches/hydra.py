"""Ory Hydra as a peer: built from its Go module, on PostgreSQL, behind what would be a proxy that ends TLS, as its guides have it.

Its logins are accepted through its own administration API, as a login and consent app does. Access tokens are opaque, and ID tokens are signed
with RS256 and a key of 4096 bits: its defaults.
"""
import json, os, pathlib, shutil, urllib.parse

from drives import Drive, basic
from peers import CACHE, CALLBACK, SERVICE, Peer, answered, side_by_side
from person import Person
from servers import Server, free_port, note, request, sh

VERSION, MODULE = "v2.3.0", "github.com/ory/hydra/v2"
# Codes that it cannot use up within a second.
CODES = 1000


def installed():
    """The program, built from the module with the versions that its authors chose."""
    program, source = CACHE / f"hydra-{VERSION}", CACHE / f"hydra-source-{VERSION}"
    if not program.exists():
        note(f"building Hydra {VERSION}")
        CACHE.mkdir(parents=True, exist_ok=True)
        module = json.loads(sh("go", "mod", "download", "-json", f"{MODULE}@{VERSION}", cwd=CACHE))
        shutil.rmtree(source, ignore_errors=True)
        shutil.copytree(module["Dir"], source)
        for folder, _, files in os.walk(source):
            for path in [pathlib.Path(folder), *(pathlib.Path(folder, name) for name in files)]:
                path.chmod(path.stat().st_mode | 0o200)
        # A module comes without those nested in it: the generated client that it has beside itself is the one that is published.
        sh("go", "mod", "edit", "-dropreplace", "github.com/ory/hydra-client-go/v2", cwd=source)
        config = f"{MODULE}/driver/config"
        flags = f"-s -w -X {config}.Version={VERSION}"
        sh("nice", "-n", "19", "go", "build", "-mod=mod", "-ldflags", flags, "-o", str(program), ".", cwd=source, env={"CGO_ENABLED": "0"})
    return program


class Hydra(Peer):
    name, warm_up = "hydra", 10

    def __init__(self, bench, postgres):
        program, port, self.admin = str(installed()), free_port(), free_port()
        self.bench, self.basic = bench, basic("bench", bench.secret)
        # What its own quickstart with PostgreSQL sets of connections.
        database = f"{postgres('hydra')}?sslmode=disable&max_conns=20&max_idle_conns=4"
        environment = {
            "DSN": database, "SECRETS_SYSTEM": bench.secret, "URLS_SELF_ISSUER": f"https://127.0.0.1:{port}", "LOG_LEVEL": "warn",
            "URLS_LOGIN": "https://127.0.0.1:9/login", "URLS_CONSENT": "https://127.0.0.1:9/consent", "SQA_OPT_OUT": "true",
            "SERVE_PUBLIC_HOST": "127.0.0.1", "SERVE_PUBLIC_PORT": str(port), "SERVE_ADMIN_HOST": "127.0.0.1", "SERVE_ADMIN_PORT": str(self.admin)}
        sh(program, "migrate", "sql", "up", "-e", "--yes", env=environment)
        self.server = Server(bench.stack, [program, "serve", "all"], port, environment, ready="/health/ready")
        go = sh("go", "version", program).split(":")[-1].strip()
        self.about = (f"Ory Hydra {VERSION}, built with {go}, `hydra serve all` with `max_conns=20&max_idle_conns=4`, `LOG_LEVEL=warn` and its defaults "
                      "for the rest (opaque access tokens, ID tokens by RS256 with 4096 bits), on PostgreSQL; "
                      f"{self.warm_up} s of load along each path before the first round")
        # Makes its keys, which takes as long as it takes.
        request(port, "GET", "/.well-known/jwks.json", timeout=300)
        answered(self.admin, "POST", "/admin/clients", json.dumps({
            "client_id": "bench", "client_secret": bench.secret, "scope": "openid offline_access read", "redirect_uris": [CALLBACK],
            "grant_types": ["client_credentials", "authorization_code", "refresh_token"], "response_types": ["code"]}),
            {"Content-Type": "application/json"})

    def drives(self):
        document = lambda path: Drive(path, "get.lua", [""])
        return {
            "discovery": document("/.well-known/openid-configuration"), "JWKS": document("/.well-known/jwks.json"),
            "client_credentials ES256": Drive("/oauth2/token", "post.lua", [SERVICE, self.basic]),
            "refresh": Drive("/oauth2/token", "chain.lua", self.chain),
            "default login": Drive("/oauth2/token", "once.lua", self.codes, seconds=1),
            "userinfo": Drive("/userinfo", "get.lua", lambda _: [f"Bearer {self.tokens()['access_token']}"]),
            # By the port that only services reach, which asks for no client.
            "introspection": Drive("/admin/oauth2/introspect", "post.lua", lambda _: [f"token={self.tokens()['access_token']}"], port=self.admin)}

    def tokens(self):
        return self.post("/oauth2/token", dict(urllib.parse.parse_qsl(self.code_form())), self.basic)

    def chain(self, options):
        lines = side_by_side(lambda _: self.tokens()["refresh_token"], range(options.connections * 2))
        return [self.bench.file("refresh-hydra", lines), self.basic]

    def codes(self, _options):
        return [self.bench.file("codes-hydra", side_by_side(lambda _: self.code_form(), range(CODES))), self.basic]

    def code_form(self):
        """The form that exchanges the code of a login which somebody just went through."""
        browser = Person(self.server.port, "bench", "", {"X-Forwarded-Proto": "https"})
        place = "/oauth2/auth?" + urllib.parse.urlencode({
            "response_type": "code", "client_id": "bench", "redirect_uri": CALLBACK, "scope": "openid offline_access", "state": "bench-state"})
        login = self.sent_on(browser, place, "login_challenge")
        place = self.accept("login", login, {"subject": "bench", "remember": False})
        consent = self.sent_on(browser, place, "consent_challenge")
        place = self.accept("consent", consent, {"grant_scope": ["openid", "offline_access"]})
        code = self.sent_on(browser, place, "code")
        return urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK})

    def sent_on(self, browser, place, parameter):
        """What the browser is sent on with."""
        url = urllib.parse.urlsplit(place)
        status, headers, page = browser.ask("GET", f"{url.path}?{url.query}")
        found = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"] or "").query).get(parameter)
        if not found:
            raise SystemExit(f"no {parameter} from Hydra: {status} {headers['Location']} {page[:500]}")
        return found[0]

    def accept(self, what, challenge, body):
        path = f"/admin/oauth2/auth/requests/{what}/accept?{urllib.parse.urlencode({f'{what}_challenge': challenge})}"
        return answered(self.admin, "PUT", path, json.dumps(body), {"Content-Type": "application/json"})["redirect_to"]
