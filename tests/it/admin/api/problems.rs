//! What goes wrong, as programs are told it: RFC 9457.

use haechi::model::user::Role;
use serde_json::{Value, json};

use super::{call, house, problem, send, token_as};

/// RFC 9457 section 3.1.
#[tokio::test]
async fn a_problem_says_what_it_is_and_under_which_id_it_is_in_the_log() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let answer = send(&house, ("POST", "/users"), &token, &json!({ "email": "x", "locale": "?" })).await;
    let document: Value = answer.expect(422);
    assert_eq!(document["type"], format!("{}/api/v1/docs#invalid", house.issuer()));
    assert_eq!((&document["code"], &document["title"]), (&json!("invalid"), &json!("Some fields are not right")));
    let id = answer.header("x-request-id").unwrap();
    assert_eq!(document["instance"], format!("/api/v1/users#{id}"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// Nothing below `/api` is a page, whatever is accepted.
#[tokio::test]
async fn nothing_there_is_a_page() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    for (method, path, expected) in [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v2/users", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/users/", 404),
        ("PUT", "/api/v1/users", 405),
        ("GET", "/api/v1/users", 406),
        ("POST", "/api/v1/users", 406),
    ] {
        let answer = house.call(method, path).bearer(&token).header("accept", "text/html").send().await;
        let (status, _) = problem(&answer);
        assert_eq!(status, expected, "{method} {path}");
        // RFC 9110 section 15.5.6: "The origin server MUST generate an Allow header field in a 405 response".
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {path}: {answer:?}");
    }
    // Beside it, pages are pages.
    let page = house.get("/apis").header("accept", "text/html").send().await;
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn a_body_is_json_and_no_longer_than_it_may_be() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let long = json!({ "email": "kim@example.com", "name": "x".repeat(70_000) }).to_string();
    for (kind, body, expected) in [
        ("application/json", "{", (400, "malformed")),
        ("application/json", "[]", (400, "malformed")),
        ("application/json", "", (400, "malformed")),
        ("application/json", "{\"email\": 1}", (400, "malformed")),
        ("application/json", &long, (413, "too_large")),
        ("text/plain", "{\"email\":\"kim@example.com\"}", (415, "unsupported_media_type")),
        ("application/x-www-form-urlencoded", "email=kim%40example.com", (415, "unsupported_media_type")),
        ("application/merge-patch+json", "{\"email\":\"kim@example.com\"}", (415, "unsupported_media_type")),
    ] {
        let answer = call(&house, "POST", "/users", &token).body(kind, body).send().await;
        assert_eq!(problem(&answer), (expected.0, expected.1.to_owned()), "{kind} {}", &body[..body.len().min(40)]);
    }
    let answer = call(&house, "POST", "/users", &token).send().await;
    assert_eq!(problem(&answer), (415, "unsupported_media_type".to_owned()));
}

/// A path that is written otherwise leads past no guard.
#[tokio::test]
async fn adm_019_a_path_of_the_api_that_is_written_otherwise_leads_nowhere() {
    let house = house().await;
    for path in [
        "//api/v1/users",
        "/api//v1/users",
        "/api/./v1/users",
        "/API/v1/users",
        "/api/V1/users",
        "/api/v1/users;x",
        "/api/v1/%75sers",
        "/api/v1/users%2f",
        "/api/v1/users%00",
        "/api/v1/x/../users",
        "/api%2fv1/users",
    ] {
        let answer = house.get(path).send().await;
        assert!(matches!(answer.status.as_u16(), 401 | 404), "{path}: {answer:?}");
    }
    for header in ["x-original-url", "x-rewrite-url", "x-forwarded-prefix"] {
        let answer = house.get("/api/v1/nothing").header(header, "/api/v1/users").send().await;
        assert_eq!(problem(&answer).0, 404, "{header}");
    }
    let token = token_as(&house, Role::Owner).await;
    let answer = house.post("/api/v1/users").bearer(&token).header("x-http-method-override", "GET").send().await;
    assert_eq!(problem(&answer).0, 415);
}
