//! The signing keys, from the administrators' side.

use std::time::Duration;

use haechi::admin::clients::{self, ClientResource};
use haechi::admin::keys::{self, KeyGiven};
use haechi::admin::{Authority, Rejected};
use haechi::doctor::{self, State};
use haechi::keys::{KeyError, TokenType};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::SigningAlgorithm::{self, ES256, EdDSA};
use haechi::model::signing_key::KeyState;
use haechi::store::{Change, Conflict, StoreError};
use haechi::support::Clock;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::call;
use crate::support::keys::ED25519;

fn ed25519() -> KeyGiven {
    KeyGiven { algorithm: EdDSA, pem: ED25519.to_owned().into() }
}

#[tokio::test]
async fn a_rotation_is_asked_for_and_recorded() {
    let house = TestApp::new().await;
    let app = &house.app;
    for asked in 1..3 {
        keys::rotate(&app.admin, &Authority::operator(), &app.keys, Some(SigningAlgorithm::ES256)).await.unwrap();
        let log = house.audit(AuditKind::KeysRotated).await;
        assert_eq!(log.len(), asked, "one entry each, whether or not there was something to do");
        assert_eq!(log[0].detail.as_deref(), Some("rotation asked for: ES256"));
    }
    let listed = keys::list(&Authority::operator(), &app.keys).unwrap();
    assert!(listed.iter().any(|key| key.algorithm == SigningAlgorithm::ES256));
    let shown = serde_json::to_string(&listed).unwrap();
    assert!(!shown.contains("sealed") && !shown.contains("\"d\""), "{shown}");
}

#[tokio::test]
async fn the_ring_changes_with_what_goes_along_or_not_at_all() {
    let house = TestApp::new().await;
    let (ring, store) = (&house.app.keys, &house.app.stores.signing_keys);
    ring.tend().await.unwrap();
    let before = (ring.list(), store.load().await.unwrap());
    // The last of what is committed fails.
    let fails = || vec![Change::TakeBack];
    let active = before.0.iter().find(|key| key.algorithm == ES256 && key.state == KeyState::Active).unwrap().id;
    for refused in [
        ring.import(EdDSA, ED25519, |_| fails()).await.map(drop),
        ring.rotate_now(Some(ES256), fails()).await.map(drop),
        ring.revoke(active, fails()).await,
    ] {
        let conflict = KeyError::Store(StoreError::Conflict(Conflict::TakenBack));
        assert_eq!(refused.unwrap_err().to_string(), conflict.to_string());
        assert_eq!((ring.list(), store.load().await.unwrap()), before);
    }
    ring.import(EdDSA, ED25519, |_| vec![]).await.unwrap();
    assert_ne!(ring.list(), before.0);
}

#[tokio::test]
async fn an_import_and_a_revocation_are_recorded_and_what_was_revoked_stays_out() {
    let house = TestApp::new().await;
    let (app, operator) = (&house.app, Authority::operator());
    let imported = keys::import(&app.admin, &operator, &app.keys, &ed25519()).await.unwrap().key.id;
    keys::revoke(&app.admin, &operator, &app.keys, imported).await.unwrap();
    let said: Vec<_> = house.audit(AuditKind::KeysRotated).await.into_iter().filter_map(|entry| entry.detail).collect();
    assert!(said.contains(&format!("imported {imported} as the next EdDSA key")), "{said:?}");
    assert!(said.contains(&format!("revoked {imported}")), "{said:?}");
    let again = keys::import(&app.admin, &operator, &app.keys, &ed25519()).await;
    assert!(
        matches!(&again, Err(Rejected::Invalid(problems)) if problems[0].error.code() == "key_revoked"),
        "{again:?}"
    );
    assert_eq!(house.audit(AuditKind::KeysRotated).await.len(), 2);
}

/// What signs for an algorithm now.
fn signing_key(house: &TestApp, algorithm: SigningAlgorithm) -> String {
    let token = house.keys.sign(algorithm, TokenType::IdToken, &json!({ "sub": "me" })).unwrap();
    call::open(&token).0["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_imported_key_signs_from_the_time_on_that_was_told_whoever_asks_for_its_algorithm_before() {
    let house = TestApp::new().await;
    let (app, operator) = (&house.app, Authority::operator());
    let imported = keys::import(&app.admin, &operator, &app.keys, &ed25519()).await.unwrap();
    let id = imported.key.id.to_string();
    assert!(house.get("/jwks").send().await.body.contains(&id), "it is published at once");
    assert_eq!(imported.signs_at, imported.possible_at, "no other key of its algorithm has to have its time");
    let found = doctor::house(app).await;
    let signing = found.iter().find(|finding| finding.about == "signing").unwrap();
    let says = format!("EdDSA has a key that is published, and signs from {} on", imported.signs_at);
    assert!(signing.state == State::Ok && signing.found.to_string().ends_with(&says), "{signing:?}");

    house.clock.advance(Duration::from_mins(1));
    let new = json!({ "client_name": "Machine", "kind": "service", "grant_types": ["client_credentials"],
        "access_token_signed_response_alg": "EdDSA" });
    let new: ClientResource = serde_json::from_value(new).unwrap();
    clients::create(&app.admin, &operator, new).await.unwrap();
    let stand_in = signing_key(&house, EdDSA);
    assert_ne!(stand_in, id);
    house.clock.advance(imported.signs_at.since(house.clock.now()).saturating_sub(Duration::from_secs(1)));
    app.keys.tend().await.unwrap();
    assert_eq!(signing_key(&house, EdDSA), stand_in, "not before its time");
    house.clock.advance(Duration::from_secs(1));
    app.keys.tend().await.unwrap();
    assert_eq!(signing_key(&house, EdDSA), id);
}

#[tokio::test]
async fn an_imported_key_of_an_algorithm_that_is_in_use_is_told_when_the_present_one_gives_way() {
    let house = TestApp::new().await;
    let (app, operator) = (&house.app, Authority::operator());
    let pem = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
    let given = KeyGiven { algorithm: ES256, pem: pem.into() };
    let imported = keys::import(&app.admin, &operator, &app.keys, &given).await.unwrap();
    let id = imported.key.id.to_string();
    assert!(imported.signs_at > imported.possible_at);
    house.clock.set(imported.signs_at);
    assert_ne!(signing_key(&house, ES256), id);
    app.keys.tend().await.unwrap();
    assert_eq!(signing_key(&house, ES256), id);
}
