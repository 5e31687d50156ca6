"""The well-behaved caller: refreshes its grants, asks for tokens of its own, and signs somebody in, each at its own pace, whatever others do."""
import asyncio, json, urllib.parse

import storm
from drives import percentile
from haechi import FORM

# How often a second, and what each is answered with.
PACE = {"refresh": 10, "client_credentials": 10, "login": 1}
SERVED = {"refresh": 200, "client_credentials": 200, "login": 303}
# Within how many seconds each is answered, somehow: hashing takes nobody who would wait for longer than two.
DEADLINE = {"refresh": 1, "client_credentials": 1, "login": 3}
FROM = {"X-Forwarded-For": "192.0.2.10"}


class Calm:
    def __init__(self, app):
        self.app, self.port = app, app.port
        self.grants = [Grant(tokens["refresh_token"]) for tokens in app.tokens(PACE["refresh"])]
        self.logins = [app.known_login(f"calm{number}@example.com", FROM) for number in range(10)]

    def live(self, seconds):
        """Goes on for a while; answers, for each thing it does, the statuses and how many seconds each took from when it was due."""
        return asyncio.run(self._live(seconds))

    async def _live(self, seconds):
        loop, idle, lived = asyncio.get_running_loop(), [], {kind: [] for kind in PACE}
        began = loop.time()

        async def one(kind, number):
            due = began + (number + 0.5) / PACE[kind]
            await asyncio.sleep(due - loop.time())
            status = 0
            try:
                connection = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", self.port)
                status = await getattr(self, f"_{kind}")(connection, number)
                idle.append(connection)
            except (OSError, asyncio.IncompleteReadError):
                pass
            lived[kind].append((status, loop.time() - due))
        await asyncio.gather(*(one(kind, number) for kind, pace in PACE.items() for number in range(pace * seconds)))
        for _, writer in idle:
            writer.close()
        return {kind: Lived(kind, answers) for kind, answers in lived.items()}

    async def _refresh(self, connection, number):
        grant = self.grants[number % len(self.grants)]
        # An app does not refresh a grant twice at once.
        async with grant.turn:
            form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": grant.token})
            status, _, body = await storm.ask(connection, self._token_request("bench-web", form))
            if status == 200:
                grant.token = json.loads(body)["refresh_token"]
        return status

    async def _client_credentials(self, connection, _number):
        return (await storm.ask(connection, self._token_request("bench-ES256", "grant_type=client_credentials&scope=read")))[0]

    async def _login(self, connection, number):
        return (await storm.ask(connection, self.logins[number % len(self.logins)]))[0]

    def _token_request(self, client, form):
        headers = {"Content-Type": FORM, "Authorization": self.app.basic(client), **FROM}
        return storm.message(self.port, "POST", "/token", headers, form)


class Grant:
    def __init__(self, token):
        self.token, self.turn = token, asyncio.Lock()


class Lived:
    """How one kind of request fared."""

    def __init__(self, kind, answers):
        taken = [seconds for _, seconds in answers]
        self.failed = sum(status != SERVED[kind] for status, _ in answers)
        self.p50, self.p99, self.slowest = percentile(taken, 50), percentile(taken, 99), max(taken)
