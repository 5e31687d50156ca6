"""A FastAPI app that signs people in with Haechi, through Authlib."""

import os
import secrets
from urllib.parse import urlencode

from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.config import Config
from starlette.middleware.sessions import SessionMiddleware

settings = Config(".env")

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=settings("SESSION_SECRET"), same_site="lax")

# HAECHI_CLIENT_ID and HAECHI_CLIENT_SECRET are read from the settings.
oauth = OAuth(settings)
haechi = oauth.register(
    "haechi",
    server_metadata_url=settings("HAECHI_METADATA_URL"),
    client_kwargs={"scope": "openid profile email offline_access", "code_challenge_method": "S256"},
)

# Tokens stay on the server, by the session that a cookie names. An app with several processes keeps them in its database.
tokens: dict[str, dict] = {}


@app.get("/", response_class=HTMLResponse)
async def home(request: Request):
    token = token_of(request)
    if token is None:
        return '<p>Nobody is signed in.</p><p><a href="/login">Sign in</a></p>'
    return '<p><a href="/me">Who am I?</a> <a href="/logout">Sign out</a></p>'


@app.get("/login")
async def login(request: Request):
    return await haechi.authorize_redirect(request, request.url_for("auth"))


@app.get("/auth")
async def auth(request: Request):
    token = await haechi.authorize_access_token(request)
    request.session["id"] = secrets.token_urlsafe()
    tokens[request.session["id"]] = token
    return RedirectResponse("/me")


@app.get("/me")
async def me(request: Request):
    """What the ID token says of the person."""
    token = token_of(request)
    return token["userinfo"] if token else RedirectResponse("/login")


@app.get("/userinfo")
async def userinfo(request: Request):
    """What UserInfo says: a call with the access token."""
    return await haechi.userinfo(token=token_of(request))


@app.get("/api")
async def api(request: Request):
    """A service of yours, called in the person's name: API is its URL."""
    if "API" not in os.environ:
        raise HTTPException(501, "API is not set: start the app with the URL of a service of yours in it.")
    answer = await haechi.get(os.environ["API"], token=token_of(request))
    return answer.json()


@app.get("/refresh")
async def refresh(request: Request):
    token = token_of(request)
    fresh = await haechi.fetch_access_token(grant_type="refresh_token", refresh_token=token["refresh_token"])
    token.update(fresh)
    return {"expires_in": fresh["expires_in"]}


@app.get("/logout")
async def logout(request: Request):
    """Signs out here, and ends the session at Haechi: OpenID Connect RP-Initiated Logout."""
    token = tokens.pop(request.session.pop("id", ""), None)
    if token is None:
        return RedirectResponse("/")
    metadata = await haechi.load_server_metadata()
    query = urlencode({"id_token_hint": token["id_token"], "post_logout_redirect_uri": request.url_for("home")})
    return RedirectResponse(f"{metadata['end_session_endpoint']}?{query}")


def token_of(request: Request) -> dict | None:
    return tokens.get(request.session.get("id", ""))
