"""Flask with Authlib, as its documentation shows it: no code challenge, the person from the ID token."""

import os
from urllib.parse import urlencode

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify, redirect, session, url_for

app = Flask(__name__)
app.config.from_pyfile("settings.py")

oauth = OAuth(app)
# What is configured with the name in capitals before it need not be given here.
oauth.register("haechi", client_kwargs={"scope": "openid profile email offline_access"})


@app.get("/")
def home():
    return jsonify(session.get("user"))


@app.get("/login")
def login():
    return oauth.haechi.authorize_redirect(url_for("auth", _external=True))


@app.get("/auth")
def auth():
    token = oauth.haechi.authorize_access_token()
    session["user"] = token["userinfo"]
    session["tokens"] = {name: token[name] for name in ("access_token", "refresh_token", "id_token", "token_type")}
    return redirect("/")


@app.get("/userinfo")
def userinfo():
    return oauth.haechi.userinfo(token=session["tokens"])


@app.get("/api")
def api():
    return oauth.haechi.get(os.environ["API"], token=session["tokens"]).json()


@app.get("/refresh")
def refresh():
    refresh_token = session["tokens"]["refresh_token"]
    fresh = oauth.haechi.fetch_access_token(grant_type="refresh_token", refresh_token=refresh_token)
    session["tokens"] |= {name: fresh[name] for name in ("access_token", "refresh_token")}
    return {"expires_in": fresh["expires_in"]}


@app.get("/logout")
def logout():
    hint = session["tokens"]["id_token"]
    session.clear()
    end = oauth.haechi.load_server_metadata()["end_session_endpoint"]
    home_url = url_for("home", _external=True)
    return redirect(f"{end}?{urlencode({'id_token_hint': hint, 'post_logout_redirect_uri': home_url})}")
