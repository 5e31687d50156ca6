"""What is measured besides the paths: a process at rest, a storm of logins, providers that do not answer."""
import concurrent.futures, html, re, statistics, time

import slow, storm
from drives import Drive, summary
from person import Person
from servers import free_port, note


def standing(bench):
    """What a process costs: from exec to ready on an existing database, and its memory then."""
    lines = ["", "| process on an existing database | ready after | memory idle |", "|---|---:|---:|"]
    for name, app in bench.apps.items():
        note(f"starting again ({name})")
        seconds = [app.restart() for _ in range(5)]
        time.sleep(2)
        lines.append(f"| haechi {name} | {statistics.median(seconds) * 1000:.0f} ms | {app.server.memory_mib():.0f} MiB |")
    lines += [f"| {peer.name} | – | {peer.server.memory_mib():.0f} MiB (after load) |" for peer in bench.peers]
    return "\n".join(lines) + "\n"


def logins(bench, times=5):
    """Tokens for services while people storm the sign-in page at several times what it can serve."""
    app = bench.apps["sqlite"]
    login = app.login(people=40)
    tokens = Drive("/token", "post.lua", ["grant_type=client_credentials&scope=read", app.basic("bench-ES256")])
    note("storm of logins")
    capacity = storm.capacity(login)
    calm, stormy, storms = [], [], []
    for _ in range(bench.options.rounds):
        calm.append(bench.drive("haechi sqlite", tokens))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            blowing = pool.submit(storm.blow, login, capacity * times, bench.options.seconds + 1)
            time.sleep(0.5)
            stormy.append(bench.drive("haechi sqlite", tokens))
            storms.append(blowing.result())
    calm, stormy = summary(calm), summary(stormy)
    total = {key: sum(s[key] for s in storms) for key in ("asked", "signed_in", "shed", "other", "lost")}
    shed_p99 = max(s["shed_p99"] for s in storms)
    return "\n".join([
        "", f"A storm of {capacity * times:,.0f} logins/s ({times} times the {capacity:,.0f}/s that this machine hashes when calm) "
        f"beside client_credentials ES256 on SQLite:", "",
        "| tokens | requests/s | p50 | p99 | memory |", "|---|---:|---:|---:|---:|",
        *(f"| {name} | {r['rps']:,.0f} | {r['p50_us'] / 1000:.2f} ms | {r['p99_us'] / 1000:.2f} ms | {r['memory']:.0f} MiB |"
          for name, r in (("calm", calm), ("in the storm", stormy))),
        f"| ratio | {stormy['rps'] / calm['rps']:.0%} | | {stormy['p99_us'] / calm['p99_us']:.1f} × | |", "",
        f"Of {total['asked']} logins {total['signed_in']} were signed in, {total['shed']} told to come back (503 with Retry-After, p99 "
        f"{shed_p99 * 1000:.0f} ms), {total['other']} answered otherwise, {total['lost']} lost.", ""])


def slow_provider(bench, waiting=200, slow_ones=8):
    """The other ways to sign in while people wait for providers that do not answer."""
    note("slow provider")
    providers = slow.Providers(free_port())
    bench.stack.callback(providers.stop)
    app = bench.apps["sqlite"]
    app.restart({"HAECHI_NETWORK__OUTGOING_HTTP": "true", "HAECHI_NETWORK__OUTGOING_ALLOWED": '["127.0.0.1/32"]'})
    names = ["fast", *(f"slow{number}" for number in range(slow_ones))]
    for name in names:
        app.connection(name, providers.issuer(name))
    # Nobody who is signed in: that one would not be shown the page.
    person = Person(app.port, app.person.email, app.person.password)
    _, _, page = person.ask("GET", "/login")
    starts = {name: html.unescape(re.search(rf'href="[^"]*?(/upstream/{name}/start[^"]*)"', page)[1]) for name in names}
    cookies = person.cookie_header()
    gone = [starts[f"slow{number % slow_ones}"] for number in range(waiting)]
    ways = {"the sign-in page": "/login", "to another provider": starts["fast"]}
    rows = {}
    for name, path in ways.items():
        drive = Drive(path, "get.lua", ["", cookies], connections=8, seconds=3)
        calm, beside, waits = [], [], []
        for _ in range(bench.options.rounds):
            # Again from the start, because of the circuit breakers.
            app.restart()
            bench.drive("haechi sqlite", drive)
            calm.append(bench.drive("haechi sqlite", drive))
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                people = pool.submit(slow.wait, app.port, gone, cookies)
                time.sleep(0.7)
                beside.append(bench.drive("haechi sqlite", drive))
                waits += people.result()
        rows[name] = summary(calm), summary(beside), statistics.median(waits)
    milliseconds = lambda run, key: f"{run[key] / 1000:.2f} ms"
    return "\n".join([
        "", f"{waiting} people who wait for {slow_ones} providers that do not answer (each {min(waited for *_, waited in rows.values()):.1f} s), "
        "and 8 connections that go on with something else:", "",
        "| | requests/s calm | beside them | p99 calm | beside them | ratio | failed |", "|---|---:|---:|---:|---:|---:|---:|",
        *(f"| {name} | {calm['rps']:,.0f} | {beside['rps']:,.0f} | {milliseconds(calm, 'p99_us')} | {milliseconds(beside, 'p99_us')} | "
          f"{beside['p99_us'] / calm['p99_us']:.2f} × | {beside['bad']} |" for name, (calm, beside, _) in rows.items()), ""])
