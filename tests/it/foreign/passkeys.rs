//! Passkeys as `PyPI`'s webauthn reads them: what is taken here is taken there. What it does is in `tests/foreign/python/passkeys.py`.

use std::io::Write;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{path, python};
use crate::support::app::{ISSUER, TestApp};
use crate::support::attesting::{Attesting, metadata};
use crate::support::authenticator::{Authenticator, options};

const AAGUID: uuid::Uuid = uuid::uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a");

#[tokio::test]
async fn py_webauthn_takes_what_is_taken_here() {
    agree(None).await;
}

#[tokio::test]
async fn py_webauthn_verifies_the_attestation_that_is_verified_here() {
    agree(Some(&Attesting::new())).await;
}

async fn agree(maker: Option<&Attesting>) {
    let Some(mut python) = python() else { return };
    let listed = maker.map(|maker| metadata(maker, AAGUID));
    let house = TestApp::with(|config| {
        if let Some((_, passkeys)) = &listed {
            config.passkeys = passkeys.clone();
        }
    })
    .await;
    let mut device = Authenticator::new(ISSUER, "kim");
    device.aaguid = *AAGUID.as_bytes();
    device.attested_by(maker);
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let (create, created) = (options(&page), device.create(&options(&page)));
    let filled = [("email", "kim@example.com"), ("answer", created.as_str())];
    assert!(browser.submit(&page, "passkey", &filled).await.has("account-name"));
    let mut other = house.browser();
    let page = other.get("/login").await;
    let (get, used) = (options(&page), device.get(&options(&page)));
    assert!(other.submit(&page, "passkey", &[("answer", &used)]).await.has("account-name"));

    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let authority = maker.map(|maker| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(maker.certificate()))
    });
    let made = json!({
        "create": read(&create), "created": read(&created), "get": read(&get), "used": read(&used),
        "aaguid": AAGUID.to_string(), "authority": authority,
    });
    python.arg(path("tests/foreign/python/passkeys.py")).env("ISSUER", ISSUER).env("RP_ID", "id.example");
    let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(made.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && printed.ends_with("done\n"), "{printed}");
}
