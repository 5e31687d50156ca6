//! What a declared API says of the tokens that are for it: RFC 8707 section 2, the parameter "enables the authorization server to apply policy as
//! appropriate for the resource, such as determining the type and content of tokens to be issued".

use std::time::Duration;

use haechi::model::Api;
use haechi::model::client::AccessTokenType;
use haechi::store::Change;
use serde_json::{Value, json};

use super::{OTHER, code, resources};
use crate::store::apis::api;
use crate::support::app::TestApp;
use crate::support::call::TokenSet;
use crate::support::furnished::{API, Furnished, ISSUER, open};

/// Declares an API that says this of its tokens.
async fn declare(house: &Furnished, resource: &str, token_type: Option<AccessTokenType>, seconds: Option<u64>) -> Api {
    let said = Api {
        access_token_type: token_type,
        access_token_lifetime: seconds.map(Duration::from_secs),
        ..api(u8::try_from(resource.len()).unwrap(), resource)
    };
    house.commit(vec![Change::InsertApi(Box::new(said.clone()))]).await;
    said
}

/// How an access token names its type, how long it lives by itself, and how long the answer says that it does.
fn form(tokens: &TokenSet) -> (Value, i64, i64) {
    let (header, claims) = open(&tokens.access_token);
    let lives = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    (header["typ"].clone(), lives, tokens.expires_in)
}

async fn of_worker(house: &Furnished, resource: &str) -> TokenSet {
    let form = [("grant_type", "client_credentials"), ("resource", resource)];
    house.post("/token").basic("worker").form(&form).send().await.tokens()
}

#[tokio::test]
async fn s2_a_token_for_one_api_is_as_that_says_in_every_grant_and_the_id_token_as_the_client_has_it() {
    let house = TestApp::furnished().await;
    let code = code(&house, "openid offline_access", &[API, OTHER]).await;
    declare(&house, "https://api.example/", Some(AccessTokenType::Jwt), Some(3600)).await;
    let said = (json!("JWT"), 3600, 3600);
    assert_eq!(form(&of_worker(&house, API).await), said);
    let first = house.redeeming(&code).form(&[("resource", API)]).basic("web").send().await.tokens();
    assert_eq!(form(&first), said);
    let of_id_token = open(first.id_token.as_ref().unwrap()).1;
    assert_eq!(of_id_token["exp"].as_i64().unwrap() - of_id_token["iat"].as_i64().unwrap(), 600);
    assert!(house.is_active(&first.access_token).await);
    let renewed = house.refreshing(first.refresh()).form(&[("resource", API)]).basic("web").send().await.tokens();
    assert_eq!(form(&renewed), said);
    // One that is not declared is as ever.
    let other = house.refreshing(renewed.refresh()).form(&[("resource", OTHER)]).basic("web").send().await.tokens();
    assert_eq!(form(&other), (json!("at+jwt"), 600, 600));
}

#[tokio::test]
async fn s2_of_several_the_least_lifetime_counts_and_a_type_only_where_they_agree() {
    let house = TestApp::furnished().await;
    declare(&house, API, Some(AccessTokenType::Jwt), Some(3600)).await;
    let of = async |granted: &[&str], scope: &str| {
        let code = code(&house, scope, granted).await;
        let tokens = house.redeeming(&code).basic("web").send().await.tokens();
        (open(&tokens.access_token).1["aud"].clone(), form(&tokens))
    };
    // UserInfo is in the audience, and it has what the client has.
    assert_eq!(of(&[API], "openid").await, (json!([API, ISSUER]), (json!("JWT"), 600, 600)));
    assert_eq!(of(&[API, OTHER], "read").await.1, (json!("JWT"), 600, 600));
    let other = declare(&house, OTHER, Some(AccessTokenType::Jwt), Some(1800)).await;
    assert_eq!(of(&[API, OTHER], "read").await.1, (json!("JWT"), 1800, 1800));
    let at_jwt = Api { access_token_type: Some(AccessTokenType::AtJwt), ..other };
    house.commit(vec![Change::UpdateApi(Box::new(at_jwt))]).await;
    assert_eq!(of(&[API, OTHER], "read").await.1.0, json!("at+jwt"), "they disagree: the client decides");
}

#[tokio::test]
async fn s2_a_change_of_an_api_counts_with_the_next_token_on_every_node() {
    let house = TestApp::furnished().await;
    let asks_for = async |texts: &[&str]| {
        house.change_client("worker", |worker| worker.policy.resources = resources(texts)).await;
    };
    asks_for(&[OTHER]).await;
    assert_eq!(form(&of_worker(&house, OTHER).await), (json!("at+jwt"), 600, 600));
    let declared = declare(&house, OTHER, None, Some(60)).await;
    assert_eq!(form(&of_worker(&house, OTHER).await), (json!("at+jwt"), 60, 60));
    asks_for(&[]).await;
    house.commit(vec![Change::DeleteApi(declared.id)]).await;
    asks_for(&[OTHER]).await;
    assert_eq!(form(&of_worker(&house, OTHER).await), (json!("at+jwt"), 600, 600));
}

/// A token lives as long as it says, although a later answer to the same grant was for something else.
#[tokio::test]
async fn s2_a_long_token_counts_to_its_end_whatever_the_grant_is_used_for_later() {
    let house = TestApp::furnished().await;
    let code = code(&house, "openid offline_access", &[API, OTHER]).await;
    house.change_client("web", |web| web.tokens.lifetimes.refresh_token_idle = Duration::from_mins(15)).await;
    declare(&house, API, None, Some(7200)).await;
    let long = house.redeeming(&code).form(&[("resource", API)]).basic("web").send().await.tokens();
    house.refreshing(long.refresh()).form(&[("resource", OTHER)]).basic("web").send().await.tokens();
    house.pass(7000);
    while house.stores.housekeeping.purge(house.now()).await.unwrap() > 0 {}
    assert!(house.is_active(&long.access_token).await);
    house.pass(201);
    assert!(!house.is_active(&long.access_token).await);
}
