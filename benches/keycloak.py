"""Keycloak as a peer: its distribution from Maven Central in production mode on PostgreSQL, one node, as its guides have it.

Each chain of refreshes is of a session of its own, as many people would have them, and codes are of as many as there are connections. Tokens are signed with ES256 where
Haechi's are, and with RS256, which is Keycloak's default, where an app says nothing of algorithms.
"""
import html, json, re, tarfile, urllib.parse

from drives import Drive, basic
from peers import CACHE, CALLBACK, Peer, answered, side_by_side
from person import Person
from servers import Server, free_port, note, sh

VERSION = "26.7.3"
ADMIN, PASSWORD = "admin", "a-long-enough-bench-passphrase"
REALM, MASTER = "/realms/bench/protocol/openid-connect", "/realms/master/protocol/openid-connect"
# Codes that it cannot use up within a second.
CODES = 2500


def installed():
    """The distribution, unpacked and built for PostgreSQL."""
    home = CACHE / f"keycloak-{VERSION}"
    if not (home / "built").exists():
        note(f"installing Keycloak {VERSION}")
        CACHE.mkdir(parents=True, exist_ok=True)
        artifact = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
        sh("mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={CACHE / 'download'}")
        with tarfile.open(CACHE / "download" / f"keycloak-quarkus-dist-{VERSION}.tar.gz") as archive:
            archive.extractall(CACHE, filter="data")
        sh(str(home / "bin" / "kc.sh"), "build", "--db=postgres")
        (home / "built").touch()
    return home


class Keycloak(Peer):
    name, warm_up = "keycloak", 10

    def __init__(self, bench, postgres):
        home, port, url = installed(), free_port(), urllib.parse.urlsplit(postgres("keycloak"))
        self.bench, self.secret = bench, bench.secret
        flags = ["--http-enabled=true", "--http-host=127.0.0.1", f"--hostname=http://127.0.0.1:{port}", "--cache=local"]
        database = [f"--db-url=jdbc:postgresql://{url.hostname}:{url.port}{url.path}", f"--db-username={url.username}", "--db-password=bench"]
        self.server = Server(
            bench.stack, [str(home / "bin" / "kc.sh"), "start", "--optimized", *flags, f"--http-port={port}", *database], port,
            {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD, "KC_LOG_LEVEL": "warn"},
            ready="/realms/master", patience=300)
        java = re.search(r'version "([^"]+)"', sh("java", "-version"))[1]
        self.about = (f"Keycloak {VERSION} on OpenJDK {java}, `kc.sh build --db=postgres`, `kc.sh start --optimized {' '.join(flags)}`, `KC_LOG_LEVEL=warn`, "
                      "its defaults for memory (`-Xms64m -Xmx512m`), connections and sessions, on PostgreSQL; "
                      f"{self.warm_up} s of load along each path before the first round")
        self.configure()

    def configure(self):
        """A realm with one person, and the clients that Haechi has."""
        password = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": PASSWORD}
        token = self.post(f"{MASTER}/token", password)["access_token"]
        signed = lambda access, id_token: {
            "attributes": {"access.token.signed.response.alg": access, "id.token.signed.response.alg": id_token} if access else {}}
        client = lambda name, **further: {"clientId": name, "secret": self.secret, "publicClient": False, **further}
        web = {"redirectUris": [CALLBACK], "standardFlowEnabled": True, "directAccessGrantsEnabled": True}
        service = {"standardFlowEnabled": False, "serviceAccountsEnabled": True}
        algorithms = {"ecdsa-generated": {"ecdsaEllipticCurveKey": ["P-256"]}, "eddsa-generated": {}}
        realm = {
            "realm": "bench", "enabled": True, "accessCodeLifespan": 1800, "accessTokenLifespan": 1800,
            "components": {"org.keycloak.keys.KeyProvider": [
                {"name": kind, "providerId": kind, "config": {"priority": ["100"], **config}} for kind, config in algorithms.items()]},
            "clientScopes": [{"name": "read", "protocol": "openid-connect"}],
            "users": [{
                "username": "bench", "email": "bench@example.com", "emailVerified": True, "firstName": "Bench", "lastName": "Bench", "enabled": True,
                "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}]}],
            "clients": [
                *(client(f"bench-{name}", **service, **signed(name, name)) for name in ("ES256", "EdDSA", "RS256")),
                client("bench-web", **web, **signed("ES256", "ES256")), client("bench-default", **web, **signed(None, None))]}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        answered(self.server.port, "POST", "/admin/realms", json.dumps(realm), headers)

    def basic(self, client):
        return basic(client, self.secret)

    def drives(self):
        document = lambda path: Drive(path, "get.lua", [""])
        token = lambda name: Drive(f"{REALM}/token", "post.lua", ["grant_type=client_credentials", self.basic(f"bench-{name}")])
        once = lambda client: Drive(f"{REALM}/token", "once.lua", lambda _: self.codes(client), seconds=1)
        return {
            "discovery": document("/realms/bench/.well-known/openid-configuration"), "JWKS": document(f"{REALM}/certs"),
            **{f"client_credentials {name}": token(name) for name in ("ES256", "EdDSA", "RS256")},
            "refresh": Drive(f"{REALM}/token", "chain.lua", self.chain),
            "code exchange": once("bench-web"), "default login": once("bench-default"),
            "userinfo": Drive(f"{REALM}/userinfo", "get.lua", lambda _: [f"Bearer {self.session()['access_token']}"]),
            "introspection": Drive(f"{REALM}/token/introspect", "post.lua",
                                   lambda _: [f"token={self.session()['access_token']}", self.basic("bench-web")])}

    def session(self):
        """The tokens of a new session of the person's."""
        form = {"grant_type": "password", "username": "bench", "password": PASSWORD, "scope": "openid"}
        return self.post(f"{REALM}/token", form, self.basic("bench-web"))

    def chain(self, options):
        lines = side_by_side(lambda _: self.session()["refresh_token"], range(options.connections * 2))
        return [self.bench.file("refresh-keycloak", lines), self.basic("bench-web")]

    def codes(self, client):
        """Codes of as many sessions as there are connections, in turn."""
        people = side_by_side(lambda _: self.signed_in(client), range(self.bench.options.connections))
        forms = side_by_side(lambda number: self.code_form(people[number % len(people)], client), range(CODES))
        return [self.bench.file("codes-keycloak", forms), self.basic(client)]

    def ask_for_code(self, client, **further):
        return f"{REALM}/auth?" + urllib.parse.urlencode(
            {"response_type": "code", "client_id": client, "redirect_uri": CALLBACK, "scope": "openid", **further})

    def signed_in(self, client):
        """A browser that filled in the form of the login page."""
        person = Person(self.server.port, "bench", PASSWORD)
        _, _, page = person.ask("GET", self.ask_for_code(client))
        action = urllib.parse.urlsplit(html.unescape(re.search(r'<form[^>]*action="([^"]+)"', page)[1]))
        status, _, page = person.ask("POST", f"{action.path}?{action.query}", {"username": "bench", "password": PASSWORD})
        if status != 302:
            raise SystemExit(f"signing in to Keycloak answered {status}: {page[:2000]}")
        return person

    def code_form(self, person, client):
        _, headers, page = person.ask("GET", self.ask_for_code(client, prompt="none"))
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"] or "").query).get("code")
        if not code:
            raise SystemExit(f"no code from Keycloak: {headers['Location']} {page[:500]}")
        return urllib.parse.urlencode({"grant_type": "authorization_code", "code": code[0], "redirect_uri": CALLBACK})
