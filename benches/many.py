"""Codes and tokens by the thousand: asked for on a few connections at once, each kept alive."""
import asyncio, base64, hashlib, json, secrets, sys, urllib.parse

import storm

CONNECTIONS = 8


def code_forms(port, cookies, client, callback, count):
    """Begins as many logins as the person who is signed in, and answers the forms that exchange their codes."""
    async def one(connection):
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urllib.parse.urlencode({
            "response_type": "code", "client_id": client, "redirect_uri": callback, "scope": "openid offline_access",
            "code_challenge": challenge, "code_challenge_method": "S256", "prompt": "none"})
        status, headers, body = await storm.ask(connection, storm.message(port, "GET", f"/authorize?{query}", {"Cookie": cookies}))
        location = headers.get("location", "")
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query).get("code")
        if not code:
            sys.exit(f"no code: {status} {location} {body[:500]}")
        return urllib.parse.urlencode({"grant_type": "authorization_code", "code": code[0], "redirect_uri": callback, "code_verifier": verifier})
    return asyncio.run(_all(port, [one] * count))


def exchanged(port, path, authorization, forms):
    """Sends each form to the token endpoint and answers the tokens."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": authorization}

    def sending(form):
        async def one(connection):
            status, _, body = await storm.ask(connection, storm.message(port, "POST", path, headers, form))
            if status != 200:
                sys.exit(f"no tokens: {status} {body.decode(errors='replace')}")
            return json.loads(body)
        return one
    return asyncio.run(_all(port, [sending(form) for form in forms]))


async def _all(port, jobs):
    """Does each job on one of the connections; answers what came of them in their order."""
    waiting, results = iter(enumerate(jobs)), [None] * len(jobs)

    async def work():
        connection = await asyncio.open_connection("127.0.0.1", port)
        for number, job in waiting:
            results[number] = await job(connection)
        connection[1].close()
    await asyncio.gather(*(work() for _ in range(min(CONNECTIONS, len(jobs)))))
    return results
