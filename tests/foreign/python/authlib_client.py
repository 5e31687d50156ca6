"""PyPI Authlib, as a confidential web app (client_secret_post): a whole login, from discovery to logout."""

import os
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

# The server under test is on this machine, without TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from browser import Browser

ISSUER = os.environ["ISSUER"]
CLIENT_ID = os.environ["CLIENT_ID"]
AFTER_LOGOUT = os.environ["AFTER_LOGOUT"]
EMAIL = os.environ["EMAIL"]

metadata = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=10).json()
assert metadata["issuer"] == ISSUER
session = OAuth2Session(
    CLIENT_ID,
    os.environ["CLIENT_SECRET"],
    redirect_uri=os.environ["REDIRECT_URI"],
    scope="openid profile email offline_access",
    token_endpoint_auth_method="client_secret_post",
    revocation_endpoint_auth_method="client_secret_post",
    code_challenge_method="S256",
)
browser = Browser(ISSUER, EMAIL, os.environ["PASSWORD"])


def authorize(**parameters):
    """Sends the browser there and back; answers the tokens and the verified claims of the ID token."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **parameters
    )
    callback = browser.follow(url)
    answer = parse_qs(urlsplit(callback).query)
    # RFC 9207 section 2.4: of an error too.
    assert answer["iss"] == [ISSUER]
    if "error" in answer:
        raise OAuthError(error=answer["error"][0])
    tokens = session.fetch_token(
        metadata["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier
    )
    return tokens, verified(tokens, nonce)


def verified(tokens, nonce=None):
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    token = jwt.decode(tokens["id_token"], keys, algorithms=metadata["id_token_signing_alg_values_supported"])
    expected = {"iss": {"essential": True, "values": [ISSUER]}, "aud": {"essential": True, "value": CLIENT_ID}}
    parameters = {"client_id": CLIENT_ID, "nonce": nonce, "access_token": tokens["access_token"]}
    claims = CodeIDToken(token.claims, token.header, expected, parameters)
    claims.validate(leeway=5)
    return claims


def introspect(token):
    return session.introspect_token(metadata["introspection_endpoint"], token=token).json()


def fails(error, action):
    try:
        action()
    except OAuthError as refused:
        assert refused.error == error, refused
    else:
        raise AssertionError(f"no {error}")


tokens, claims = authorize()
user = session.get(metadata["userinfo_endpoint"]).json()
assert user["sub"] == claims["sub"]
assert user["email"] == EMAIL

again, _ = authorize(prompt="none")

refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=tokens["refresh_token"])
assert refreshed["refresh_token"] != tokens["refresh_token"]
assert verified(refreshed)["sub"] == claims["sub"]

seen = introspect(refreshed["access_token"])
assert seen["active"] and seen["sub"] == claims["sub"] and seen["client_id"] == CLIENT_ID

assert session.revoke_token(metadata["revocation_endpoint"], token=refreshed["refresh_token"]).status_code == 200
assert introspect(refreshed["access_token"]) == {"active": False}
fails(
    "invalid_grant",
    lambda: session.refresh_token(metadata["token_endpoint"], refresh_token=refreshed["refresh_token"]),
)

end = urlencode({"id_token_hint": again["id_token"], "post_logout_redirect_uri": AFTER_LOGOUT, "state": "out"})
assert browser.follow(f"{metadata['end_session_endpoint']}?{end}") == f"{AFTER_LOGOUT}?state=out"
fails("login_required", lambda: authorize(prompt="none"))

print("authlib: done")
