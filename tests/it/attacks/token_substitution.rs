//! Attacks that put one token in another's place, or use one that should be dead.

use haechi::model::user::UserStatus;
use haechi::store::Change;
use serde_json::json;

use crate::spec::rfc7523;
use crate::support::app::TestApp;
use crate::support::furnished::ISSUER;

#[tokio::test]
async fn tok_003_each_kind_of_token_is_good_for_its_own_purpose_only() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    let id_token = tokens.id_token.clone().unwrap();
    let assertion = house.party.token(json!({}), &rfc7523::claims(&house, "1"));
    for wrong in [&id_token, &assertion, tokens.refresh()] {
        assert_eq!(house.get("/userinfo").bearer(wrong).send().await.error(401), "invalid_token");
    }
    for wrong in [&id_token, &assertion] {
        assert!(!house.is_active(wrong).await);
    }
    for wrong in [&id_token, &tokens.access_token, tokens.refresh()] {
        assert_eq!(rfc7523::send(&house, wrong).await.error(401), "invalid_client");
    }
    rfc7523::send(&house, &assertion).await.tokens();
}

#[tokio::test]
async fn tok_006_an_unrelated_client_learns_nothing() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid offline_access").await.access_token;
    let answer = house.post("/introspect").basic("evil").form(&[("token", &token)]).send().await;
    assert_eq!(answer.expect(200), json!({ "active": false }));
}

#[tokio::test]
async fn tok_007_a_dead_persons_token_opens_nothing() {
    for what in ["disabled", "signed out", "signed out everywhere", "client disabled", "consent withdrawn"] {
        let house = TestApp::furnished().await;
        let grant = house.granting("web", "openid");
        let sign_in = grant.sign_in.unwrap();
        let code = house.store(grant).await;
        let token = house.redeeming(&code).basic("web").send().await.tokens().access_token;
        house.get("/userinfo").bearer(&token).send().await.expect(200);
        house.pass(1);
        let now = house.now();
        match what {
            "disabled" => house.change_alice(|alice| alice.status = UserStatus::Disabled).await,
            "signed out" => {
                let until = now.plus(std::time::Duration::from_hours(1));
                house.commit(vec![Change::EndSignIn { id: sign_in, until }]).await;
            }
            "signed out everywhere" => house.change_alice(|alice| alice.epoch = alice.epoch.next()).await,
            "client disabled" => house.change_client("web", |web| web.enabled = false).await,
            _ => {
                let client = haechi::model::ClientId::parse("web").unwrap();
                house.commit(vec![Change::WithdrawConsent(house.alice.id, client)]).await;
            }
        }
        assert_eq!(house.get("/userinfo").bearer(&token).send().await.error(401), "invalid_token", "{what}");
        let own = if what == "client disabled" { "api" } else { "web" };
        let asked = house.post("/introspect").basic(own).form(&[("token", &token)]).send().await;
        assert_eq!(asked.expect(200), json!({ "active": false }), "{what}");
    }
}

#[tokio::test]
async fn an_offline_grant_outlives_its_sign_in() {
    let house = TestApp::furnished().await;
    let grant = house.granting("web", "openid offline_access");
    let sign_in = grant.sign_in.unwrap();
    let code = house.store(grant).await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    let until = house.now().plus(std::time::Duration::from_hours(1));
    house.commit(vec![Change::EndSignIn { id: sign_in, until }]).await;
    house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
}

#[tokio::test]
async fn tok_010_a_client_cannot_pass_for_a_person() {
    let house = TestApp::furnished().await;
    let sub = house.alice.id.to_string();
    assert!(haechi::model::ClientId::parse(&sub).is_err());
    let form = [("grant_type", "client_credentials")];
    assert_eq!(house.post("/token").form(&form).basic(&sub).send().await.error(401), "invalid_client");
}

#[tokio::test]
async fn tok_013_a_client_uses_the_grants_it_is_registered_for() {
    let house = TestApp::furnished().await;
    for (grant, error) in [
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type"),
        ("client_credentials", "unauthorized_client"),
        ("CLIENT_CREDENTIALS", "unsupported_grant_type"),
    ] {
        let form = [("grant_type", grant), ("username", "alice"), ("password", "x")];
        assert_eq!(house.post("/token").basic("web").form(&form).send().await.error(400), error, "{grant}");
    }
    for (grant, name) in [("authorization_code", "code"), ("refresh_token", "refresh_token")] {
        let form = [("grant_type", grant), (name, "x")];
        assert_eq!(house.post("/token").basic("worker").form(&form).send().await.error(400), "unauthorized_client");
    }
    let twice = [("grant_type", "client_credentials"), ("grant_type", "refresh_token")];
    assert_eq!(house.post("/token").basic("web").form(&twice).send().await.error(400), "invalid_request");
}

/// A page of no client reads nothing of introspection, however broken its request is: no preflight is answered, and no error either.
#[tokio::test]
async fn tok_014_no_page_reads_what_introspection_answers() {
    let house = TestApp::furnished().await;
    let good = "https://web.example";
    let call = || house.post("/introspect").header("origin", good);
    for answer in [
        call().body("application/json", "{}").send().await,
        call().body("application/x-www-form-urlencoded", "token=%").send().await,
        call().body("application/x-www-form-urlencoded", "token=a&token=b").send().await,
        call().form(&[("token", "x")]).send().await,
        call().basic("web").form(&[("token", "x")]).send().await,
        house.call("OPTIONS", "/introspect").header("origin", good).send().await,
    ] {
        for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
            assert_eq!(answer.header(name), None, "{answer:?}");
        }
    }
    // Where pages do call, they read what was wrong.
    let broken = house.post("/token").header("origin", good).body("application/json", "{}").send().await;
    assert_eq!((broken.status.as_u16(), broken.header("access-control-allow-origin")), (415, Some(good)));
}

/// The Fetch standard compares origins byte by byte, and so do we: what a URL parser would take for the same is another.
#[tokio::test]
async fn tok_014_an_origin_is_allowed_in_one_spelling_only() {
    let house = TestApp::furnished().await;
    for origin in [
        "https://WEB.example",
        "HTTPS://web.example",
        "https://web.example.",
        "https://web.example:443",
        "https://web.example:8443",
        "http://web.example",
        "https://web.example/",
        "https://web.example https://evil.example",
        "https://web.example,https://evil.example",
        "https://evil.example#https://web.example",
        "https://web.example@evil.example",
        "https://xn--web-.example",
        "web.example",
        "null",
        "",
    ] {
        for (method, path) in [("OPTIONS", "/token"), ("POST", "/token"), ("GET", "/userinfo"), ("POST", "/revoke")] {
            let answer = house.call(method, path).header("origin", origin).send().await;
            for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
                assert_eq!(answer.header(name), None, "{method} {path} {origin}");
            }
        }
        let document = house.get("/jwks").header("origin", origin).send().await;
        assert_eq!(document.header("access-control-allow-origin"), Some("*"), "{origin}");
        assert_eq!(document.header("access-control-allow-credentials"), None, "{origin}");
    }
}

/// Answers may be read with credentials because no cookie counts there: an end-user who is signed in is nobody to these endpoints.
#[tokio::test]
async fn tok_014_no_cookie_counts_where_pages_may_send_credentials() {
    let house = TestApp::furnished().await;
    let browser = house.signed_in(&house.alice).await;
    let cookies = [browser.session_cookie_name(), browser.browser_cookie_name()]
        .map(|name| format!("{name}={}", browser.cookie(name).unwrap()))
        .join("; ");
    for (method, path) in [
        ("GET", "/userinfo"),
        ("POST", "/userinfo"),
        ("POST", "/token"),
        ("POST", "/revoke"),
        ("OPTIONS", "/token"),
        ("GET", "/jwks"),
        ("GET", "/.well-known/openid-configuration"),
    ] {
        let call = || house.call(method, path).header("origin", "https://web.example");
        let (with, without) = (call().header("cookie", &cookies).send().await, call().send().await);
        assert_eq!((with.status, &with.body), (without.status, &without.body), "{method} {path}");
        assert!(!with.body.contains("alice") && !with.headers.contains_key("set-cookie"), "{method} {path}");
    }
}

#[tokio::test]
async fn tok_014_only_pages_of_registered_clients_may_read_answers() {
    let house = TestApp::furnished().await;
    let (good, evil) = ("https://web.example", "https://nowhere.example");
    for path in ["/token", "/userinfo", "/revoke"] {
        for (origin, allowed) in
            [(good, Some(good)), (evil, None), ("null", None), ("https://web.example.evil.tld", None)]
        {
            let preflight =
                house.call("OPTIONS", path).header("origin", origin).header("access-control-request-method", "POST");
            let answer = preflight.send().await;
            assert_eq!(answer.status, 204);
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{path} {origin}");
            assert_eq!(answer.header("access-control-allow-credentials"), allowed.map(|_| "true"), "{path} {origin}");
            assert!(answer.header("vary").unwrap().contains("origin"));
        }
    }
    // Documents are everybody's, and name no origin but a registered one beside credentials.
    for path in ["/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        for (origin, allowed, credentials) in [(good, good, Some("true")), (evil, "*", None), ("null", "*", None)] {
            for method in ["GET", "OPTIONS"] {
                let answer = house.call(method, path).header("origin", origin).send().await;
                assert_eq!(answer.header("access-control-allow-origin"), Some(allowed), "{method} {path} {origin}");
                assert_eq!(answer.header("access-control-allow-credentials"), credentials, "{method} {path} {origin}");
                assert!(answer.header("vary").unwrap().contains("origin"));
            }
        }
        assert!(
            house.get(path).send().await.header("vary").unwrap().contains("origin"),
            "a cache must tell them apart"
        );
    }
    // Cookies count at pages: no other page reads one, whoever registered it.
    for path in ["/authorize", "/login", "/account", "/logout", "/continue"] {
        for method in ["GET", "POST", "OPTIONS"] {
            let answer = house.call(method, path).header("origin", good).send().await;
            for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
                assert_eq!(answer.header(name), None, "{method} {path} {name}");
            }
        }
    }
    // Once it is known who calls, only that client's pages may read the answer.
    let code = house.code("evil", "openid").await;
    let mut own = house.redeeming(&code).basic("evil").header("origin", good).send().await;
    assert_eq!(own.header("access-control-allow-origin"), None);
    own = house.redeeming(&code).basic("evil").header("origin", "https://evil.example").send().await;
    assert_eq!(own.header("access-control-allow-origin"), Some("https://evil.example"));
    assert_eq!(own.header("access-control-allow-credentials"), Some("true"));
    let forged = crate::support::jose::Party::new("ES256")
        .token(json!({ "typ": "at+jwt" }), &json!({ "iss": ISSUER, "client_id": "evil", "azp": "evil" }));
    let answer = house.get("/userinfo").bearer(&forged).header("origin", evil).send().await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (401, None));
    assert_eq!(
        house
            .post("/introspect")
            .basic("web")
            .header("origin", good)
            .form(&[("token", "x")])
            .send()
            .await
            .header("access-control-allow-origin"),
        None
    );
}
