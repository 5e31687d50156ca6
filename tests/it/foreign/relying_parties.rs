//! Relying parties from npm and `PyPI`: each goes from discovery through login, code, tokens, UserInfo, refresh, introspection and
//! revocation to logout. What they do is in `tests/foreign`.

use std::process::Command;

use super::server::{Registered, Server};
use super::{PASSWORD, node, path, python};

const EMAIL: &str = "minji@example.com";
const RESOURCE: &str = "https://orders.example/";
const CALLBACK: &str = "http://127.0.0.1:9/callback";
const AFTER_LOGOUT: &str = "http://127.0.0.1:9/signed-out";

#[tokio::test(flavor = "multi_thread")]
async fn openid_client_of_npm() {
    let Some(mut node) = node("tests/foreign/node") else { return };
    node.arg(path("tests/foreign/node/openid-client.mjs"));
    let server = Server::start().await;
    let client = app(&server, &["--auth", "client_secret_basic"]);
    drive(node, &server, &client);
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_client_of_npm_asks_for_two_factors_and_gets_them() {
    let Some(mut node) = node("tests/foreign/node") else { return };
    node.arg(path("tests/foreign/node/step-up.mjs"));
    let server = Server::start().await;
    let client = app(&server, &["--auth", "client_secret_basic"]);
    drive(node, &server, &client);
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth4webapi_of_npm() {
    let Some(mut node) = node("tests/foreign/node") else { return };
    let keys = crate::support::folder::Folder::new();
    let public = keys.path().join("jwks.json");
    let made = Command::new("node").arg(path("tests/foreign/node/make-key.mjs")).arg(&public).output().unwrap();
    assert!(made.status.success());
    node.arg(path("tests/foreign/node/oauth4webapi.mjs"));
    node.env("CLIENT_KEY", String::from_utf8(made.stdout).unwrap());
    let server = Server::start().await;
    let client = app(&server, &["--auth", "private_key_jwt", "--jwks", public.to_str().unwrap()]);
    drive(node, &server, &client);
}

#[tokio::test(flavor = "multi_thread")]
async fn authlib_of_pypi() {
    let Some(mut python) = python() else { return };
    python.arg(path("tests/foreign/python/authlib_client.py"));
    let server = Server::start().await;
    let client = app(&server, &["--auth", "client_secret_post"]);
    drive(python, &server, &client);
}

/// Registers a web app that people are asked about.
fn app(server: &Server, authentication: &[&str]) -> Registered {
    let uris = ["--redirect-uri", CALLBACK, "--post-logout-redirect-uri", AFTER_LOGOUT, "--resource", RESOURCE];
    let scope = ["--scope", "openid profile email offline_access orders:read"];
    server.register(&[&["--kind", "web", "--name", "Foreign"], &uris[..], &scope, authentication].concat())
}

/// Runs a script to its end.
fn drive(mut script: Command, server: &Server, client: &Registered) {
    server.sign_up(EMAIL);
    script.env("ISSUER", &server.issuer).env("CLIENT_ID", &client.id).env("NO_PROXY", "*");
    script.env("CLIENT_SECRET", client.secret.as_deref().unwrap_or_default());
    script.env("REDIRECT_URI", CALLBACK).env("AFTER_LOGOUT", AFTER_LOGOUT).env("RESOURCE", RESOURCE);
    let output = script.env("EMAIL", EMAIL).env("PASSWORD", PASSWORD).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(output.status.success() && printed.contains("done"), "{printed}");
}
