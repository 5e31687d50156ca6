//! Passkeys that administrators switched off: nobody is offered any, none counts, and people keep theirs.

use axum::http::StatusCode;
use haechi::admin::policy::{self, SignInResource};
use haechi::admin::{Authority, Rejected};
use haechi::identity::passkeys::PasskeyRejected;
use serde_json::{Value, json};

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::authenticator::{Authenticator, options};

async fn decide(app: &TestApp, document: Value) -> Result<(), Rejected> {
    let document: SignInResource = serde_json::from_value(document).unwrap();
    policy::set_sign_in(&app.admin, &Authority::operator(), (), &document).await.map(drop)
}

#[tokio::test]
async fn switched_off_none_is_offered_and_none_signs_in_and_people_keep_theirs() {
    let app = TestApp::with(|config| config.passkeys.related_origins = vec!["https://example.kr".to_owned()]).await;
    let alice = app.user("alice@example.com").await;
    let mut device = Authenticator::new(ISSUER, "alice");
    let mut browser = app.signed_in(&alice).await;
    browser.add_passkey(&mut device, "phone").await;
    let asked = browser.ask_for_passkey().await;
    let (mut other, before) = (app.browser(), app.browser().get("/login").await);
    let login = other.get("/login").await;
    assert!(before.has("passkey"));
    decide(&app, json!({ "passkey_sign_in": false })).await.unwrap();
    // A page of before signs nobody in, and says so.
    let answer = device.get(&options(&login));
    let sent = other.submit(&login, "passkey", &[("answer", &answer)]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    assert!(sent.has("login") && sent.text("problem").contains("switched off") && !sent.has("passkey"));
    assert!(!sent.body.contains("webauthn"), "{}", sent.body);
    assert!(!app.browser().get("/signup").await.has("passkey"));
    // Nor is one added by a page of before.
    let mut second = Authenticator::new(ISSUER, "second");
    let answer = second.create(&options(&asked));
    assert_eq!(browser.submit(&asked, "passkey", &[("answer", &answer)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.passkeys.of(alice.id).await.unwrap().len(), 1);
    for address in ["/.well-known/passkey-endpoints", "/.well-known/webauthn"] {
        assert_eq!(browser.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    // Theirs is listed, and can be removed.
    let page = browser.get("/account/security").await;
    assert!(page.text("passkeys").contains("phone") && !page.has("passkey-add"), "{}", page.body);
    assert!(page.text("passkeys").contains("switched off"));
    let form = page.form_to("/account/passkeys/change");
    let removed = browser.send_form(&page, form, &[("do", "remove")]).await;
    assert!(browser.follow(removed).await.has("saved"));
    // Nothing of the protocol goes around the pages.
    let asked = haechi::identity::passkeys::Asked { browser: other.visitor().browser.digest(), account: None };
    let refused = app.passkeys.sign_in(asked, "", "{}").await;
    assert!(matches!(refused, Err(PasskeyRejected::SwitchedOff)), "{refused:?}");
    decide(&app, json!({ "passkey_sign_in": true })).await.unwrap();
    assert!(app.browser().get("/login").await.has("passkey"));
}

#[tokio::test]
async fn nobody_is_locked_out_by_it_unless_that_is_meant() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    app.signed_in(&alice).await.add_passkey(&mut Authenticator::new(ISSUER, "alice"), "").await;
    // Alice has a password besides; who signed up by passkey has not.
    let mut device = Authenticator::new(ISSUER, "bob");
    let page = app.browser().get("/signup").await;
    assert!(page.has("passkey"));
    let bob = app.browser().sign_up_by_passkey("bob@example.com", &mut device).await;
    assert!(bob.has("account-name"), "{}", bob.body);
    let refused = decide(&app, json!({ "passkey_sign_in": false })).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "passkey_sign_in: 1 accounts are signed in to by a passkey and nothing else: say passkey_only_confirmed if that is meant"
    );
    // Without passwords it is both.
    let both = json!({ "passkey_sign_in": false, "password_sign_in": false });
    assert!(decide(&app, both).await.unwrap_err().to_string().contains("2 accounts"));
    decide(&app, json!({ "passkey_sign_in": false, "passkey_only_confirmed": true })).await.unwrap();
    let shown = serde_json::to_value(SignInResource::of(&app.stores.policy.policy().await.unwrap())).unwrap();
    assert_eq!((&shown["passkey_sign_in"], shown.get("passkey_only_confirmed")), (&json!(false), None));
    // What is off already locks nobody out any more.
    decide(&app, json!({ "passkey_sign_in": false, "remember_me": true })).await.unwrap();
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    assert!(
        browser
            .submit(&page, "login", &[("email", "alice@example.com"), ("password", PASSWORD)])
            .await
            .has("account-name")
    );
}
