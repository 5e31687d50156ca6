//! The signing keys in the console: what there is, letting the next one take over, and taking one out of use.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::keys::KeySummary;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::SigningAlgorithm;
use haechi::model::signing_key::KeyState;
use haechi::model::user::Role;

use super::holder;
use super::seen::read;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::keys::ED25519;

fn key(app: &TestApp, algorithm: SigningAlgorithm, state: KeyState) -> Option<KeySummary> {
    app.keys.list().into_iter().find(|key| key.algorithm == algorithm && key.state == state)
}

/// Lets time pass until the next keys are published for long enough.
async fn until_next_keys_are_known(app: &TestApp) {
    for _ in 0..2 {
        app.clock.advance(Duration::from_mins(12));
        app.keys.tend().await.unwrap();
    }
}

#[tokio::test]
async fn the_ring_is_shown_on_a_line_of_time_with_the_same_in_words_and_who_uses_it() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let mut browser = holder(&app, Role::Auditor).await;
    let page = browser.get("/admin/keys").await;
    for algorithm in ["ES256", "RS256"] {
        let rows = format!("#{algorithm} tbody tr");
        let bars = format!("#{algorithm} svg rect.signs");
        for selector in [&rows, &bars] {
            let found = page.html().select(&selector.as_str().try_into().unwrap()).count();
            assert_eq!(found, 1, "{selector}: {}", page.body);
        }
        assert!(page.text(&format!("apps-{algorithm}")).contains("Test App"), "{}", page.body);
    }
    assert_eq!(page.text("apps-PS256"), "No app is registered with it.");
    // EdDSA is made once it is asked for.
    assert!(page.text("EdDSA").contains("No key signs"), "{}", page.body);
    // Who may only look is offered nothing.
    assert!(!page.has("rotate") && !page.body.contains("/revoke"), "{}", page.body);
    // Nor which apps there are, who may not know.
    assert_eq!(holder(&app, Role::PeopleManager).await.get("/admin/keys").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn keys_are_rotated_when_everybody_can_know_the_next_one_and_not_before() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let before = key(&app, SigningAlgorithm::ES256, KeyState::Active).unwrap();
    let page = browser.get("/admin/keys").await;
    let early = browser.submit(&page, "rotate", &[("algorithm", "ES256")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.text("problem").contains("can take over from"), "{}", early.body);
    assert_eq!(key(&app, SigningAlgorithm::ES256, KeyState::Active), Some(before.clone()));
    until_next_keys_are_known(&app).await;
    // It is some time since the administrator proved the account.
    let asked = browser.submit(&page, "rotate", &[("algorithm", "ES256")]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    let done = browser.submit(&asked, "confirm", &[("current", crate::support::app::PASSWORD)]).await;
    assert!(done.has("done") && done.url.path() == "/admin/keys", "{} {}", done.url, done.body);
    assert_ne!(key(&app, SigningAlgorithm::ES256, KeyState::Active).unwrap().id, before.id);
    assert_eq!(key(&app, SigningAlgorithm::ES256, KeyState::Retiring).unwrap().id, before.id);
    assert!(key(&app, SigningAlgorithm::RS256, KeyState::Retiring).is_none(), "only the one that was asked for");
    let unknown = browser.submit(&page, "rotate", &[("algorithm", "HS256")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_key_is_revoked_after_its_page_said_what_stops_working() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut end_user = app.signed_in(&app.user("kim@example.com").await).await;
    let code = end_user.get(&Ask::of("app").url()).await.answer()["code"].clone();
    let token = app.redeem("app", &code).await["access_token"].as_str().unwrap().to_owned();
    let userinfo = async || app.get("/userinfo").bearer(&token).send().await.status.as_u16();
    assert_eq!(userinfo().await, 200);
    let mut browser = holder(&app, Role::Owner).await;
    let active = key(&app, SigningAlgorithm::ES256, KeyState::Active).unwrap();
    let page = browser.get("/admin/keys").await;
    let asked = browser.get(&page.link(&format!("revoke-{}", active.id))).await;
    assert!(asked.text("lost").contains("stops being valid"), "{}", asked.body);
    assert!(asked.text("lost").contains("nobody has to sign in again"), "{}", asked.body);
    assert_eq!(userinfo().await, 200, "looking changes nothing");
    let done = browser.submit(&asked, "revoke", &[]).await;
    assert!(done.has("done"), "{}", done.body);
    assert_eq!(userinfo().await, 401);
    let jwks = app.get("/jwks").send().await.expect(200).to_string();
    assert!(!jwks.contains(&active.id.to_string()), "{jwks}");
    assert_eq!(app.audit(AuditKind::KeysRotated).await.len(), 1);
    // It is gone: neither its page nor its form is there any more.
    assert_eq!(browser.get(&format!("/admin/keys/{}/revoke", active.id)).await.status, StatusCode::NOT_FOUND);
    let again = browser.submit(&asked, "revoke", &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.body);
}

#[tokio::test]
async fn a_key_that_was_made_elsewhere_becomes_the_next_one_and_signs_once_everybody_can_know_it() {
    let app = TestApp::new().await;
    assert!(!holder(&app, Role::Administrator).await.get("/admin/keys").await.has("to-import"), "only owners may");
    let mut browser = holder(&app, Role::Owner).await;
    let list = browser.get("/admin/keys").await;
    let form = browser.get(&list.link("to-import")).await;
    // RFC 8410 section 10.3.
    for (algorithm, pem, said) in [
        ("EdDSA", "nothing", "no PKCS#8 private key"),
        ("ES256", ED25519, "not one for ES256"),
        ("EdDSA", &*ED25519.replace("PRIVATE", "PUBLIC"), "public half"),
        ("EdDSA", &*ED25519.replace("PRIVATE", "ENCRYPTED PRIVATE"), "has a passphrase"),
    ] {
        let wrong = browser.submit(&form, "import", &[("algorithm", algorithm), ("pem", pem)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{algorithm}");
        assert!(wrong.body.contains(said) && !wrong.body.contains("MC4CAQ"), "{said}: {}", wrong.body);
    }
    let done = browser.submit(&form, "import", &[("algorithm", "EdDSA"), ("pem", ED25519)]).await;
    assert!(done.has("done") && done.url.path() == "/admin/keys", "{} {}", done.url, done.body);
    let next = key(&app, SigningAlgorithm::EdDSA, KeyState::Next).unwrap();
    let log = app.audit(AuditKind::KeysRotated).await;
    assert_eq!(log[0].detail, Some(format!("imported {} as the next EdDSA key", next.id)));
    assert!(app.get("/jwks").send().await.expect(200).to_string().contains(&next.id.to_string()));
    let again = browser.submit(&form, "import", &[("algorithm", "EdDSA"), ("pem", ED25519)]).await;
    assert!(again.body.contains("is here already"), "{}", again.body);
    until_next_keys_are_known(&app).await;
    assert_eq!(key(&app, SigningAlgorithm::EdDSA, KeyState::Active).unwrap().id, next.id);
}

async fn offered(app: &TestApp) -> String {
    let metadata = app.get("/.well-known/openid-configuration").send().await.expect(200);
    metadata["id_token_signing_alg_values_supported"].to_string()
}

#[tokio::test]
async fn an_algorithm_is_switched_off_that_no_app_uses_and_on_again() {
    let app = TestApp::new().await;
    app.client("app", |client| client.tokens.access_token_algorithm = SigningAlgorithm::ES384).await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page = browser.get("/admin/keys").await;
    // What OpenID Connect requires, and what new apps have, is not offered to be switched off.
    assert!(!page.has("switch-RS256") && !page.has("switch-ES256"), "{}", page.body);
    assert!(offered(&app).await.contains("PS256"));
    let used = browser.submit(&page, "switch-ES384", &[("state", "off")]).await;
    assert_eq!(used.status, StatusCode::CONFLICT);
    assert!(used.text("problem").contains("ES384 (Test App)"), "{}", used.body);

    let off = browser.submit(&page, "switch-PS256", &[("state", "off")]).await;
    assert!(off.has("done") && off.text("PS256").contains("No app can be registered with it"), "{}", off.body);
    assert!(!offered(&app).await.contains("PS256"));
    assert_eq!(app.audit(AuditKind::PolicyChanged).await[0].detail.as_deref(), Some("signing: algorithms_off"));
    let settings = browser.get("/admin/apps/app").await;
    let refused = browser.submit(&settings, "settings", &[("id_token_signed_response_alg", "PS256")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("does not sign with this algorithm"), "{}", refused.body);

    let on = browser.submit(&off, "switch-PS256", &[("state", "on")]).await;
    assert!(on.has("done") && offered(&app).await.contains("PS256"), "{}", on.body);
    assert!(!holder(&app, Role::Auditor).await.get("/admin/keys").await.has("switch-PS256"));
}

#[tokio::test]
async fn the_room_in_words() {
    for tag in ["en", "ko"] {
        let app = TestApp::new().await;
        let mut browser = holder(&app, Role::Owner).await;
        browser.headers.push(("accept-language", tag.to_owned()));
        let page = browser.get("/admin/keys").await;
        let active = key(&app, SigningAlgorithm::ES256, KeyState::Active).unwrap();
        let revoke = browser.get(&format!("/admin/keys/{}/revoke", active.id)).await;
        let plain =
            |text: String| app.keys.list().iter().fold(text, |text, key| text.replace(&key.id.to_string(), "key_…"));
        insta::assert_snapshot!(format!("signing_keys.{tag}"), plain(read(&page)));
        insta::assert_snapshot!(format!("signing_keys_revoke.{tag}"), plain(read(&revoke)));
    }
}
