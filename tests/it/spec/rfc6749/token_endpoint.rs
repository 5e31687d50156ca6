//! The token endpoint: sections 2.3, 3.2, 4.1.3, 4.4, 5 and 6.

use haechi::model::grant::TicketKind;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::{REDIRECT, SECRET, VERIFIER, masked, open};

#[tokio::test]
async fn s3_2_the_client_must_use_post() {
    let house = TestApp::furnished().await;
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let answer = house.call(method, "/token").basic("worker").send().await;
        assert_eq!(answer.status, 405, "{method}");
        let allow = answer.header("allow").unwrap();
        assert!(allow.contains("POST") && !allow.contains("GET"), "{allow}");
    }
}

#[tokio::test]
async fn s3_2_parameters_are_form_urlencoded_in_utf_8() {
    let house = TestApp::furnished().await;
    for kind in
        ["application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded; charset=euc-kr"]
    {
        let call = house.post("/token").basic("worker").body(kind, "grant_type=client_credentials");
        assert_eq!(call.send().await.error(415), "invalid_request", "{kind}");
    }
    let call = house.post("/token?grant_type=client_credentials").basic("worker").form(&[]);
    assert_eq!(call.send().await.error(400), "invalid_request");
}

#[tokio::test]
async fn s3_2_parameters_must_not_be_included_more_than_once() {
    let house = TestApp::furnished().await;
    let twice = [("grant_type", "client_credentials"), ("grant_type", "client_credentials")];
    assert_eq!(house.post("/token").basic("worker").form(&twice).send().await.error(400), "invalid_request");
}

#[tokio::test]
async fn s2_3_1_parameters_must_not_be_included_in_the_request_uri() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    let form = [("grant_type", "authorization_code"), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
    // Not read there, whichever endpoint it is.
    let token = house.post(&format!("/token?code={code}")).form(&form).basic("web").send().await;
    assert_eq!(token.error(400), "invalid_request");
    let secret = format!("/token?client_id=posting&client_secret={SECRET}");
    let token = house.post(&secret).form(&[("grant_type", "client_credentials")]).send().await;
    assert_eq!(token.error(401), "invalid_client");
    for path in ["/introspect", "/revoke"] {
        let answer = house.post(&format!("{path}?token=x")).form(&[("unread", "1")]).basic("web").send().await;
        assert_eq!(answer.error(400), "invalid_request", "{path}");
    }
    // There as well: "parameters MUST NOT be included more than once" (section 3.2).
    for (path, name) in [("/token", "code"), ("/introspect", "token"), ("/revoke", "token")] {
        for value in [code.as_str(), "another"] {
            let call = house.post(&format!("{path}?{name}={value}")).form(&form).form(&[(name, code.as_str())]);
            assert_eq!(call.basic("web").send().await.error(400), "invalid_request", "{path} {value}");
        }
    }
    // What is unknown is ignored, and the code is still good.
    let call = house.post("/token?version=2").form(&form).form(&[("code", code.as_str())]);
    call.basic("web").send().await.tokens();
}

#[tokio::test]
async fn s3_2_unrecognized_parameters_are_ignored_and_empty_ones_are_absent() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials"), ("scope", ""), ("colour", "blue"), ("", "x")];
    let tokens = house.post("/token").basic("worker").form(&form).send().await.tokens();
    assert_eq!(tokens.scope.as_deref(), Some("read write"));
}

#[tokio::test]
async fn s3_2_hostile_bodies_are_answered_politely() {
    let house = TestApp::furnished().await;
    let form = "application/x-www-form-urlencoded";
    for (body, status) in [
        ("grant_type=%", 400),
        ("grant_type=%00", 400),
        ("grant_type=%ff%fe", 400),
        ("grant_type=client_credentials%0d%0aX: y", 400),
        (&"a=b&".repeat(500), 400),
        (&"x".repeat(70_000), 413),
        ("", 400),
    ] {
        let answer = house.post("/token").basic("worker").body(form, body).send().await;
        let code = answer.error(status);
        assert!(["invalid_request", "unsupported_grant_type"].contains(&code.as_str()), "{code}");
    }
}

#[tokio::test]
async fn s2_3_1_a_secret_works_in_the_header_and_in_the_body() {
    let house = TestApp::furnished().await;
    // Registered for the one and for the other.
    for client in ["web", "posting"] {
        let code = house.code(client, "openid").await;
        house.redeeming(&code).basic(client).send().await.tokens();
        let code = house.code(client, "openid").await;
        house.redeeming(&code).form(&[("client_id", client), ("client_secret", SECRET)]).send().await.tokens();
    }
}

/// Section 5.2: `invalid_client` is for an "unsupported authentication method", too, and its description is "used to assist the client developer".
#[tokio::test]
async fn s5_2_a_pinned_client_is_told_which_method_is_its_own() {
    let house = TestApp::furnished().await;
    for client in ["web", "posting"] {
        house.change_client(client, |client| client.authentication.pinned = true).await;
    }
    let posted = |client| [("grant_type", "refresh_token"), ("client_id", client), ("client_secret", SECRET)];
    let basic = house.post("/token").form(&[("grant_type", "refresh_token")]).basic("posting").send().await;
    for (answer, own) in
        [(house.post("/token").form(&posted("web")).send().await, "client_secret_basic"), (basic, "client_secret_post")]
    {
        assert_eq!(answer.error(401), "invalid_client");
        let told = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(told.contains(own), "{told}");
    }
    let code = house.code("posting", "openid").await;
    house.redeeming(&code).form(&[("client_id", "posting"), ("client_secret", SECRET)]).send().await.tokens();
}

/// "The client MAY omit the parameter if the client secret is an empty string." Some libraries have a header with the id alone for a client that
/// has no secret.
#[tokio::test]
async fn s2_3_1_a_public_client_may_say_its_id_in_the_header_with_an_empty_password() {
    let house = TestApp::furnished().await;
    for by_header in [false, true] {
        let code = house.code("spa", "openid").await;
        let call = house.redeeming(&code);
        let call = if by_header { call.basic_with("spa", "") } else { call.form(&[("client_id", "spa")]) };
        call.send().await.tokens();
    }
    let code = house.code("spa", "openid").await;
    assert_eq!(house.redeeming(&code).basic_with("spa", "x").send().await.error(401), "invalid_client");
    let code = house.code("web", "openid").await;
    assert_eq!(house.redeeming(&code).basic_with("web", "").send().await.error(401), "invalid_client");
    house.change_client("spa2", |spa| spa.enabled = false).await;
    assert_eq!(house.redeeming(&code).basic_with("spa2", "").send().await.error(401), "invalid_client");
}

#[tokio::test]
async fn s4_1_3_a_code_is_exchanged_for_tokens() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid email offline_access").await;
    let answer = house.redeeming(&code).basic("web").send().await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_json_snapshot!(masked(answer.expect(200), &["access_token", "refresh_token", "id_token"]), @r#"
    {
      "access_token": "[access_token]",
      "expires_in": 600,
      "id_token": "[id_token]",
      "refresh_token": "[refresh_token]",
      "scope": "openid email offline_access",
      "token_type": "Bearer"
    }
    "#);
}

#[tokio::test]
async fn s4_1_3_the_redirect_uri_must_be_identical() {
    let house = TestApp::furnished().await;
    for (name, uri) in
        [("redirect_uri", "https://web.example/cb/"), ("redirect_uri", "https://WEB.example/cb"), ("x", "y")]
    {
        let code = house.code("web", "openid").await;
        let form = [("grant_type", "authorization_code"), ("code", &code), ("code_verifier", VERIFIER), (name, uri)];
        assert_eq!(house.post("/token").basic("web").form(&form).send().await.error(400), "invalid_grant", "{uri}");
        assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
    }
}

#[tokio::test]
async fn s4_1_3_a_request_without_redirect_uri_needs_none_here() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid");
    let TicketKind::AuthorizationCode { redirect_uri, .. } = &mut grant.ticket.as_mut().unwrap().kind else { panic!() };
    *redirect_uri = None;
    let code = house.store(grant).await;
    let form = [("grant_type", "authorization_code"), ("code", &code), ("code_verifier", VERIFIER)];
    house.post("/token").basic("web").form(&form).send().await.tokens();
}

#[tokio::test]
async fn s4_1_2_a_code_expires() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    house.pass(60);
    assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn s4_4_a_client_acts_for_itself() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials"), ("scope", "write")];
    let answer = house.post("/token").basic("worker").form(&form).send().await;
    let json = answer.expect(200);
    // Section 4.4.3: "A refresh token SHOULD NOT be included."
    assert_eq!((json.get("refresh_token"), json.get("id_token")), (None, None));
    let (_, claims) = open(json["access_token"].as_str().unwrap());
    assert_eq!((&claims["sub"], &claims["scope"]), (&json!("worker"), &json!("write")));
}

#[tokio::test]
async fn s4_4_only_confidential_clients_may() {
    let house = TestApp::furnished().await;
    house
        .change_client("spa", |spa| {
            spa.policy.grant_types.push(haechi::protocol::grant_type::GrantType::ClientCredentials);
        })
        .await;
    let form = [("grant_type", "client_credentials"), ("client_id", "spa")];
    assert_eq!(house.post("/token").form(&form).send().await.error(400), "unauthorized_client");
}

#[tokio::test]
async fn s5_2_each_error_has_its_status_and_body() {
    let house = TestApp::furnished().await;
    let mut seen = vec![];
    for (name, client, form) in [
        ("no grant_type", "web", &[][..]),
        ("unknown grant_type", "web", &[("grant_type", "magic")]),
        ("not for this client", "worker", &[("grant_type", "authorization_code"), ("code", "x")]),
        ("unknown client", "nobody", &[("grant_type", "client_credentials")]),
        ("no code", "web", &[("grant_type", "authorization_code")]),
        ("no such code", "web", &[("grant_type", "authorization_code"), ("code", "SplxlOBeZQQYbYS6WxSbIA")]),
        (
            "no such refresh token",
            "web",
            &[("grant_type", "refresh_token"), ("refresh_token", "tGzv3JOkF0XG5Qx2TlKWIA")],
        ),
        ("scope", "worker", &[("grant_type", "client_credentials"), ("scope", "admin")]),
        ("resource", "worker", &[("grant_type", "client_credentials"), ("resource", "https://other.example")]),
    ] {
        let answer = house.post("/token").basic(client).form(form).send().await;
        let challenge = answer.header("www-authenticate").unwrap_or_default().to_owned();
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        seen.push(json!({ name: answer.json(), "status": answer.status.as_u16(), "challenge": challenge }));
    }
    assert_json_snapshot!(seen);
}

#[tokio::test]
async fn s5_2_a_failed_client_is_challenged_by_basic() {
    let house = TestApp::furnished().await;
    let answer = house.post("/token").basic_with("web", "wrong").form(&[("grant_type", "refresh_token")]).send().await;
    assert_eq!(answer.error(401), "invalid_client");
    assert!(answer.header("www-authenticate").unwrap().starts_with("Basic realm="));
}

#[tokio::test]
async fn s6_a_refresh_token_is_exchanged_and_replaced() {
    let house = TestApp::furnished().await;
    let first = house.tokens("openid offline_access").await;
    let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    assert_ne!(first.refresh(), second.refresh());
    assert_ne!(first.access_token, second.access_token);
    assert!(second.id_token.is_some());
    house.refreshing(second.refresh()).basic("web").send().await.tokens();
}

#[tokio::test]
async fn s6_the_scope_may_be_narrowed_for_one_token_and_the_grant_stays_as_it_is() {
    let house = TestApp::furnished().await;
    let first = house.tokens("openid email offline_access").await;
    let narrowed = house.refreshing(first.refresh()).form(&[("scope", "email")]).basic("web").send().await.tokens();
    assert_eq!(narrowed.scope.as_deref(), Some("email"));
    assert_eq!(narrowed.id_token, None);
    let whole = house.refreshing(narrowed.refresh()).basic("web").send().await.tokens();
    assert_eq!(whole.scope.as_deref(), Some("openid email offline_access"));
}

#[tokio::test]
async fn s6_a_refresh_token_ends_when_unused_and_at_last() {
    let house = TestApp::furnished().await;
    let idle = house.tokens("openid offline_access").await;
    house.pass(30 * 86_400);
    assert_eq!(house.refreshing(idle.refresh()).basic("web").send().await.error(400), "invalid_grant");
    let mut used = house.tokens("openid offline_access").await;
    for _ in 0..6 {
        house.pass(29 * 86_400);
        used = house.refreshing(used.refresh()).basic("web").send().await.tokens();
    }
    house.pass(6 * 86_400);
    assert_eq!(house.refreshing(used.refresh()).basic("web").send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let house = TestApp::furnished().await;
    assert_eq!(house.tokens("openid email").await.refresh_token, None);
    house.change_client("web", |web| web.policy.grant_types.retain(|g| g.as_str() == "authorization_code")).await;
    assert_eq!(house.tokens("openid offline_access").await.refresh_token, None);
}
