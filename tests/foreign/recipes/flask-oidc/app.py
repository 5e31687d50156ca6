"""Flask with Flask-OIDC, as its documentation shows it."""

import os

from flask import Flask, g, session
from flask_oidc import OpenIDConnect

app = Flask(__name__)
app.config.from_pyfile("settings.py")
oidc = OpenIDConnect(app)


@app.get("/")
def home():
    return f"{g.oidc_user.name} {g.oidc_user.email}" if oidc.user_loggedin else "Nobody is signed in."


@app.get("/private")
@oidc.require_login
def private():
    return session["oidc_auth_profile"]


@app.get("/userinfo")
@oidc.require_login
def userinfo():
    return oidc.oauth.oidc.userinfo(token=session["oidc_auth_token"])


@app.get("/api")
@oidc.require_login
def api():
    return oidc.oauth.oidc.get(os.environ["API"], token=session["oidc_auth_token"]).json()


@app.get("/expire")
@oidc.require_login
def expire():
    """Lets the next request find that the access token has expired."""
    session["oidc_auth_token"] |= {"expires_at": 1}
    return "expired"
