//! Which tokens the API takes, and how long.

use std::time::Duration;

use haechi::admin::{Authority, clients, users};
use haechi::model::client::ClientId;
use haechi::model::policy::FactorPolicy;
use haechi::model::user::Role;
use haechi::protocol::resource::Resource;
use haechi::store::UserQuery;

use super::{call, house, own_api, problem, send, service, somebody, token_as, token_of, token_of_service};
use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::{Ask, VERIFIER};
use crate::support::authenticator::Authenticator;
use serde_json::json;

const INVALID: (u16, &str) = (401, "invalid_token");

async fn seen(house: &TestApp, token: &str) -> (u16, String) {
    let answer = call(house, "GET", "/users", token).send().await;
    if answer.status.is_success() { (200, String::new()) } else { problem(&answer) }
}

#[expect(clippy::needless_pass_by_value, reason = "it is read as a sentence")]
fn is(found: (u16, String), (status, code): (u16, &str)) {
    assert_eq!(found, (status, code.to_owned()));
}

#[tokio::test]
async fn a_token_for_another_resource_is_none_for_the_api() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let mut browser = house.signed_in(&owner).await;
    let ask = Ask::of("tool").with("scope", "openid haechi:write");
    let answer = browser.get(&ask.url()).await.answer();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "tool"),
        ("code", &answer["code"]),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("resource", house.issuer()),
    ];
    let tokens = house.post("/token").form(&form).send().await.expect(200);
    is(seen(&house, tokens["access_token"].as_str().unwrap()).await, INVALID);
    is(seen(&house, tokens["id_token"].as_str().unwrap()).await, INVALID);
    is(seen(&house, "not-a-token").await, INVALID);
    let good = token_of(&house, &owner, "haechi:write").await;
    is(seen(&house, &good).await, (200, ""));
    is(seen(&house, &good[..good.len() - 2]).await, INVALID);
    // And the other way round: UserInfo does not take the API's.
    assert_eq!(house.get("/userinfo").bearer(&good).send().await.status, 401);
}

/// RFC 6750 section 2: "Clients MUST NOT use more than one method to transmit the token in each request"; RFC 9700 section 4.3.2 on queries.
#[tokio::test]
async fn a_token_comes_in_the_header_and_nowhere_else() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let token = token_of(&house, &owner, "haechi:read").await;
    let answer = house.get(&format!("/api/v1/users?access_token={token}")).send().await;
    is(problem(&answer), (401, "unauthenticated"));
    let answer = house.get(&format!("/api/v1/users?access_token={token}")).bearer(&token).send().await;
    is(problem(&answer), (400, "unknown_parameter"));
    let answer = house.get("/api/v1/users").bearer(&token).bearer(&token).send().await;
    is(problem(&answer), (400, "malformed"));
    let answer = house.get("/api/v1/users").header("authorization", &format!("Basic {token}")).send().await;
    is(problem(&answer), (401, "unauthenticated"));
}

/// Who is signed in to the console is nobody here: no page of another site acts for them.
#[tokio::test]
async fn adm_009_no_cookie_counts_and_no_origin_is_let_in() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let browser = house.signed_in(&owner).await;
    let name = browser.session_cookie_name();
    let cookie = format!("{name}={}", browser.cookie(name).unwrap());
    for method in ["GET", "POST"] {
        let answer = house.call(method, "/api/v1/users").header("cookie", &cookie).send().await;
        is(problem(&answer), (401, "unauthenticated"));
    }
    let token = token_of(&house, &owner, "haechi:read").await;
    let answer = house.get("/api/v1/users").bearer(&token).header("origin", "https://app.example").send().await;
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{answer:?}");
    assert!(answer.header("set-cookie").is_none());
    let preflight = house
        .call("OPTIONS", "/api/v1/users")
        .header("origin", "https://app.example")
        .header("access-control-request-method", "GET");
    let preflight = preflight.send().await;
    is(problem(&preflight), (405, "method_not_allowed"));
    assert!(preflight.header("access-control-allow-origin").is_none());
}

/// A thing that is switched off does nothing, at once, on every node.
#[tokio::test]
async fn disabled_means_disabled_on_every_node_at_once() {
    let house = house().await;
    let other = house.second_node().await;
    let by = Authority::operator();
    let disabled = somebody(&house, "disabled", &[Role::Owner]).await;
    let demoted = somebody(&house, "demoted", &[Role::Owner]).await;
    let signed_out = somebody(&house, "signed-out", &[Role::Owner]).await;
    let deleted = somebody(&house, "deleted", &[Role::Owner]).await;
    somebody(&house, "stays", &[Role::Owner]).await;
    let mut tokens = Vec::new();
    for user in [&disabled, &demoted, &signed_out, &deleted] {
        tokens.push(token_of(&house, user, "haechi:write").await);
    }
    let machine = service(&house, "machine", &[Role::Owner], "haechi:read").await;
    tokens.push(token_of_service(&house, &machine).await);
    for token in &tokens {
        is(seen(&other, token).await, (200, ""));
    }
    users::set_enabled(&house.admin, &by, disabled.id, false).await.unwrap();
    users::set_roles(&house.admin, &by, demoted.id, vec![]).await.unwrap();
    users::revoke_sessions(&house.admin, &by, signed_out.id).await.unwrap();
    users::delete(&house.admin, &by, deleted.id).await.unwrap();
    clients::set_enabled(&house.admin, &by, &machine.client.id, false).await.unwrap();
    let found = futures_util::future::join_all(tokens.iter().map(|token| seen(&other, token))).await;
    let codes: Vec<&str> = found.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes, ["invalid_token", "forbidden", "invalid_token", "invalid_token", "invalid_token"]);
    // Switched on again, what was ended stays so.
    clients::set_enabled(&house.admin, &by, &machine.client.id, true).await.unwrap();
    is(seen(&other, &tokens[4]).await, INVALID);
    // And the client by which end-users administer takes everything with it.
    let owner = token_as(&house, Role::Owner).await;
    clients::set_enabled(&house.admin, &by, ClientId::parse("tool").unwrap(), false).await.unwrap();
    is(seen(&other, &owner).await, INVALID);
}

#[tokio::test]
async fn a_token_that_was_revoked_or_has_expired_is_worth_nothing() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let token = token_of(&house, &owner, "haechi:read").await;
    let revoked = token_of(&house, &owner, "haechi:read").await;
    house.post("/revoke").form(&[("client_id", "tool"), ("token", &revoked)]).send().await;
    is(seen(&house, &revoked).await, INVALID);
    is(seen(&house, &token).await, (200, ""));
    house.clock.advance(Duration::from_hours(2));
    is(seen(&house, &token).await, INVALID);
}

/// RFC 9470 section 3: a challenge that says how long ago the end-user may have authenticated.
#[tokio::test]
async fn changing_something_takes_an_end_user_who_authenticated_a_moment_ago() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let token = token_of(&house, &owner, "haechi:write").await;
    let new = |name: &str| json!({ "email": format!("{name}@example.com") });
    send(&house, ("POST", "/users"), &token, &new("first")).await.expect(201);
    house.clock.advance(house.config.sessions.proof() + Duration::from_secs(1));
    let answer = send(&house, ("POST", "/users"), &token, &new("second")).await;
    is(problem(&answer), (401, "proof_needed"));
    let challenge = answer.header("www-authenticate").unwrap();
    let seconds = house.config.sessions.proof().as_secs();
    let expected =
        format!("Bearer realm=\"haechi\", error=\"insufficient_user_authentication\", max_age=\"{seconds}\"");
    assert_eq!(challenge, expected);
    // Seeing takes none, and a machine proved itself when it asked for its token.
    is(seen(&house, &token).await, (200, ""));
    let machine = service(&house, "machine", &[Role::PeopleManager], "haechi:write").await;
    let token = token_of_service(&house, &machine).await;
    house.clock.advance(house.config.sessions.proof() + Duration::from_secs(1));
    send(&house, ("POST", "/users"), &token, &new("third")).await.expect(201);
}

/// Whoever has a passkey proves themselves by it. The challenge says how strongly, too: to authenticate again by a password would lead here again.
#[tokio::test]
async fn who_has_a_passkey_changes_something_by_no_less() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let mut device = Authenticator::new(house.issuer(), "owner");
    assert!(house.signed_in(&owner).await.add_passkey(&mut device, "").await.has("saved"));
    let new = json!({ "email": "new@example.com" });
    let token = token_of(&house, &owner, "haechi:write").await;
    let answer = send(&house, ("POST", "/users"), &token, &new).await;
    is(problem(&answer), (401, "proof_needed"));
    let (acr, seconds) = ("urn:haechi:acr:2fa", house.config.sessions.proof().as_secs().to_string());
    let challenge = answer.header("www-authenticate").unwrap();
    let said = format!("error=\"insufficient_user_authentication\", acr_values=\"{acr}\", max_age=\"{seconds}\"");
    assert!(challenge.ends_with(&said), "{challenge}");
    is(seen(&house, &token).await, (200, ""));
    // The client does as it says.
    let mut browser = house.signed_in(&owner).await;
    let ask = Ask::of("tool").with("scope", "haechi:write").with("resource", &own_api(&house));
    let asked = browser.get(&ask.with("acr_values", acr).with("max_age", &seconds).url()).await;
    let answer = browser.use_passkey(&asked, &mut device).await.answer();
    let tokens = house.redeem("tool", &answer["code"]).await;
    send(&house, ("POST", "/users"), tokens["access_token"].as_str().unwrap(), &new).await.expect(201);
}

/// The grant goes on without the browser (`offline_access`), and the proof that it was ends with the sign-in.
#[tokio::test]
async fn a_sign_in_that_ended_proves_nothing() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let token = token_of(&house, &owner, "openid offline_access haechi:write").await;
    let sign_in = house.flow.sessions.of_user(owner.id).await.unwrap()[0].id;
    haechi::admin::sessions::revoke(&house.admin, &Authority::operator(), &house.flow.sessions, owner.id, sign_in)
        .await
        .unwrap();
    let answer = send(&house, ("POST", "/users"), &token, &json!({ "email": "new@example.com" })).await;
    assert_eq!(answer.status, 401, "{answer:?}");
    assert_eq!(
        house.stores.users.list(&UserQuery::searching(Some("new@example.com")), 1).await.unwrap().items.len(),
        0
    );
}

/// The resource that a client may ask for without naming it: with the scopes of the API goes the API.
#[tokio::test]
async fn the_scopes_of_the_api_bring_its_resource() {
    let house = house().await;
    let made = service(&house, "machine", &[Role::Auditor], "haechi:read").await;
    let resources: Vec<&str> = made.client.policy.resources.iter().map(Resource::as_str).collect();
    assert_eq!(resources, [own_api(&house)]);
    let made = service(&house, "other", &[], "read").await;
    assert!(made.client.policy.resources.is_empty());
}

/// RFC 9470 section 3: a challenge that says how strongly the end-user must authenticate. The policy was raised while the token lived.
#[tokio::test]
async fn a_second_factor_that_is_missing_is_asked_for() {
    let house = house().await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let token = token_of(&house, &owner, "haechi:read").await;
    is(seen(&house, &token).await, (200, ""));
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    let answer = call(&house, "GET", "/users", &token).send().await;
    is(problem(&answer), (401, "second_factor_needed"));
    let challenge = answer.header("www-authenticate").unwrap();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/second-factors.md")).unwrap();
    let said = "error=\"insufficient_user_authentication\", acr_values=\"urn:haechi:acr:2fa\"";
    assert!(challenge.contains(said) && page.contains(said), "{challenge}");
}
