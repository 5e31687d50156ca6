//! PKCE of confidential clients: section 2.1.1 recommends it, and section 4.8.2 says what a server that lets it be must not let happen.

use haechi::admin::Authority;
use haechi::admin::clients;
use haechi::model::client::{ClientId, ClientKind, ClientSecret, ConsentPolicy, NoncePolicy, PkcePolicy};

use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::{Ask, VERIFIER};
use crate::support::browser::Browser;
use crate::support::call::{Answer, SECRET};
use crate::support::overheard::Overheard;

/// A house with a confidential client as it is registered by default, and a browser in which a person is signed in.
async fn house() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    registered(&app, "shop", |_| ()).await;
    let browser = app.signed_in(&app.user("kim@example.com").await).await;
    (app, browser)
}

async fn registered(app: &TestApp, id: &str, change: impl FnOnce(&mut haechi::model::Client)) {
    let now = app.app.clock.now();
    let digest = ClientSecret::digest_of(SECRET);
    let defaults = crate::support::builders::client(id, ClientKind::Web, now);
    app.client(id, |client| {
        client.kind = ClientKind::Web;
        client.authentication = defaults.authentication;
        client.authentication.secrets = vec![ClientSecret { digest, created_at: now, expires_at: None }];
        client.policy.pkce = defaults.policy.pkce;
        client.policy.consent = ConsentPolicy::FirstParty;
        change(client);
    })
    .await;
}

/// What much of the existing software sends: neither a challenge nor a nonce.
fn plain() -> Ask {
    Ask::of("shop").without("code_challenge").without("code_challenge_method").without("nonce")
}

async fn redeemed(app: &TestApp, code: &str, more: &[(&str, &str)]) -> Answer {
    let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
    app.post("/token").form(&form).form(&[("client_id", "shop"), ("client_secret", SECRET)]).form(more).send().await
}

async fn code(browser: &mut Browser, ask: &Ask) -> String {
    browser.get(&ask.url()).await.answer()["code"].clone()
}

#[tokio::test]
async fn s2_1_1_a_confidential_client_without_pkce_nonce_and_with_the_other_secret_method_goes_through() {
    let (app, mut browser) = house().await;
    // Registered for client_secret_basic.
    let posted = redeemed(&app, &code(&mut browser, &plain()).await, &[]).await.tokens();
    assert!(posted.id_token.is_some());
    let code = code(&mut browser, &plain()).await;
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
    app.post("/token").basic("shop").form(&form).send().await.tokens();
}

#[tokio::test]
async fn s2_1_1_a_challenge_that_was_sent_binds() {
    let (app, mut browser) = house().await;
    let wrong = VERIFIER.chars().rev().collect::<String>();
    for presented in [&[][..], &[("code_verifier", "")], &[("code_verifier", &wrong)]] {
        let code = code(&mut browser, &Ask::of("shop")).await;
        assert_eq!(redeemed(&app, &code, presented).await.error(400), "invalid_grant", "{presented:?}");
        // And the code is worth nothing from then on.
        assert_eq!(redeemed(&app, &code, &[("code_verifier", VERIFIER)]).await.error(400), "invalid_grant");
    }
    let code = code(&mut browser, &Ask::of("shop")).await;
    redeemed(&app, &code, &[("code_verifier", VERIFIER)]).await.tokens();
}

/// Where there was no `code_challenge` in the authorization request, a token request with a `code_verifier` is rejected.
#[tokio::test]
async fn s4_8_2_a_stripped_challenge_is_noticed() {
    let (app, mut browser) = house().await;
    let stripped = code(&mut browser, &plain()).await;
    assert_eq!(redeemed(&app, &stripped, &[("code_verifier", VERIFIER)]).await.error(400), "invalid_grant");
    assert_eq!(redeemed(&app, &stripped, &[]).await.error(400), "invalid_grant");
}

/// RFC 7636 section 7.2 lets `plain` only protect where the request cannot be read.
#[tokio::test]
async fn s2_1_1_a_plain_challenge_is_refused() {
    let (_app, mut browser) = house().await;
    for ask in [
        Ask::of("shop").with("code_challenge_method", "plain"),
        Ask::of("shop").without("code_challenge_method"),
        plain().with("code_challenge_method", "S256"),
        plain().with("code_challenge", "short"),
    ] {
        assert_eq!(browser.get(&ask.url()).await.error(), "invalid_request", "{}", ask.url());
    }
}

#[tokio::test]
async fn s4_5_3_a_second_redemption_is_refused_and_ends_the_first() {
    let (app, mut browser) = house().await;
    let code = code(&mut browser, &plain()).await;
    let first = redeemed(&app, &code, &[]).await.tokens();
    assert_eq!(redeemed(&app, &code, &[]).await.error(400), "invalid_grant");
    let told = app.get("/userinfo").bearer(&first.access_token).send().await;
    assert_eq!(told.status, 401, "what came of the code ended");
}

/// What a client sends anyway may be required of it: an administrator is told what it was seen doing.
#[tokio::test]
async fn s2_1_1_what_a_client_was_seen_sending_is_told_from_all_nodes() {
    let (app, mut browser) = house().await;
    let other = app.second_node().await;
    let mut elsewhere = other.signed_in(&other.user("lee@example.com").await).await;
    for (ask, verifier) in [(Ask::of("shop"), &[("code_verifier", VERIFIER)][..]), (plain(), &[])] {
        redeemed(&app, &code(&mut browser, &ask).await, verifier).await.tokens();
        redeemed(&other, &code(&mut elsewhere, &ask).await, verifier).await.tokens();
    }
    // A refusal is no login, and neither is a code that was never redeemed, or not rightly.
    redeemed(&app, &code(&mut browser, &plain()).await, &[("code_verifier", VERIFIER)]).await.error(400);
    code(&mut browser, &plain()).await;
    browser.get(&Ask::of("shop").with("prompt", "none").with("max_age", "0").url()).await;
    let shop = ClientId::parse("shop").unwrap();
    let begun = std::time::Instant::now();
    while app.stores.clients.seen_logins(&shop).await.unwrap().len() < 4 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "it is never noted");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let operator = Authority::operator();
    let client = clients::find(&app.admin, &operator, &shop).await.unwrap().unwrap();
    let recent = clients::recent_logins(&app.admin, &operator, &client).await.unwrap().unwrap();
    assert_eq!((recent.count, recent.with_pkce, recent.with_nonce), (4, 2, 2), "{recent:?}");
    // It is registered for client_secret_basic, and posts its secret: that is what it may be pinned to.
    assert_eq!((recent.with_client_secret_basic, recent.with_client_secret_post), (0, 4), "{recent:?}");
    let security = haechi::admin::clients::ClientResource::from(&client).security.unwrap();
    let pin = security.iter().find(|view| view.finding == "secret_method_not_pinned").unwrap();
    assert_eq!(pin.command, None, "the registration alone does not tell which method it uses");
}

/// Section 2.1.1 counts on the nonce too: "confidential clients MAY use the OpenID Connect nonce parameter".
#[tokio::test]
async fn s2_1_1_a_nonce_may_be_required_and_the_operator_is_told_of_who_sends_none() {
    let (app, mut browser) = house().await;
    registered(&app, "strict", |client| client.policy.nonce = NoncePolicy::Required).await;
    let log = Overheard::by_default();
    let ask = || Ask::of("strict");
    code(&mut browser, &ask().with("nonce", "n-0S6_WzA2Mj")).await;
    assert_eq!(browser.get(&ask().without("nonce").url()).await.error(), "invalid_request");
    let lines = log.with(&["nonce_missing", "client=\"strict\""]);
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[tokio::test]
async fn s2_1_1_a_client_may_require_it_and_a_public_one_always_does() {
    let (app, mut browser) = house().await;
    registered(&app, "strict", |client| client.policy.pkce = PkcePolicy::Required).await;
    app.first_party("spa").await;
    for client in ["strict", "spa"] {
        let ask = plain().with("client_id", client);
        assert_eq!(browser.get(&ask.url()).await.error(), "invalid_request", "{client}");
    }
}
