"""From a request to a caller: RFC 9068 section 4 for the token, RFC 6750 section 3 for the refusals."""

import jwt

from keys import Keys, Unreachable

# The signature algorithms that are good enough here; anything else, `none` and shared secrets above all, is not.
ALGORITHMS = {"ES256", "ES384", "EdDSA", "PS256", "RS256"}
# The claims that an access token must have (RFC 9068 section 2.2).
REQUIRED = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]


class Refused(Exception):
    """A request that gets no answer but a status, and where RFC 6750 wants it a challenge."""

    def __init__(self, status, code=None, **parameters):
        super().__init__(code)
        self.status, self.code, self.headers = status, code, []
        if status in (400, 401, 403):
            challenge = {"realm": "orders"} | ({"error": code} if code else {}) | parameters
            value = ", ".join(f'{name}="{text}"' for name, text in challenge.items())
            self.headers = [("WWW-Authenticate", f"Bearer {value}")]
        elif status == 503:
            self.headers = [("Retry-After", "5")]


class Verifier:
    def __init__(self, issuer, audience):
        self.issuer, self.audience, self.keys = issuer, audience, Keys(issuer)

    def require(self, headers, scope):
        """The claims of the caller, if the request brings a token that is good here and has the scope."""
        claims = self.verify(bearer(headers))
        if scope not in str(claims.get("scope", "")).split(" "):
            raise Refused(403, "insufficient_scope", scope=scope)
        return claims

    def verify(self, token):
        try:
            header = jwt.get_unverified_header(token)
            # An ID token is signed by the same keys, and must not be taken for an access token.
            if str(header.get("typ")).lower() not in ("at+jwt", "application/at+jwt") or "kid" not in header:
                raise Refused(401, "invalid_token")
            key = self.keys.find(header["kid"])
            # The key decides about the algorithm, not the token.
            if key is None or key.algorithm_name not in ALGORITHMS:
                raise Refused(401, "invalid_token")
            return jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self.issuer,
                audience=self.audience,
                leeway=5,
                options={"require": REQUIRED},
            )
        except Unreachable:
            # No key has been fetched so far, so no token can be judged.
            raise Refused(503) from None
        except jwt.PyJWTError:
            # Why it is no good is nobody's business.
            raise Refused(401, "invalid_token") from None


def bearer(headers):
    """RFC 6750 section 2.1. The scheme's case does not matter (RFC 9110 section 11.1)."""
    value = headers.get("Authorization")
    if value is None:
        # No error is named: the caller may simply not know yet that it needs a token.
        raise Refused(401)
    match value.split():
        case [scheme, token] if scheme.lower() == "bearer":
            return token
        case _:
            raise Refused(400, "invalid_request")
