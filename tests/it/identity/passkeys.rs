//! Passkeys, as their owners use them.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::store::Change;
use serde_json::{Value, json};

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, BE, BS, UP, UV, options};

#[tokio::test]
async fn an_app_hears_how_strongly_its_user_signed_in() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let alice = app.user("alice@example.com").await;
    let mut device = Authenticator::new(ISSUER, "alice");
    app.signed_in(&alice).await.add_passkey(&mut device, "").await;
    let mut browser = app.browser();
    let page = browser.get(&Ask::of("app").url()).await;
    assert_eq!(page.form("login").field("flow"), page.form("passkey").field("flow"));
    let answer = device.get(&options(&page));
    let sent = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
    let (_, claims) = app.id_token("app", &sent.answer()["code"]).await;
    assert_eq!(claims["sub"], alice.id.to_string());
    // OpenID Connect EAP ACR Values 1.0: phishing-resistant, by proof of possession; RFC 8176: more than one factor.
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("phr"), &json!(["pop", "user", "mfa"])));
    let said = app.audit(AuditKind::SignedIn).await;
    assert_eq!(said[0].detail.as_deref(), Some("passkey"));
}

#[tokio::test]
async fn a_page_asks_for_user_verification_a_discoverable_credential_and_none_twice() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    let mut browser = app.signed_in(&alice).await;
    let page = browser.ask_for_passkey().await;
    let asked: Value = serde_json::from_str(&options(&page)).unwrap();
    assert_eq!(asked["rp"]["id"], "id.example");
    assert_eq!(asked["user"]["name"], "alice@example.com");
    assert_eq!(asked["attestation"], "none");
    let selection = &asked["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    assert_eq!(asked["excludeCredentials"], json!([]));
    let mut device = Authenticator::new(ISSUER, "alice");
    browser.add_passkey(&mut device, "phone").await;
    let page = browser.ask_for_passkey().await;
    let asked: Value = serde_json::from_str(&options(&page)).unwrap();
    assert_eq!(asked["excludeCredentials"].as_array().unwrap().len(), 1);
    // Its authenticator would refuse; one that does not is refused here.
    let again = device.create(&options(&page));
    let sent = browser.submit(&page, "passkey", &[("answer", &again)]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.passkeys.of(alice.id).await.unwrap().len(), 1);
    let login: Value = serde_json::from_str(&options(&app.browser().get("/login").await)).unwrap();
    assert_eq!(
        (&login["rpId"], &login["userVerification"], &login["allowCredentials"]),
        (&json!("id.example"), &json!("required"), &json!([]))
    );
    assert!(login["challenge"].as_str().unwrap().len() >= 22, "128 bits");
}

#[tokio::test]
async fn passkeys_are_listed_with_what_tells_them_apart() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    let mut browser = app.signed_in(&alice).await;
    assert!(browser.get("/account/security").await.has("passkeys"));
    let mut bound = Authenticator::new(ISSUER, "bound");
    browser.add_passkey(&mut bound, "  My   key ").await;
    let mut synced = Authenticator::new(ISSUER, "synced");
    synced.flags = UP | UV | BE | BS;
    synced.aaguid = *uuid::uuid!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4").as_bytes();
    let listed = browser.add_passkey(&mut synced, "").await.text("passkeys");
    for text in ["My key", "only on this device", "Google Password Manager", "synced", "not used yet"] {
        assert!(listed.contains(text), "{text}: {listed}");
    }
    app.clock.advance(Duration::from_hours(48));
    let mut other = app.browser();
    let page = other.get("/login").await;
    let account = other.use_passkey(&page, &mut bound).await;
    assert!(account.has("account-name"));
    assert!(other.get("/account/security").await.text("passkeys").contains("last used"));
    let passkeys = app.passkeys.of(alice.id).await.unwrap();
    let page = other.get("/account/security").await;
    let change =
        |name: &str| [("do", "rename".to_owned()), ("passkey", passkeys[0].id.to_string()), ("name", name.to_owned())];
    let fields = |pairs: &[(&'static str, String)]| pairs.to_vec();
    for (name, status) in [("회사 키", StatusCode::OK), ("", StatusCode::UNPROCESSABLE_ENTITY)] {
        let pairs = fields(&change(name));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sent = other.send_form(&page, page.form_to("/account/passkeys/change"), &pairs).await;
        assert_eq!(other.follow(sent).await.status, status, "{name}");
    }
    assert_eq!(app.passkeys.of(alice.id).await.unwrap()[0].name, "회사 키");
}

#[tokio::test]
async fn the_last_way_in_is_kept_and_a_passkey_is_one() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    app.commit(vec![Change::UpdateUser(User { roles: vec![Role::Owner], ..alice.clone() })]).await;
    let mut device = Authenticator::new(ISSUER, "alice");
    let mut browser = app.signed_in(&alice).await;
    browser.add_passkey(&mut device, "").await;
    // Without passwords it is the only one.
    let policy = app.stores.policy.policy().await.unwrap();
    let mut changed = policy.clone();
    changed.sign_in.passwords = false;
    app.commit(vec![Change::PutPolicy(Box::new(changed))]).await;
    app.clock.advance(Duration::from_secs(30));
    let page = browser.get("/account/security").await;
    let sent = browser.send_form(&page, page.form_to("/account/passkeys/change"), &[("do", "remove")]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    assert_eq!(app.passkeys.of(alice.id).await.unwrap().len(), 1);
    let mut other = app.browser();
    let page = other.get("/login").await;
    assert!(page.has("no-passwords"));
    assert!(other.use_passkey(&page, &mut device).await.has("account-name"));
}

#[tokio::test]
async fn a_passkey_proves_the_account_before_a_change() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    let mut device = Authenticator::new(ISSUER, "alice");
    let mut browser = app.signed_in(&alice).await;
    browser.add_passkey(&mut device, "").await;
    app.clock.advance(Duration::from_mins(20));
    let page = browser.get("/account/delete").await;
    let asked = browser.submit(&page, "delete", &[("address", "alice@example.com")]).await;
    assert!(asked.has("step-up") && !asked.has("confirm"), "nothing less is a proof of it: {}", asked.body);
    let question: Value = serde_json::from_str(&options(&asked)).unwrap();
    assert_eq!(question["allowCredentials"].as_array().unwrap().len(), 1);
    let gone = browser.use_passkey(&asked, &mut device).await;
    assert!(gone.url.path().ends_with("/signed-out"), "{}", gone.body);
    assert!(app.accounts.find(alice.id).await.unwrap().is_none_or(|user| !user.is_active()));
}

#[tokio::test]
async fn password_managers_find_where_passkeys_are_looked_after() {
    let app = TestApp::new().await;
    let page = app.browser().get("/.well-known/passkey-endpoints").await;
    let document: Value = serde_json::from_str(&page.body).unwrap();
    let there = format!("{ISSUER}/account/security#passkeys");
    assert_eq!(document, json!({"enroll": there, "manage": there}));
}

#[tokio::test]
async fn where_browsers_have_no_passkeys_the_pages_have_none() {
    let app = TestApp::with(|config| config.server.issuer = "http://127.0.0.1:8080".to_owned()).await;
    let alice = app.user("alice@example.com").await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    assert!(page.has("login") && !page.has("passkey") && !page.has("no-passkeys"), "nobody misses any");
    assert_eq!(browser.get("/.well-known/passkey-endpoints").await.status, StatusCode::NOT_FOUND);
    let signed_in = browser.submit(&page, "login", &[("email", alice.email.as_str()), ("password", PASSWORD)]).await;
    assert!(signed_in.has("account-name"));
    assert!(!browser.get("/account/security").await.has("passkeys"));
}
