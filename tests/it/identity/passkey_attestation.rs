//! Passkeys of listed authenticators only, by an authority of the tests.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::app::{ISSUER, TestApp};
use crate::support::attesting::{Attesting, metadata};
use crate::support::authenticator::{Authenticator, options};

const LISTED: uuid::Uuid = uuid::uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a");

#[tokio::test]
async fn only_what_is_listed_and_attested_makes_a_passkey() {
    let (authority, stranger) = (Attesting::new(), Attesting::new());
    let (_folder, passkeys) = metadata(&authority, LISTED);
    let house = TestApp::with(|config| config.passkeys = passkeys).await;
    let alice = house.user("alice@example.com").await;
    let mut browser = house.signed_in(&alice).await;
    let asked: Value = serde_json::from_str(&options(&browser.ask_for_passkey().await)).unwrap();
    assert_eq!(asked["attestation"], "direct");
    let another = uuid::uuid!("cb69481e-8ff7-4039-93ec-0a2729a154a8");
    for (what, by, aaguid) in [
        ("none", None, LISTED),
        ("one that nobody listed", Some(&authority), another),
        ("one that somebody else attests", Some(&stranger), LISTED),
    ] {
        let mut device = Authenticator::new(ISSUER, what);
        device.aaguid = *aaguid.as_bytes();
        device.attested_by(by);
        let refused = browser.add_passkey(&mut device, "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", refused.body);
        assert!(refused.text("problem").contains("certain security keys"), "{what}: {}", refused.body);
        let refused = house.browser().sign_up_by_passkey("kim@example.com", &mut device).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", refused.body);
    }
    let mut device = Authenticator::new(ISSUER, "listed");
    device.aaguid = *LISTED.as_bytes();
    device.attested_by(Some(&authority));
    let added = browser.add_passkey(&mut device, "").await;
    assert!(added.has("saved") && added.text("passkeys").contains("YubiKey 5 NFC"), "{}", added.body);
    let mut other = house.browser();
    let page = other.get("/login").await;
    assert!(other.use_passkey(&page, &mut device).await.has("account-name"));
}
