"""The paths that are measured: who is driven along each, and how."""
from drives import Drive, Path
from haechi import ALGORITHMS, CODE_SECONDS

SERVICE = "grant_type=client_credentials&scope=read"


def paths(bench):
    """Each path with everybody who goes along it: the floor, Haechi, and the peers that store where that row's Haechi does."""
    floor, sqlite = bench.floor, bench.apps["sqlite"]

    def of_peers(kind, store=None):
        near = [peer for peer in bench.peers if store in (None, peer.beside)]
        return {peer.name: peer.drives()[kind] for peer in near if kind in peer.drives()}

    for name, path in (("discovery", "/.well-known/openid-configuration"), ("JWKS", "/jwks")):
        yield Path(name, 0.9, {"floor": floor.document(), "haechi sqlite": Drive(path, "get.lua", [""]), **of_peers(name)})
    for algorithm in ALGORITHMS:
        name = f"client_credentials {algorithm}"
        yield Path(name, 0.9 if algorithm == "RS256" else 0.8, {
            "floor": floor.token(algorithm), "haechi sqlite": Drive("/token", "post.lua", [SERVICE, sqlite.basic(f"bench-{algorithm}")]),
            **of_peers(name)})
    for store, apps in (("sqlite", ["sqlite"]), ("postgres", ["postgres", "pgbouncer"])):
        yield from _of_store(bench, store, {f"haechi {app}": bench.apps[app] for app in apps}, of_peers)
    yield Path("client_credentials ES256, one connection", None, {
        "haechi sqlite": Drive("/token", "post.lua", [SERVICE, sqlite.basic("bench-ES256")], connections=1)})


def _of_store(bench, store, apps, of_peers):
    floor = bench.floor
    ours = lambda drive: {name: drive(app) for name, app in apps.items()}
    codes = lambda prepare: Drive("/token", "once.lua", prepare, seconds=CODE_SECONDS)
    rows = {
        "refresh": (0.9, floor.tokens(store, "ES256"), lambda app: Drive("/token", "chain.lua", app.refresh_chain)),
        "code exchange": (0.9, floor.tokens(store, "ES256"), lambda app: codes(app.codes)),
        # An app that says nothing of algorithms: an access token by ES256, an ID token by RS256.
        "default login": (0.9, floor.tokens(store, "RS256"), lambda app: codes(app.codes_of_default_logins)),
        "userinfo": (0.8, floor.userinfo(store), lambda app: Drive("/userinfo", "get.lua", app.bearer)),
        "introspection": (0.8, floor.introspection(store), lambda app: Drive("/introspect", "post.lua", app.introspection))}
    for kind, (goal, of_floor, drive) in rows.items():
        yield Path(f"{kind} ({store})", goal, {"floor": of_floor, **ours(drive), **of_peers(kind, store)})
