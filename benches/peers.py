"""The peers: other servers, started as their users do, and how each is driven along the paths that Haechi is.

npm oidc-provider is always there. Those that `scripts/bench --peers` names are installed below `target/bench-peers` first.
"""
import concurrent.futures, json, os, pathlib, urllib.parse

import many
from drives import Drive, basic
from servers import ROOT, Server, free_port, request, sh

CALLBACK = "http://127.0.0.1:9/callback"
FORM = "application/x-www-form-urlencoded"
SERVICE = "grant_type=client_credentials&scope=read"
CACHE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench-peers"


def optional():
    """The peers that are started when they are asked for, by name."""
    from hydra import Hydra
    from keycloak import Keycloak
    return {"keycloak": Keycloak, "hydra": Hydra}


class Peer:
    """A server to measure beside. Its `server` is the process, and `about` says which version it is and how it was started."""
    # Along each path it is driven for as long before the first round, in seconds.
    warm_up = 0
    # In the rows of which of Haechi's stores it is.
    beside = "postgres"

    def drives(self):
        """How it is driven along each path that it has, by the path's name."""
        raise NotImplementedError

    def post(self, path, form, authorization=None):
        """What the server answers to a form, as JSON."""
        headers = {"Content-Type": FORM, **({"Authorization": authorization} if authorization else {})}
        return answered(self.server.port, "POST", path, urllib.parse.urlencode(form), headers)


def answered(port, method, path, body=None, headers=None):
    """What a server answers, as JSON; ends the run where it refuses."""
    status, _, answer = request(port, method, path, body, headers)
    if status >= 300:
        raise SystemExit(f"{method} {path} answered {status}: {answer.decode(errors='replace')[:2000]}")
    return json.loads(answer) if answer else None


def side_by_side(work, things):
    """What the work makes of each thing, some of them at once."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(work, things))


class OidcProvider(Peer):
    """npm oidc-provider: everything in memory."""
    name, beside = "oidc-provider", "sqlite"

    def __init__(self, bench):
        self.bench, folder, port = bench, ROOT / "benches" / "peer", free_port()
        self.basic = {client: basic(client, bench.secret) for client in ("bench", "bench-web", "bench-default")}
        self.server = Server(
            bench.stack, ["node", "benches/peer/server.mjs", str(port), bench.secret], port, {"NODE_ENV": "production"},
            ready="/.well-known/openid-configuration")
        version = json.loads((folder / "node_modules" / "oidc-provider" / "package.json").read_text())["version"]
        self.about = (f"npm oidc-provider {version} on Node.js {sh('node', '--version').strip()}, one process, `NODE_ENV=production`, with all that it stores "
                      "in a Map; for UserInfo and introspection its access tokens are opaque, as it has it")

    def drives(self):
        document = lambda path: Drive(path, "get.lua", [""])
        token = lambda algorithm: Drive("/token", "post.lua", [f"{SERVICE}&resource=urn:bench:{algorithm}", self.basic["bench"]])
        once = lambda client: Drive("/token", "once.lua", lambda _: self.codes(client), seconds=1)
        return {
            "discovery": document("/.well-known/openid-configuration"), "JWKS": document("/jwks"),
            **{f"client_credentials {algorithm}": token(algorithm) for algorithm in ("ES256", "EdDSA", "RS256")},
            "refresh": Drive("/token", "chain.lua", self.chain), "code exchange": once("bench-web"), "default login": once("bench-default"),
            "userinfo": Drive("/me", "get.lua", lambda _: [f"Bearer {self.opaque()}"]),
            "introspection": Drive("/token/introspection", "post.lua", lambda _: [f"token={self.opaque()}", self.basic["bench-web"]])}

    def forms(self, client, count, resource="urn:bench:ES256"):
        """As many forms, each of which exchanges a fresh code."""
        query = urllib.parse.urlencode({"client": client, "count": count, "resource": resource})
        return request(self.server.port, "GET", f"/bench/codes?{query}")[2].decode().splitlines()

    def tokens(self, count=1, **terms):
        return many.exchanged(self.server.port, "/token", self.basic["bench-web"], self.forms("bench-web", count, **terms))

    def codes(self, client, per_second=8000):
        return [self.bench.file("codes-oidc-provider", self.forms(client, per_second)), self.basic[client]]

    def chain(self, options):
        lines = [tokens["refresh_token"] for tokens in self.tokens(options.connections * 2)]
        return [self.bench.file("refresh-oidc-provider", lines), self.basic["bench-web"]]

    def opaque(self):
        return self.tokens(resource="")[0]["access_token"]
