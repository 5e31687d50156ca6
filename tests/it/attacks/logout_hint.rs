//! Attacks on signing out by an ID token, without a cookie: who holds the token of an app may end the one session that it names, and nothing else.

use std::time::Duration;

use haechi::keys::TokenType;
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{AccessTokenType, ClientId, ConsentPolicy, SigningAlgorithm};
use haechi::store::Change;
use serde_json::{Value, json};

use crate::support::app::{ISSUER, TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::jose::{base64url, hs256};

const BYE: &str = "https://app.example/bye";

async fn house() -> (TestApp, User) {
    let house = TestApp::new().await;
    house
        .client("app", |client| {
            client.policy.consent = ConsentPolicy::FirstParty;
            client.tokens.access_token_type = AccessTokenType::Jwt;
            client.redirects.post_logout_uris = vec![redirect_uri(BYE)];
        })
        .await;
    let alice = house.user("alice@example.com").await;
    (house, alice)
}

async fn is_signed_in(house: &TestApp, browser: &Browser) -> bool {
    let session = house.app.flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
    !session.sign_ins.is_empty()
}

/// What a request without any cookie is answered, as a picture on another site or an app's server sends it.
async fn without_cookie(house: &TestApp, hint: &str) -> crate::support::call::Answer {
    house.get(&format!("/logout?id_token_hint={hint}")).send().await
}

fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", base64url(r#"{"alg":"none","typ":"JWT"}"#), base64url(claims.to_string()))
}

/// The claims with these in their place; those that are null are left out.
fn with(claims: &Value, changes: Value) -> Value {
    let mut claims = claims.clone();
    let Value::Object(changes) = changes else { panic!("no claims: {changes}") };
    for (name, value) in changes {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(&name);
        } else {
            claims[name] = value;
        }
    }
    claims
}

#[tokio::test]
async fn sess_007_a_hint_that_we_did_not_sign_as_an_id_token_ends_nothing() {
    let (house, alice) = house().await;
    let mut browser = house.signed_in(&alice).await;
    let (genuine, claims) = house.id_token_in(&mut browser, "app").await;
    let signed = |typ, claims: &Value| house.app.keys.sign(SigningAlgorithm::RS256, typ, claims).unwrap();
    let header = crate::support::call::open(&genuine).0;
    let own_key =
        crate::support::jose::Party::new("RS256").token(json!({ "typ": "JWT", "kid": header["kid"] }), &claims);
    let (head, tail) = genuine.rsplit_once('.').unwrap();
    for (what, hint) in [
        ("without a signature", unsigned(&claims)),
        (
            "under a shared secret",
            hs256(b"secret", &json!({ "alg": "HS256", "typ": "JWT", "kid": header["kid"] }), &claims),
        ),
        ("under a key of its own", own_key),
        ("with another's signature", format!("{head}.{}", tail.chars().rev().collect::<String>())),
        ("of the type of access tokens", signed(TokenType::AccessToken, &claims)),
        ("of another issuer", signed(TokenType::IdToken, &with(&claims, json!({ "iss": "https://other.example" })))),
        (
            "with a client_id, as access tokens have",
            signed(TokenType::IdToken, &with(&claims, json!({ "client_id": "app" }))),
        ),
        ("for no client that there is", signed(TokenType::IdToken, &with(&claims, json!({ "aud": "nobody" })))),
        ("for nobody", signed(TokenType::IdToken, &with(&claims, json!({ "aud": [] })))),
        ("of no session", signed(TokenType::IdToken, &with(&claims, json!({ "sid": null })))),
        ("of what is no session", signed(TokenType::IdToken, &with(&claims, json!({ "sid": "%" })))),
    ] {
        without_cookie(&house, &hint).await;
        assert!(is_signed_in(&house, &browser).await, "{what}");
    }
    // An access token that names its type as an ID token does.
    let code = browser.get(&Ask::of("app").url()).await.answer()["code"].clone();
    let access_token = house.redeem("app", &code).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(crate::support::call::open(&access_token).0["typ"], "JWT");
    without_cookie(&house, &access_token).await;
    assert!(is_signed_in(&house, &browser).await);
    assert!(house.audit(AuditKind::SignedOut).await.is_empty());
    // The claims that were left as they are make a hint that counts.
    without_cookie(&house, &signed(TokenType::IdToken, &claims)).await;
    assert!(!is_signed_in(&house, &browser).await);
}

#[tokio::test]
async fn sess_007_a_hint_ends_no_session_but_that_of_its_own_subject() {
    let (house, alice) = house().await;
    let bob = house.user("bob@example.com").await;
    let (mut of_alice, mut again, mut of_bob) =
        (house.signed_in(&alice).await, house.signed_in(&alice).await, house.signed_in(&bob).await);
    let (_, alices) = house.id_token_in(&mut of_alice, "app").await;
    let (_, bobs) = house.id_token_in(&mut of_bob, "app").await;
    house.id_token_in(&mut again, "app").await;
    // What no server of ours signs: were it only the session's id that counted, an app could be made to end another's.
    let mixed = with(&alices, json!({ "sid": bobs["sid"] }));
    let hint = house.app.keys.sign(SigningAlgorithm::RS256, TokenType::IdToken, &mixed).unwrap();
    without_cookie(&house, &hint).await;
    for browser in [&of_alice, &again, &of_bob] {
        assert!(is_signed_in(&house, browser).await);
    }
    assert!(house.audit(AuditKind::SignedOut).await.is_empty());
}

#[tokio::test]
async fn sess_007_a_hint_of_a_client_that_is_gone_ends_nothing() {
    let (house, alice) = house().await;
    let mut browser = house.signed_in(&alice).await;
    let (hint, _) = house.id_token_in(&mut browser, "app").await;
    house.commit(vec![Change::DeleteClient(ClientId::parse("app").unwrap())]).await;
    house.app.clients.poll().await.unwrap();
    let answer = house.get(&format!("/logout?id_token_hint={hint}&post_logout_redirect_uri={BYE}")).send().await;
    assert_ne!(answer.header("location"), Some(BYE), "and nothing is returned to");
    assert!(is_signed_in(&house, &browser).await);
}

/// The id of a sign-in stays while it is renewed, and no longer: a token that somebody found in an old log ends nothing of today.
#[tokio::test]
async fn sess_007_an_old_hint_does_not_end_the_session_that_came_after_its_own() {
    let (house, alice) = house().await;
    let mut browser = house.signed_in(&alice).await;
    let (old, _) = house.id_token_in(&mut browser, "app").await;
    let page = browser.get("/logout").await;
    browser.submit(&page, "logout", &[]).await;
    house.clock.advance(Duration::from_hours(1));
    house.sign_in(&mut browser, &alice).await;
    without_cookie(&house, &old).await;
    assert!(is_signed_in(&house, &browser).await);
}

/// A picture or a frame on another site is asked for without our cookies. What the browser holds must not be touched by the answer, whichever browsers
/// take a cookie from there.
#[tokio::test]
async fn sess_007_an_answer_to_a_request_without_a_cookie_makes_a_browser_forget_nothing() {
    let (house, alice) = house().await;
    let mut browser = house.signed_in(&alice).await;
    let (hint, _) = house.id_token_in(&mut browser, "app").await;
    for target in ["/logout".to_owned(), "/logout?client_id=app".to_owned(), format!("/logout?id_token_hint={hint}")] {
        let answer = house.get(&target).send().await;
        let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let session = browser.session_cookie_name();
        assert!(cookies.into_iter().all(|cookie| !cookie.starts_with(&format!("{session}="))), "{target}");
        assert_eq!(answer.header("clear-site-data"), None, "{target}");
    }
}

#[tokio::test]
async fn sess_007_parameters_that_come_twice_end_nothing_and_lead_nowhere() {
    let (house, alice) = house().await;
    let mut browser = house.signed_in(&alice).await;
    let (hint, claims) = house.id_token_in(&mut browser, "app").await;
    assert_eq!(claims["iss"], ISSUER);
    for query in [
        format!("id_token_hint={hint}&id_token_hint={hint}"),
        format!("id_token_hint={hint}&client_id=app&client_id=other"),
        format!("id_token_hint={hint}&post_logout_redirect_uri={BYE}&post_logout_redirect_uri=https://evil.example/"),
    ] {
        let answer = house.get(&format!("/logout?{query}")).send().await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.header("location"), None);
    }
    let evil = format!("/logout?id_token_hint={hint}&post_logout_redirect_uri=https://evil.example/");
    let answer = house.get(&evil).send().await;
    assert_eq!(answer.header("location"), Some("/signed-out"));
}

/// An app's server that tries again, or two nodes that are asked at once: the session ends once, and the audit log says so once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sess_007_a_session_that_many_hints_end_at_one_instant_is_one_line_in_the_audit_log() {
    let (house, alice) = house().await;
    let second = house.second_node().await;
    for round in 1..=5 {
        let mut browser = house.signed_in(&alice).await;
        let (hint, _) = house.id_token_in(&mut browser, "app").await;
        let requests = (0..16).map(|number| {
            let call = house.get(&format!("/logout?id_token_hint={hint}"));
            let call = if number % 2 == 0 { call } else { call.to(&second.router) };
            tokio::spawn(call.send())
        });
        for request in requests.collect::<Vec<_>>() {
            assert_eq!(request.await.unwrap().status, 303);
        }
        assert!(!is_signed_in(&house, &browser).await);
        assert_eq!(house.audit(AuditKind::SignedOut).await.len(), round, "of as many sessions");
    }
}
