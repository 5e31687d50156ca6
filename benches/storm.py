"""A storm of requests: asks at a steady rate, whatever the server manages, and keeps what came back and how long it took."""
import asyncio, contextlib, dataclasses, itertools, multiprocessing, os, time, urllib.parse

from drives import percentile


@dataclasses.dataclass
class Login:
    """Logins as a browser without JavaScript sends them: the cookies and the fields of a login page, filled in by several people."""
    host: str
    port: int
    cookies: str
    fields: dict
    people: list

    def requests(self):
        """The request of each person in turn, for ever."""
        return itertools.cycle([form(self.port, "/login", self.cookies, self.fields | {"email": person}) for person in self.people])


def message(port, method, path, headers=None, body=""):
    """A request, as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    body = body.encode()
    if body or method not in ("GET", "OPTIONS"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def form(port, path, cookies, fields, headers=None):
    """A form that a page of the server sends to it."""
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    if cookies:
        headers["Cookie"] = cookies
    return message(port, "POST", path, headers, urllib.parse.urlencode(fields))


def capacity(login, seconds=3, clients=4):
    """How many logins a second the server manages when a few clients ask one after another."""
    return asyncio.run(_closed_loop(login, seconds, clients))


def blow(login, rate, seconds):
    """Asks `rate` times a second for `seconds`; answers a summary."""
    return asyncio.run(_open_loop(login, rate, seconds))


def pour(port, request, rate, connections, seconds):
    """Asks for what `request` makes of each number, at most `rate` times a second over so many connections, each of which waits for its answer. Answers the
    statuses with the seconds that each took, and how many got none."""
    return asyncio.run(_pour(port, request, rate, connections, seconds))


async def _closed_loop(login, seconds, clients):
    end, requests = time.monotonic() + seconds, login.requests()

    async def one():
        done, connection = 0, await asyncio.open_connection("127.0.0.1", login.port)
        while time.monotonic() < end:
            done += (await ask(connection, next(requests)))[0] == 303
        connection[1].close()
        return done
    return sum(await asyncio.gather(*(one() for _ in range(clients)))) / seconds


async def _open_loop(login, rate, seconds):
    requests, idle, answers, asked = login.requests(), [], [], 0

    async def one():
        connection = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", login.port)
        began = time.monotonic()
        status, headers, _ = await ask(connection, next(requests))
        answers.append((status, "retry-after" in headers, time.monotonic() - began))
        idle.append(connection)

    began, tasks = time.monotonic(), []
    while (now := time.monotonic() - began) < seconds:
        while asked < now * rate:
            asked += 1
            tasks.append(asyncio.create_task(one()))
        await asyncio.sleep(0.002)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    lost = sum(isinstance(result, BaseException) for result in results)
    shed = [taken for status, retry_after, taken in answers if status == 503 and retry_after]
    return {
        "asked": asked, "signed_in": sum(status == 303 for status, _, _ in answers), "shed": len(shed),
        "other": sum(status not in (303, 503) or (status == 503 and not retry_after) for status, retry_after, _ in answers), "lost": lost,
        "shed_p50": percentile(shed, 50), "shed_p99": percentile(shed, 99),
    }


async def _pour(port, request, rate, connections, seconds):
    answers, lost, numbers, began = [], 0, itertools.count(), time.monotonic()

    async def one(place):
        nonlocal lost
        connection, turn = None, 0
        while (due := (place + turn * connections) / rate) < seconds:
            await asyncio.sleep(max(began + due - time.monotonic(), 0))
            sent = time.monotonic()
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", port)
                status, headers, _ = await ask(connection, request(next(numbers)))
                answers.append((status, time.monotonic() - sent))
                ends = headers.get("connection") == "close"
            except (OSError, asyncio.IncompleteReadError):
                lost, ends = lost + 1, True
            if ends and connection:
                connection[1].close()
                connection = None
            # Turns that went by while it waited are left out.
            turn = max(turn + 1, int(((time.monotonic() - began) * rate - place) / connections) + 1)
        if connection:
            connection[1].close()
    await asyncio.gather(*(one(place) for place in range(connections)))
    return answers, lost


async def ask(connection, request):
    """Sends one request; answers its status, its headers and its body."""
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status, body = int(head[9:12]), b""
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])}
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    return status, headers, body


@contextlib.contextmanager
def beside(blowing):
    """Lets `blowing`, a function, run in a process of its own, so that it does not hold up who measures; answers a function that waits for what it returned."""
    forked = multiprocessing.get_context("fork")
    ours, theirs = forked.Pipe(duplex=False)

    def run():
        os.nice(5)
        theirs.send(blowing())
    process = forked.Process(target=run, daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv
    finally:
        ours.close()
        process.join(30)
