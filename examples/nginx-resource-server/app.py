"""A service that knows nothing of tokens: nginx lets in whom the verifier lets in, and says who it is."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Orders(BaseHTTPRequestHandler):
    def do_GET(self):
        orders = [{"id": 1, "item": "granite statue"}]
        body = json.dumps({"orders": orders, "reader": self.headers["X-Subject"]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # Whoever reached it past nginx could say to be anybody: it listens on this machine alone.
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["APP_PORT"])), Orders).serve_forever()
