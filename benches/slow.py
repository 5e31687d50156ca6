"""Two upstream providers: `/fast` publishes its discovery document at once, and every other one makes callers wait. And the people who wait."""
import asyncio, json, threading

# Just under the time that Haechi gives a provider.
PATIENCE = 4.5


class Providers:
    """Both of them on one port of loopback, in a thread of their own."""

    def __init__(self, port):
        self.port, started = port, threading.Event()
        self.loop = asyncio.new_event_loop()

        async def listen():
            self.server = await asyncio.start_server(self._answer, "127.0.0.1", port, backlog=1024)
            started.set()
        threading.Thread(target=lambda: (self.loop.run_until_complete(listen()), self.loop.run_forever()), daemon=True).start()
        started.wait(10)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)

    def issuer(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    async def _answer(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fast = head.split(b" ")[1].startswith(b"/fast/")
                if not fast:
                    await asyncio.sleep(PATIENCE)
                body = json.dumps(self._discovery() if fast else {}).encode()
                status = b"200 OK" if fast else b"503 Service Unavailable"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _discovery(self):
        issuer = self.issuer("fast")
        return {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/jwks",
            "userinfo_endpoint": f"{issuer}/userinfo", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"]}


def wait(port, paths, cookies):
    """Asks for each path once, all at the same time; answers how long each waited, in seconds."""
    async def one(path):
        began = asyncio.get_running_loop().time()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n".encode())
        await reader.read()
        writer.close()
        return asyncio.get_running_loop().time() - began

    async def everybody():
        return await asyncio.gather(*(one(path) for path in paths))
    return asyncio.run(everybody())
