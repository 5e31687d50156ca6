//! The first administrator.

use std::time::Duration;

use haechi::admin::claim::{self, ClaimRejected, LINK_LIFETIME};
use haechi::admin::users::{self, UserResource};
use haechi::admin::{Authority, Rejected};
use haechi::identity::accounts::SignUpRejected;
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::support::Secret;

use crate::support::accounts::{PASSWORD, from, new_account};
use crate::support::app::TestApp;

async fn link(house: &TestApp) -> Secret<String> {
    claim::issue_link(&house.admin, &Authority::operator()).await.unwrap().text
}

async fn claim_with(house: &TestApp, token: &Secret<String>) -> Result<haechi::model::User, ClaimRejected> {
    claim::claim(&house.admin, token, new_account("kim@example.com", PASSWORD), &from([192, 0, 2, 1])).await
}

#[tokio::test]
async fn whoever_has_the_link_becomes_administrator() {
    let house = TestApp::new().await;
    assert!(claim::is_open(&house.admin).await.unwrap());
    let token = link(&house).await;
    assert!(token.expose().starts_with("hott_"));
    let user = claim_with(&house, &token).await.unwrap();
    assert_eq!(user.roles, [Role::Owner], "who claims a server is above those who come after");
    assert!(!claim::is_open(&house.admin).await.unwrap());
    assert!(house.log_in("kim@example.com", PASSWORD, &from([192, 0, 2, 1])).await.is_ok());
    let log = house.audit_log().await;
    assert!(log.iter().any(|event| event.kind == AuditKind::ServerClaimed && event.user == Some(user.id)));
}

#[tokio::test]
async fn a_link_expires() {
    let house = TestApp::new().await;
    let token = link(&house).await;
    house.clock.advance(LINK_LIFETIME + Duration::from_secs(1));
    assert!(matches!(claim_with(&house, &token).await, Err(ClaimRejected::LinkSpent)));
}

#[tokio::test]
async fn a_newer_link_replaces_the_older() {
    let house = TestApp::new().await;
    let (older, newer) = (link(&house).await, link(&house).await);
    assert!(matches!(claim_with(&house, &older).await, Err(ClaimRejected::LinkSpent)));
    assert!(claim_with(&house, &newer).await.is_ok());
}

#[tokio::test]
async fn a_mistake_in_the_form_does_not_spend_the_link() {
    let house = TestApp::new().await;
    house.sign_up("lee@example.com").await;
    let token = link(&house).await;
    let origin = from([192, 0, 2, 1]);
    for (email, password) in [("kim@example.com", "short"), ("kim", PASSWORD)] {
        let rejected = claim::claim(&house.admin, &token, new_account(email, password), &origin).await;
        assert!(matches!(rejected, Err(ClaimRejected::Account(_))), "{rejected:?}");
    }
    let rejected =
        claim::claim(&house.admin, &token, new_account("lee@example.com", "not the password"), &origin).await;
    assert!(matches!(rejected, Err(ClaimRejected::Password(_))), "{rejected:?}");
    assert!(claim_with(&house, &token).await.is_ok());
}

#[tokio::test]
async fn a_text_that_is_no_link_is_refused() {
    let house = TestApp::new().await;
    link(&house).await;
    for text in ["", "hott_", "hott_AAAA", "x".repeat(5000).as_str()] {
        assert!(matches!(claim_with(&house, &Secret::from(text)).await, Err(ClaimRejected::LinkSpent)), "{text}");
    }
}

#[tokio::test]
async fn an_administrator_made_otherwise_closes_the_door() {
    let house = TestApp::new().await;
    let token = link(&house).await;
    let new = UserResource {
        email: Some("lee@example.com".to_owned()),
        roles: Some(vec![Role::Administrator]),
        ..UserResource::default()
    };
    users::create(&house.admin, &Authority::operator(), new).await.unwrap();
    assert!(matches!(claim_with(&house, &token).await, Err(ClaimRejected::AlreadyClaimed)));
    assert!(matches!(claim::issue_link(&house.admin, &Authority::operator()).await, Err(Rejected::AlreadyClaimed)));
}

#[tokio::test]
async fn guessing_links_is_throttled() {
    let house = TestApp::with(|config| config.throttling.sign_ups_per_address = 2).await;
    let other = TestApp::new().await;
    let foreign = link(&other).await;
    link(&house).await;
    for _ in 0..2 {
        assert!(matches!(claim_with(&house, &foreign).await, Err(ClaimRejected::LinkSpent)));
    }
    let rejected = claim_with(&house, &foreign).await;
    assert!(matches!(rejected, Err(ClaimRejected::Account(SignUpRejected::Throttled { .. }))), "{rejected:?}");
}
