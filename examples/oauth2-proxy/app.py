"""An app that knows nothing of OpenID Connect: oauth2-proxy before it says in headers who the user is."""

import html
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API = os.environ.get("API", "http://localhost:8080/userinfo")
PORT = int(os.environ.get("APP_PORT", "8000"))
# Where oauth2-proxy signs out, and where it sends the browser then.
SIGN_OUT = "/oauth2/sign_out?rd=%2Fsigned-out"

PROFILE = """<!DOCTYPE html><html lang="en"><title>Shop: who you are</title>
<h1>Hello, {name}</h1>
<p>Your e-mail address is {email}.</p>
<p><a href="/api">Call the API</a></p>
<p><a href="{sign_out}">Sign out</a></p></html>"""
ANSWER = """<!DOCTYPE html><html lang="en"><title>Shop: the API</title>
<h1>The API answered</h1>
<pre>{answer}</pre>
<p><a href="/">Back</a></p></html>"""
SIGNED_OUT = """<!DOCTYPE html><html lang="en"><title>Shop</title>
<h1>You are signed out</h1>
<p><a href="/">Sign in</a></p></html>"""


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/signed-out":
            self.show(SIGNED_OUT)
        elif self.path == "/api":
            self.show(ANSWER, answer=self.call_api())
        else:
            email = self.headers.get("X-Forwarded-Email", "")
            name = self.headers.get("X-Forwarded-Preferred-Username") or email
            self.show(PROFILE, name=name, email=email, sign_out=SIGN_OUT)

    def call_api(self):
        """Calls a service in the user's name: oauth2-proxy hands on the access token, and refreshes it."""
        token = self.headers.get("X-Forwarded-Access-Token", "")
        request = urllib.request.Request(API, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def show(self, page, **values):
        body = page.format(**{name: html.escape(value) for name, value in values.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # Whoever reached it past oauth2-proxy could say to be anybody: it listens on this machine alone.
    ThreadingHTTPServer(("127.0.0.1", PORT), App).serve_forever()
