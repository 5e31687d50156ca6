//! The administration API, as programs call it.

use std::time::Duration;

use haechi::admin::Authority;
use haechi::admin::clients::{self, ClientResource, WithSecret};
use haechi::admin::users;
use haechi::config::Config;
use haechi::model::User;
use haechi::model::client::ConsentPolicy;
use haechi::model::user::Role;
use haechi::protocol::ScopeSet;
use haechi::protocol::resource::Resource;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::call::{Answer, Call};

mod audit_log;
mod conditions;
mod declaration;
mod delegates;
mod described;
mod documents;
mod instance;
mod lists;
pub mod mail;
mod problems;
mod relations;
mod routes;
mod service_accounts;
mod tokens;

/// How long the tokens of these tests live: longer than a proof.
const LIFETIME: Duration = Duration::from_hours(1);

/// The resource that tokens for the API of a house are for.
pub fn own_api(house: &TestApp) -> String {
    format!("{}/api/v1", house.issuer())
}

/// A house with a client, `tool`, by which end-users administer it.
pub async fn house() -> TestApp {
    house_with(|_| ()).await
}

/// The same, whose configuration is changed first.
pub async fn house_with(change: impl FnOnce(&mut Config)) -> TestApp {
    let house = TestApp::with(change).await;
    let resource = Resource::parse(&own_api(&house)).unwrap();
    house
        .client("tool", |client| {
            client.policy.consent = ConsentPolicy::FirstParty;
            client.policy.scopes = ScopeSet::parse("openid offline_access haechi:read haechi:write").unwrap();
            client.policy.resources = vec![resource];
            client.tokens.lifetimes.access_token = LIFETIME;
        })
        .await;
    house
}

/// An account with these roles.
pub async fn somebody(house: &TestApp, name: &str, roles: &[Role]) -> User {
    let user = house.user(&format!("{name}@example.com")).await;
    if roles.is_empty() {
        return user;
    }
    users::set_roles(&house.admin, &Authority::operator(), user.id, roles.to_vec()).await.unwrap()
}

/// The token that an end-user, who signs in now, gives `tool`.
pub async fn token_of(house: &TestApp, user: &User, scope: &str) -> String {
    let mut browser = house.signed_in(user).await;
    let ask = Ask::of("tool").with("scope", scope).with("resource", &own_api(house));
    let answer = browser.get(&ask.url()).await.answer();
    let tokens = house.redeem("tool", &answer["code"]).await;
    tokens["access_token"].as_str().unwrap_or_else(|| panic!("no token: {tokens}")).to_owned()
}

/// The token of an account that has these roles.
pub async fn token_as(house: &TestApp, role: Role) -> String {
    token_of(house, &somebody(house, role.as_str(), &[role]).await, "haechi:write").await
}

/// A client that acts for itself.
pub async fn service(house: &TestApp, id: &str, roles: &[Role], scope: &str) -> WithSecret {
    let new = json!({ "client_id": id, "client_name": "Machine", "kind": "service", "scope": scope,
        "roles": roles, "grant_types": ["client_credentials"], "access_token_lifetime": LIFETIME.as_secs() });
    let new: ClientResource = serde_json::from_value(new).unwrap();
    clients::create(&house.admin, &Authority::operator(), new).await.unwrap()
}

/// The token that a client gets for itself.
pub async fn token_of_service(house: &TestApp, made: &WithSecret) -> String {
    let secret = made.secret.as_ref().unwrap().expose();
    let form = [("grant_type", "client_credentials"), ("resource", &own_api(house))];
    let call = house.post("/token").form(&form).basic_with(made.client.id.as_str(), secret);
    call.send().await.tokens().access_token
}

/// A call of the API.
pub fn call(house: &TestApp, method: &'static str, path: &str, token: &str) -> Call {
    house.call(method, &format!("/api/v1{path}")).bearer(token)
}

/// Sends a document.
pub async fn send(house: &TestApp, (method, path): (&'static str, &str), token: &str, body: &Value) -> Answer {
    call(house, method, path, token).body("application/json", &body.to_string()).send().await
}

/// What a problem says: its status and its code.
#[track_caller]
pub fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    let document = answer.json();
    assert_eq!(document["status"], answer.status.as_u16(), "{answer:?}");
    assert_eq!(document["request_id"].as_str(), answer.header("x-request-id"), "{answer:?}");
    (answer.status.as_u16(), document["code"].as_str().unwrap().to_owned())
}

/// The fields that are wrong, each with its code.
#[track_caller]
pub fn wrong(answer: &Answer) -> Vec<(String, String)> {
    let document = answer.json();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let errors = document["errors"].as_array().unwrap_or_else(|| panic!("no fields: {document}"));
    errors.iter().map(|one| (text(one, "pointer"), text(one, "code"))).collect()
}
