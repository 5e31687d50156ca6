"""Storms, and what a well-behaved caller feels of them.

Each storm asks at its own rate and over its own connections, in another process, for as long as the calm caller goes on beside it. All of them
come through a trusted proxy, so that `X-Forwarded-For` says from where. What is refused is asked again all the same.
"""
import collections, dataclasses, itertools, json, secrets, time, urllib.parse
from typing import Callable

import databases, storm
from calm import DEADLINE, Calm
from drives import basic, percentile
from haechi import CALLBACK, FORM, PASSWORD, Haechi
from person import Person
from report import machine
from servers import note, start_postgres, start_redis

# With or without Retry-After: come back later.
REFUSED = (429, 503)
HASHED, QUICK = DEADLINE["login"], DEADLINE["client_credentials"]
ADDRESSES = 25_000


@dataclasses.dataclass
class Storm:
    """What is asked, how often a second over how many connections, and within how many seconds each is answered, somehow."""
    name: str
    request: Callable[[int], bytes]
    rate: float
    connections: int
    deadline: float


def report(bench):
    options, start = bench.options, starter(bench)
    felt, done = [], []
    for name, prepare in STORMS.items():
        if options.only and options.only not in name:
            continue
        note(name)
        app = start()
        # Before anybody guesses: from then on who comes from a browser that is not known has to work for it.
        calm = Calm(app)
        weather = prepare(Sky(app, options), name)
        time.sleep(1)
        before = calm.live(options.seconds)
        with storm.beside(lambda: storm.pour(app.port, weather.request, weather.rate, weather.connections, options.seconds + 1)) as over:
            time.sleep(0.5)
            during = calm.live(options.seconds)
            answers, lost = over()
        app.server.stop()
        felt += [of_calm(name if kind == "refresh" else "", kind, before[kind], during[kind]) for kind in before]
        done.append(of_storm(weather, answers, lost))
    return "\n".join([
        f"{machine()}; Haechi on {options.on}, another one for each storm, {options.apps:,} apps; each storm {options.seconds} s, after as long without one. "
        f"A ratio over 2, and an answer after its deadline, is in bold; the p99 of a login is the slowest of {options.seconds}.", "",
        "| storm | the calm caller's | p50 calm | p50 beside it | p99 calm | p99 beside it | ratio | slowest | failed |", "|---|---|---:|---:|---:|---:|---:|---:|---:|",
        *felt, "",
        "| storm | asked | answered | refused | p99 of those | lost | slowest | deadline |", "|---|---:|---|---:|---:|---:|---:|---:|", *done, ""])


def of_calm(name, kind, before, during):
    ratio = during.p99 / before.p99
    return (f"| {name} | {kind} | {ms(before.p50)} | {ms(during.p50)} | {ms(before.p99)} | {ms(during.p99)} | {bold(f'{ratio:.1f} ×', ratio > 2)} | "
            f"{bold(ms(during.slowest), during.slowest > DEADLINE[kind])} of {DEADLINE[kind]} s | {during.failed} |")


def of_storm(weather, answers, lost):
    taken, statuses = [seconds for _, seconds in answers], collections.Counter(status for status, _ in answers)
    refused = [seconds for status, seconds in answers if status in REFUSED]
    slowest = max(taken, default=0)
    return (f"| {weather.name} | {len(answers) + lost:,} | {', '.join(f'{count:,} × {status}' for status, count in sorted(statuses.items()))} | {len(refused):,} | "
            f"{ms(percentile(refused, 99)) if refused else '–'} | {lost} | {bold(ms(slowest), slowest > weather.deadline)} | {weather.deadline} s |")


def ms(seconds):
    return f"{seconds * 1000:.1f} ms"


def bold(text, wrong):
    return f"**{text}**" if wrong else text


def starter(bench):
    """What starts a Haechi as it comes, behind a proxy, with as many apps as are wanted, on a database of its own."""
    options, numbers = bench.options, itertools.count()
    if options.on == "postgres":
        postgres, redis = start_postgres(bench.stack, bench.folder), start_redis(bench.stack, bench.folder)

    def start():
        number = next(numbers)
        further = {"HAECHI_NETWORK__TRUSTED_PROXIES": '["127.0.0.1/32"]', "HAECHI_THROTTLING__AUTHORIZATIONS_PER_ADDRESS": "300",
                   "HAECHI_THROTTLING__API_CALLS_PER_CALLER": "100000"}
        if options.on == "postgres":
            database = postgres(f"storm{number}")
            further |= {"HAECHI_REDIS__URL": redis, "HAECHI_REDIS__KEY_PREFIX": f"storm{number}:"}
        else:
            database = f"sqlite:{bench.folder}/storm{number}.db"
        app = Haechi(bench, f"storm{number}", database, further, seed=["--people", "1000", "--apps", str(options.apps)])
        app.client("bench-admin", "--kind", "service", "--role", "app_manager", "--scope", "haechi:read haechi:write")
        app.client("bench-gone", "--kind", "web", "--scope", "openid offline_access", "--first-party", "--redirect-uri", CALLBACK)
        return app
    return start


def address(number):
    """One of many, no two of which are of one network as long as there are others."""
    return f"{20 + number % 180}.{number // 180 % 250}.{number // 45_000 % 250}.{1 + number * 7 % 250}"


class Sky:
    """What the storms are made of."""

    def __init__(self, app, options):
        self.app, self.port, self.options = app, app.port, options

    def correct(self, name):
        """Ten accounts, each at an address of its own."""
        logins = [self.app.known_login(f"storm{number}@example.com", {"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(10)]
        return Storm(name, lambda number: logins[number % 10], 1000, 90, HASHED)

    def wrong(self, name, at):
        """Passwords that are guessed for many names, from where `at` says."""
        person = Person(self.port, "", "")
        fields = person.fields("/login", "login")
        cookies = person.cookie_header()

        def guess(number):
            typed = {"email": f"somebody{number % 5000}@example.com", "password": f"a-guess-of-many-{number}"}
            return storm.form(self.port, "/login", cookies, fields | typed, {"X-Forwarded-For": at(number)})
        return Storm(name, guess, 200, 20, HASHED)

    def wrong_from_few(self, name):
        return self.wrong(name, lambda number: f"203.0.113.{number % 5}")

    def wrong_from_many(self, name):
        return self.wrong(name, address)

    def sign_ups(self, name):
        person, run = Person(self.port, "", ""), secrets.token_hex(4)
        fields = person.fields("/signup", "signup")
        cookies = person.cookie_header()

        def sign_up(number):
            typed = {"email": f"new-{run}-{number}@example.com", "name": "New", "password": f"{run} a long enough passphrase {number}"}
            return storm.form(self.port, "/signup", cookies, fields | typed, {"X-Forwarded-For": address(number)})
        return Storm(name, sign_up, 100, 20, HASHED)

    def preflights(self, name):
        def preflight(number):
            headers = {"Origin": f"https://new-{number}.example", "Access-Control-Request-Method": "POST", "X-Forwarded-For": address(number)}
            return storm.message(self.port, "OPTIONS", "/token", headers)
        return Storm(name, preflight, 500, 20, QUICK)

    def pending(self, name):
        """Logins that one session begins and does not go on with, with a long state."""
        self.app.account("pending@example.com")
        person = Person(self.port, "pending@example.com", PASSWORD, {"X-Forwarded-For": "198.51.100.200"})
        person.sign_in()
        query = urllib.parse.urlencode({
            "response_type": "code", "client_id": "bench-web", "redirect_uri": CALLBACK, "scope": "openid", "prompt": "login", "code_challenge": "A" * 43,
            "code_challenge_method": "S256", "state": "s" * 2000})
        begin = storm.message(self.port, "GET", f"/authorize?{query}", {"Cookie": person.cookie_header(), **person.headers})
        return Storm(name, lambda _: begin, 1000, 8, QUICK)

    def wrong_secrets(self, name):
        def guess(number):
            headers = {"Content-Type": FORM, "Authorization": basic("bench-web", f"wrong-{number}"), "X-Forwarded-For": address(number % ADDRESSES)}
            return storm.message(self.port, "POST", "/token", headers, "grant_type=refresh_token&refresh_token=none")
        return Storm(name, guess, ADDRESSES / self.options.seconds, 40, QUICK)

    def by_admin(self):
        """What makes a call of the administration API."""
        token = self.app.access_token("bench-admin", resource=f"http://127.0.0.1:{self.port}/api/v1")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/merge-patch+json"}
        return lambda method, path, body="": storm.message(self.port, method, f"/api/v1{path}", headers, body)

    def changes(self, name):
        call = self.by_admin()
        change = lambda number: call("PATCH", "/clients/bench-EdDSA", json.dumps({"client_name": f"Changed {number}"}))
        return Storm(name, change, 10, 2, QUICK)

    def disabled(self, name):
        """An app with many grants is switched off, and goes on refreshing one of them."""
        [tokens] = self.app.tokens(1, "bench-gone")
        databases.multiply_grants(databases.of(self.app), "bench-gone", self.options.grants)
        off = self.by_admin()("POST", "/clients/bench-gone/disable")
        headers = {"Content-Type": FORM, "Authorization": self.app.basic("bench-gone"), "X-Forwarded-For": "198.51.100.201"}
        form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
        refresh = storm.message(self.port, "POST", "/token", headers, form)
        return Storm(name, lambda number: off if number == 0 else refresh, 50, 4, QUICK)


STORMS = {
    "right passwords: ten accounts, nine connections each": Sky.correct,
    "wrong passwords from five addresses": Sky.wrong_from_few,
    "wrong passwords from many addresses": Sky.wrong_from_many,
    "sign-ups": Sky.sign_ups,
    "preflights of new origins": Sky.preflights,
    "pending logins of one session": Sky.pending,
    f"wrong client secrets from {ADDRESSES:,} addresses": Sky.wrong_secrets,
    "an app that changes, ten times a second": Sky.changes,
    "an app that is disabled, with many grants": Sky.disabled,
}
