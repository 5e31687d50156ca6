"""The issuer's public keys, as long as its `Cache-Control` lets us keep them."""

import json
import re
import threading
import time
import urllib.request

import jwt

# How often an unknown key, or an issuer that does not answer, may make us ask: a stranger can invent keys by the thousand.
PATIENCE = 10


class Unreachable(Exception):
    """No keys were ever fetched."""


class Keys:
    def __init__(self, issuer):
        self.issuer = issuer
        self.keys = {}
        self.fresh_until = 0.0
        self.unknown_may_ask_at = 0.0
        # Held while fetching, so that a crowd fetches once.
        self.lock = threading.Lock()

    def find(self, kid):
        """The key of this id, if the issuer has it."""
        with self.lock:
            now = time.monotonic()
            stale = now >= self.fresh_until
            # Rare: the issuer publishes a key well before it signs with it, unless somebody is in a hurry to rotate.
            unknown = not stale and kid not in self.keys and now >= self.unknown_may_ask_at
            if unknown:
                self.unknown_may_ask_at = now + PATIENCE
            if stale or unknown:
                try:
                    self.keys, max_age = self.fetch()
                    self.fresh_until = now + max_age
                except (OSError, ValueError, KeyError, jwt.PyJWTError):
                    # The keys we have are as good as they were: tokens stay verifiable while the issuer is away.
                    self.fresh_until = now + PATIENCE
            if not self.keys:
                raise Unreachable
            return self.keys.get(kid)

    def fetch(self):
        metadata, _ = get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        # OpenID Connect Discovery 1.0 section 4.3: it "MUST be identical to the Issuer URL" that was asked.
        if metadata["issuer"] != self.issuer:
            raise ValueError("the metadata is of another issuer")
        key_set, headers = get(metadata["jwks_uri"])
        keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(key_set).keys if key.key_id}
        return keys, max_age(headers)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from where the issuer says they are, and from nowhere else."""

    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


def get(url):
    with opener.open(url, timeout=5) as answer:
        return json.load(answer), answer.headers


def max_age(headers):
    """The `max-age` of RFC 9111 section 5.2.2.1; five minutes where there is none, and never so short that every request fetches."""
    found = re.search(r"(?:^|[,\s])max-age=(\d+)", headers.get("Cache-Control", ""), re.IGNORECASE)
    return max(int(found[1]) if found else 300, PATIENCE)
