"""A service with one endpoint, `GET /orders`, for callers whose access token has the scope `orders:read`.

The token is checked here, by signature: Haechi is asked for its public keys now and then, and never about a token.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from verify import Refused, Verifier

ISSUER = os.environ.get("ISSUER", "http://localhost:8080")
# What this service is called in the `resource` parameter of a token request, and so in `aud`: a name, wherever it listens.
AUDIENCE = os.environ.get("AUDIENCE", "https://orders.example")
PORT = int(os.environ.get("PORT", "4100"))

verifier = Verifier(ISSUER, AUDIENCE)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        try:
            if self.path.partition("?")[0] != "/orders":
                raise Refused(404)
            caller = verifier.require(self.headers, scope="orders:read")
        except Refused as refused:
            self.answer(refused.status, {"error": refused.code}, refused.headers)
        else:
            self.answer(200, {"orders": [{"id": 1, "item": "granite statue"}], "reader": caller["sub"]})

    def answer(self, status, body, headers=()):
        encoded = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", len(encoded)), *headers):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(encoded)


if __name__ == "__main__":
    print(f"orders for those who may read them: http://127.0.0.1:{PORT}/orders", flush=True)
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
