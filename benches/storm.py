"""A storm of password logins: asks at a steady rate, whatever the server manages, and keeps what came back and how long it took."""
import asyncio, dataclasses, itertools, statistics, time, urllib.parse


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
        return itertools.cycle([self.bytes(person) for person in self.people])

    def bytes(self, person):
        body = urllib.parse.urlencode(self.fields | {"email": person})
        return (f"POST /login HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nOrigin: http://{self.host}:{self.port}\r\n"
                f"Cookie: {self.cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def capacity(login, seconds=3, clients=4):
    """How many logins a second the server manages when a few clients ask one after another."""
    return asyncio.run(_closed_loop(login, seconds, clients))


def blow(login, rate, seconds):
    """Asks `rate` times a second for `seconds`; answers a summary."""
    return asyncio.run(_open_loop(login, rate, seconds))


async def _closed_loop(login, seconds, clients):
    end, requests = time.monotonic() + seconds, login.requests()

    async def one():
        done, connection = 0, await asyncio.open_connection("127.0.0.1", login.port)
        while time.monotonic() < end:
            done += (await _ask(connection, next(requests)))[0] == 303
        connection[1].close()
        return done
    return sum(await asyncio.gather(*(one() for _ in range(clients)))) / seconds


async def _open_loop(login, rate, seconds):
    requests, idle, answers, asked = login.requests(), [], [], 0

    async def one():
        connection = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", login.port)
        began = time.monotonic()
        status, retry_after = await _ask(connection, next(requests))
        answers.append((status, retry_after, time.monotonic() - began))
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
        "shed_p50": statistics.median(shed) if shed else 0, "shed_p99": sorted(shed)[int(len(shed) * 0.99)] if shed else 0,
    }


async def _ask(connection, request):
    """Sends one request; answers its status and whether it says when to come back."""
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])}
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status, "retry-after" in headers
