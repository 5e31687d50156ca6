//! Conditions under which something is changed, and what is only tried.

use haechi::model::user::Role;
use serde_json::json;

use super::{call, house, problem, send, token_as, wrong};

/// RFC 9110 section 13.1.1: the origin server "MUST NOT perform the requested method if a received If-Match condition evaluates to false".
#[tokio::test]
async fn a_change_to_another_version_than_was_seen_is_not_made() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let made = send(&house, ("POST", "/users"), &token, &json!({ "email": "kim@example.com" })).await;
    let sub = made.expect(201)["sub"].as_str().unwrap().to_owned();
    let path = format!("/users/{sub}");
    assert_eq!(made.header("location"), Some(format!("{}/api/v1{path}", house.issuer()).as_str()));
    let first = made.header("etag").unwrap().to_owned();
    let patch = async |tag: Option<&str>, body: serde_json::Value| {
        let call = call(&house, "PATCH", &path, &token).body("application/merge-patch+json", &body.to_string());
        let call = if let Some(tag) = tag { call.header("if-match", tag) } else { call };
        call.send().await
    };
    let changed = patch(Some(&first), json!({ "name": "Kim" })).await;
    changed.expect(200);
    let second = changed.header("etag").unwrap().to_owned();
    assert_ne!(first, second);
    for stale in [first.as_str(), "\"99\"", "W/\"1\"", "x"] {
        let answer = patch(Some(stale), json!({ "name": "Lee" })).await;
        assert_eq!(problem(&answer), (412, "precondition_failed".to_owned()), "{stale}");
    }
    let deleted = call(&house, "DELETE", &path, &token).header("if-match", &first).send().await;
    assert_eq!(problem(&deleted), (412, "precondition_failed".to_owned()));
    // What is seen names its version too, and sent back it is the same condition.
    let answer = patch(None, json!({ "name": "Lee", "version": 0 })).await;
    assert_eq!(problem(&answer), (409, "stale".to_owned()));
    // Without a condition, and with one that is met.
    patch(None, json!({ "name": "Park" })).await.expect(200);
    patch(Some("*"), json!({ "name": "Choi" })).await.expect(200);
    let shown = call(&house, "GET", &path, &token).send().await;
    assert_eq!(shown.expect(200)["name"], "Choi");
    let tag = shown.header("etag").unwrap();
    let again = call(&house, "GET", &path, &token).header("if-none-match", tag).send().await;
    assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));
    let deleted = call(&house, "DELETE", &path, &token).header("if-match", tag).send().await;
    assert_eq!((deleted.status.as_u16(), deleted.body.as_str()), (204, ""));
    assert_eq!(problem(&call(&house, "GET", &path, &token).send().await), (404, "not_found".to_owned()));
}

/// Trying runs every rule, those that only the store can answer too.
#[tokio::test]
async fn trying_finds_what_would_keep_it_from_being_done() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let kim = json!({ "email": "kim@example.com", "nickname": "K" });
    let tried = send(&house, ("POST", "/users?dry_run=true"), &token, &kim).await.expect(201);
    assert_eq!(tried["nickname"], "K");
    send(&house, ("POST", "/users"), &token, &kim).await.expect(201);
    let tried = send(&house, ("POST", "/users?dry_run=true"), &token, &kim).await;
    assert_eq!(problem(&tried), (409, "taken".to_owned()));
    let tried = send(&house, ("POST", "/users?dry_run=true"), &token, &json!({ "email": "?", "locale": "?" })).await;
    assert_eq!(problem(&tried), (422, "invalid".to_owned()));
    assert_eq!(wrong(&tried)[0], ("/email".to_owned(), "not_an_email_address".to_owned()));
    // The last owner stays one, also where it is only tried.
    let owners = call(&house, "GET", "/users?search=owner", &token).send().await.expect(200);
    let owner = owners["items"][0]["sub"].as_str().unwrap().to_owned();
    let tried = send(&house, ("PATCH", &format!("/users/{owner}?dry_run=true")), &token, &json!({ "roles": [] })).await;
    assert_eq!(problem(&tried), (409, "last_administrator".to_owned()));
}

/// Something is made once, however often that is asked for under one key, and its answer repeated with the secret that it had.
#[tokio::test]
async fn a_creation_under_a_key_is_done_once() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let shop = json!({ "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] });
    let create = async |path: &str, token: &str, key: &str, body: &serde_json::Value| {
        let call = call(&house, "POST", path, token).body("application/json", &body.to_string());
        call.header("idempotency-key", key).send().await
    };
    let first = create("/clients", &token, "\"one\"", &shop).await;
    assert!(first.expect(201)["client_secret"].is_string());
    for key in ["\"one\"", "one"] {
        let again = create("/clients", &token, key, &shop).await;
        assert_eq!(
            (again.expect(201), again.header("etag"), again.header("location")),
            (first.json(), first.header("etag"), first.header("location"))
        );
    }
    let other = json!({ "client_name": "Other", "redirect_uris": ["https://shop.example/cb"] });
    assert_eq!(problem(&create("/clients", &token, "one", &other).await), (422, "key_reused".to_owned()));
    // Another key, another place, another caller.
    assert_ne!(create("/clients", &token, "two", &shop).await.expect(201)["client_id"], first.json()["client_id"]);
    create("/users", &token, "one", &json!({ "email": "kim@example.com" })).await.expect(201);
    let manager = token_as(&house, Role::AppManager).await;
    assert_ne!(create("/clients", &manager, "one", &shop).await.expect(201)["client_id"], first.json()["client_id"]);
    // What failed used nothing up, and what was only tried neither.
    let wrong_one = json!({ "email": "?" });
    assert_eq!(problem(&create("/users", &token, "three", &wrong_one).await).0, 422);
    create("/users?dry_run=true", &token, "three", &json!({ "email": "lee@example.com" })).await.expect(201);
    create("/users", &token, "three", &json!({ "email": "lee@example.com" })).await.expect(201);
    for bad in ["", "a b", "\"", &"x".repeat(256)] {
        assert_eq!(problem(&create("/users", &token, bad, &wrong_one).await).0, 400, "{bad}");
    }
    // It is remembered for a day, by whichever node.
    let node = house.second_node().await;
    let again = call(&node, "POST", "/clients", &token)
        .body("application/json", &shop.to_string())
        .header("idempotency-key", "one");
    assert_eq!(again.send().await.expect(201), first.json());
}

/// Of requests that come at once one is done.
#[tokio::test]
async fn of_creations_under_one_key_at_once_one_is_done() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let body = json!({ "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }).to_string();
    let create = || {
        call(&house, "POST", "/clients", &token).body("application/json", &body).header("idempotency-key", "k").send()
    };
    let answers = futures_util::future::join_all((0..8).map(|_| create())).await;
    for answer in &answers {
        assert!(answer.status == 201 || problem(answer) == (409, "repeated".to_owned()), "{answer:?}");
    }
    let all = call(&house, "GET", "/clients", &token).send().await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "tool and one shop: {all}");
}

/// RFC 6585 section 4, and the headers that say it before it comes to that.
#[tokio::test]
async fn a_caller_is_told_how_much_is_left_and_stopped_beyond() {
    let house = super::house_with(|config| config.throttling.api_calls_per_caller = 3).await;
    let (token, other) = (token_as(&house, Role::Owner).await, token_as(&house, Role::Auditor).await);
    for left in ["2", "1", "0"] {
        let answer = call(&house, "GET", "/users", &token).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"calls\";q=3;w=60"));
        let state = answer.header("ratelimit").unwrap();
        assert!(state.starts_with(&format!("\"calls\";r={left};t=")), "{state}");
    }
    let answer = call(&house, "GET", "/users", &token).send().await;
    assert_eq!(problem(&answer), (429, "too_many_requests".to_owned()));
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    // Others go on.
    call(&house, "GET", "/users", &other).send().await.expect(200);
    house.clock.advance(std::time::Duration::from_secs(wait));
    call(&house, "GET", "/users", &token).send().await.expect(200);
}
