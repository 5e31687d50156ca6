"""Flask with Flask-Dance: a provider of one's own, as its documentation shows it."""

import os

from flask import Flask, redirect, session
from flask_dance.consumer import OAuth2ConsumerBlueprint

app = Flask(__name__)
app.config.from_pyfile("settings.py")

if app.config["HAECHI_TOKEN_URL"].startswith("http://"):
    # For a server on this machine: oauthlib refuses http otherwise.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

haechi = OAuth2ConsumerBlueprint(
    "haechi",
    __name__,
    client_id=app.config["HAECHI_CLIENT_ID"],
    client_secret=app.config["HAECHI_CLIENT_SECRET"],
    scope=["openid", "profile", "email", "offline_access"],
    authorization_url=app.config["HAECHI_AUTHORIZATION_URL"],
    token_url=app.config["HAECHI_TOKEN_URL"],
    auto_refresh_url=app.config["HAECHI_TOKEN_URL"],
)
app.register_blueprint(haechi, url_prefix="/login")


@app.get("/")
def home():
    if not haechi.session.authorized:
        return "Nobody is signed in."
    return haechi.session.get(app.config["HAECHI_USERINFO_URL"]).json()


@app.get("/api")
def api():
    return haechi.session.get(os.environ["API"]).json()


@app.get("/logout")
def logout():
    session.clear()
    return redirect(app.config["HAECHI_LOGOUT_URL"])
