//! Signing out on both sides: OpenID Connect Back-Channel Logout 1.0, received, and the way to the provider's own sign-out.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Abroad, Overheard, is_signed_in};
use crate::support::app::TestApp;
use crate::support::between::{Before, Between};
use crate::support::browser::Browser;
use crate::support::emulator::providers::{Person, named};
use crate::support::emulator::{Mischief, Said};

/// Signs in with a session of this name at the provider.
async fn signed_in(abroad: &Abroad, sid: &str) -> Browser {
    abroad.emulator.say(Said::IdToken, json!({ "sid": sid }));
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "oidc").await;
    assert!(is_signed_in(&browser));
    browser
}

async fn hear(abroad: &Abroad, token: &str) -> StatusCode {
    heard_by(&abroad.app, token).await
}

async fn heard_by(node: &TestApp, token: &str) -> StatusCode {
    let mut provider = node.browser();
    let page = provider.post_from_elsewhere("/upstream/oidc/backchannel-logout", &[("logout_token", token)]).await;
    if page.status == 200 {
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    page.status
}

/// Whether a browser's session still counts.
async fn is_in(browser: &mut Browser) -> bool {
    browser.get_once("/account").await.status == 200
}

#[tokio::test]
async fn a_logout_token_ends_the_session_that_it_names_and_no_other() {
    let heard = Overheard::begin();
    let abroad = Abroad::to("oidc").await;
    let (mut laptop, mut phone) = (signed_in(&abroad, "s-1").await, signed_in(&abroad, "s-2").await);
    let mut lee = {
        let lee = Person { id: "777", email: "lee@corp.example", ..named("oidc").person };
        abroad.emulator.seat("oidc", lee);
        signed_in(&abroad, "s-3").await
    };
    // By the session alone, in a sign-in of which nothing else is said.
    let token = abroad.emulator.logout_token("oidc", &json!({ "sid": "s-1" }));
    assert_eq!(hear(&abroad, &token).await, 200);
    assert!(!is_in(&mut laptop).await && is_in(&mut phone).await && is_in(&mut lee).await);
    // By the person: all of theirs.
    let mut again = {
        abroad.emulator.seat("oidc", named("oidc").person);
        signed_in(&abroad, "s-4").await
    };
    let token = abroad.emulator.logout_token("oidc", &json!({ "sub": "248289761001" }));
    assert_eq!(hear(&abroad, &token).await, 200);
    assert!(!is_in(&mut phone).await && !is_in(&mut again).await && is_in(&mut lee).await);
    heard.holds_no_secret(&abroad, &lee);
}

#[tokio::test]
async fn who_signed_in_another_way_stays_when_the_provider_s_session_ends() {
    let abroad = Abroad::to("oidc").await;
    let mut elsewhere = signed_in(&abroad, "s-1").await;
    let user = abroad.user("minji@corp.example").await.unwrap();
    let mut here = abroad.app.signed_in(&user).await;
    let token = abroad.emulator.logout_token("oidc", &json!({ "sub": "248289761001" }));
    assert_eq!(hear(&abroad, &token).await, 200);
    assert!(!is_in(&mut elsewhere).await);
    assert!(is_in(&mut here).await, "their password signed them in, not the provider");
}

#[tokio::test]
async fn sess_008_a_logout_token_that_is_wrong_in_any_way_ends_nothing() {
    let abroad = Abroad::to("oidc").await;
    abroad.connect("google", "google", |_| ()).await;
    let mut browser = signed_in(&abroad, "s-1").await;
    let named = |change: Value| {
        let mut claims = json!({ "sub": "248289761001", "sid": "s-1" });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        claims
    };
    for change in [
        json!({ "iss": "https://evil.example" }),
        json!({ "aud": "another-app" }),
        json!({ "iat": 1_740_000_000 }),
        json!({ "exp": 1_740_000_000 }),
        json!({ "events": { "http://schemas.openid.net/event/backchannel-logout": null, "other": {} } }),
        json!({ "nonce": "n" }),
        json!({ "jti": null }),
        json!({ "sub": null, "sid": null }),
    ] {
        let token = abroad.emulator.logout_token("oidc", &named(change.clone()));
        assert_eq!(hear(&abroad, &token).await, 400, "{change}");
    }
    for mischief in [Mischief::UnknownKey, Mischief::BrokenSignature] {
        abroad.emulator.misbehave(mischief);
        let token = abroad.emulator.logout_token("oidc", &named(json!({})));
        assert_eq!(hear(&abroad, &token).await, 400, "{mischief:?}");
    }
    abroad.emulator.misbehave(None);
    // Another provider's, at this one's door; no token at all.
    let of_google = abroad.emulator.logout_token("google", &named(json!({})));
    assert_eq!(hear(&abroad, &of_google).await, 400);
    assert_eq!(hear(&abroad, "").await, 400);
    assert!(is_in(&mut browser).await, "something ended it");
    let honest = abroad.emulator.logout_token("oidc", &named(json!({})));
    assert_eq!(hear(&abroad, &honest).await, 200);
    assert!(!is_in(&mut browser).await);
    assert_eq!(hear(&abroad, &honest).await, 400, "twice");
}

#[tokio::test]
async fn link_008_a_connection_that_is_switched_off_ends_nothing_either() {
    let abroad = Abroad::new().await;
    let connection = abroad.connect("oidc", "oidc", |_| ()).await;
    let mut browser = signed_in(&abroad, "s-1").await;
    let off = haechi::model::connection::Connection { enabled: false, ..connection };
    abroad.app.commit(vec![haechi::store::Change::UpdateConnection(Box::new(off))]).await;
    let token = abroad.emulator.logout_token("oidc", &json!({ "sid": "s-1" }));
    assert_eq!(hear(&abroad, &token).await, 400);
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn who_signs_out_here_is_offered_the_way_out_there() {
    let abroad = Abroad::to("oidc").await;
    abroad.emulator.say(Said::Discovery, json!({ "end_session_endpoint": "https://idp.example/sign-out" }));
    let mut browser = signed_in(&abroad, "s-1").await;
    let asked = browser.get("/logout").await;
    let page = browser.submit(&asked, "logout", &[]).await;
    assert!(!is_in(&mut browser).await);
    assert!(page.body.contains("https://idp.example/sign-out?"), "{}", page.body);
    assert!(page.body.contains("post_logout_redirect_uri=https%3A%2F%2Fid.example%2Fsigned-out"), "{}", page.body);
}

#[tokio::test]
async fn a_login_whose_session_there_ends_while_it_is_completed_signs_nothing_in() {
    let abroad = Abroad::to("oidc").await;
    let between = Between::default();
    let node = abroad.app.node_with(&between, abroad.emulator.lookup()).await;
    abroad.emulator.say(Said::IdToken, json!({ "sid": "s-1" }));
    let mut browser = node.browser();
    let url = abroad.begin(&mut browser, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    let token = abroad.emulator.logout_token("oidc", &json!({ "sub": "248289761001", "sid": "s-1" }));
    let mut provider = abroad.app.browser();
    between.put(Before::SavingASession, async move {
        let form = [("logout_token", token.as_str())];
        let page = provider.post_from_elsewhere("/upstream/oidc/backchannel-logout", &form).await;
        assert_eq!(page.status, 200);
    });
    abroad.deliver(&mut browser, &answer).await;
    assert!(between.came());
    assert!(!is_in(&mut browser).await, "the provider's session had ended");
    // Another session there is another one.
    assert!(is_in(&mut signed_in(&abroad, "s-2").await).await);
}

#[tokio::test]
async fn a_logout_token_that_was_put_off_is_as_good_as_before() {
    let abroad = Abroad::to("oidc").await;
    let between = Between::default();
    let node = abroad.app.node_with(&between, abroad.emulator.lookup()).await;
    let mut browser = signed_in(&abroad, "s-1").await;
    let token = abroad.emulator.logout_token("oidc", &json!({ "sub": "248289761001", "sid": "s-1" }));
    between.put(Before::ListingSessions, async {});
    assert_eq!(heard_by(&node, &token).await, 503);
    assert!(between.came() && is_in(&mut browser).await);
    assert_eq!(heard_by(&node, &token).await, 200, "the provider tries again");
    assert!(!is_in(&mut browser).await);
    assert_eq!(heard_by(&node, &token).await, 400, "twice");
}
