//! The signing keys, from the administrators' side.

use haechi::admin::keys::{self, KeyGiven};
use haechi::admin::{Authority, Rejected};
use haechi::keys::KeyError;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::SigningAlgorithm::{self, ES256, EdDSA};
use haechi::model::signing_key::KeyState;
use haechi::store::{Change, Conflict, StoreError};

use crate::support::app::TestApp;
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
