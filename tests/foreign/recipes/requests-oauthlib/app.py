"""Flask with requests-oauthlib, as its documentation shows the web application flow."""

import os

from flask import Flask, redirect, request, session
from requests_oauthlib import OAuth2Session

app = Flask(__name__)
app.config.from_pyfile("settings.py")

if app.config["TOKEN_URL"].startswith("http://"):
    # For a server on this machine: oauthlib refuses http otherwise.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def haechi(**more):
    scope = ["openid", "profile", "email", "offline_access"]
    return OAuth2Session(app.config["CLIENT_ID"], redirect_uri=app.config["REDIRECT_URI"], scope=scope, **more)


@app.get("/")
def home():
    return "Somebody is signed in." if "token" in session else "Nobody is signed in."


@app.get("/login")
def login():
    url, session["state"] = haechi().authorization_url(app.config["AUTHORIZATION_URL"])
    return redirect(url)


@app.get("/callback")
def callback():
    client = haechi(state=session["state"])
    secret = app.config["CLIENT_SECRET"]
    token = client.fetch_token(app.config["TOKEN_URL"], client_secret=secret, authorization_response=request.url)
    session["token"] = {name: token[name] for name in ("access_token", "refresh_token", "token_type")}
    return redirect("/userinfo")


@app.get("/userinfo")
def userinfo():
    return haechi(token=session["token"]).get(app.config["USERINFO_URL"]).json()


@app.get("/api")
def api():
    return haechi(token=session["token"]).get(os.environ["API"]).json()


@app.get("/refresh")
def refresh():
    auth = (app.config["CLIENT_ID"], app.config["CLIENT_SECRET"])
    token = haechi(token=session["token"]).refresh_token(app.config["TOKEN_URL"], auth=auth)
    session["token"] = {name: token[name] for name in ("access_token", "refresh_token", "token_type")}
    return "refreshed"


@app.get("/logout")
def logout():
    session.clear()
    return redirect(app.config["LOGOUT_URL"])
