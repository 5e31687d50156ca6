//! The signing keys, from the administrators' side.

use haechi::admin::{Authority, keys};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::SigningAlgorithm;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_rotation_is_asked_for_and_recorded() {
    let house = TestApp::new().await;
    let app = &house.app;
    keys::rotate(&app.admin, &Authority::operator(), &app.keys, Some(SigningAlgorithm::ES256)).await.unwrap();
    let listed = keys::list(&Authority::operator(), &app.keys).unwrap();
    assert!(listed.iter().any(|key| key.algorithm == SigningAlgorithm::ES256));
    let shown = serde_json::to_string(&listed).unwrap();
    assert!(!shown.contains("sealed") && !shown.contains("\"d\""), "{shown}");
    let log = app.stores.audit.list(None, 10).await.unwrap().items;
    assert_eq!((log[0].kind, log[0].detail.as_deref()), (AuditKind::KeysRotated, Some("rotation asked for: ES256")));
}
