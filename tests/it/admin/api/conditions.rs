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
