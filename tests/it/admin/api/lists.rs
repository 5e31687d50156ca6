//! Lists that are narrowed down and ordered, as the console's are.

use haechi::model::user::Role;
use serde_json::{Value, json};

use super::{call, house, problem, send, somebody, token_as};
use crate::support::app::TestApp;

/// What a list has, page by page, by one of its members.
pub(super) async fn all(house: &TestApp, path: &str, member: &str, token: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = call(house, "GET", &format!("{path}&limit=2{cursor}"), token).send().await.expect(200);
        found.extend(page["items"].as_array().unwrap().iter().map(|one| one[member].as_str().unwrap().to_owned()));
        match page.get("next").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn people_are_narrowed_down_and_ordered() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    for name in ["lee", "kim", "park", "choi", "an"] {
        house.tick();
        let user = somebody(&house, name, &[]).await;
        if name == "park" || name == "an" {
            call(&house, "POST", &format!("/users/{}/disable", user.id), &token).send().await.expect(200);
        }
    }
    let names = async |query: &str| {
        let found = all(&house, &format!("/users?{query}"), "email", &token).await;
        found.iter().map(|email| email.split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("status=disabled").await, ["park", "an"]);
    assert_eq!(names("status=active&administers=false").await, ["lee", "kim", "choi"]);
    assert_eq!(names("administers=true").await, ["administrator"]);
    assert_eq!(names("sort=newest&administers=false").await[0..2], ["an", "choi"]);
    assert_eq!(names("sort=email").await, ["administrator", "an", "choi", "kim", "lee", "park"]);
    assert_eq!(names("sort=newest&status=active&search=i").await, ["choi", "kim", "administrator"]);
    for query in ["status=off", "administers=yes", "sort=name", "sort=newest&cursor=eA", "kind=web", "enabled=true"] {
        let answer = call(&house, "GET", &format!("/users?{query}"), &token).send().await;
        assert_eq!(problem(&answer).0, 400, "{query}");
    }
}

#[tokio::test]
async fn clients_are_narrowed_down() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    for (id, kind, name) in
        [("a-web", "web", "Shop"), ("b-web", "web", "Bank"), ("c-app", "native", "Shop on the phone")]
    {
        let uris = json!([format!("https://{id}.example/cb")]);
        let new = json!({ "client_id": id, "kind": kind, "client_name": name, "redirect_uris": uris });
        send(&house, ("POST", "/clients"), &token, &new).await.expect(201);
    }
    call(&house, "POST", "/clients/b-web/disable", &token).send().await.expect(200);
    let ids = async |query: &str| all(&house, &format!("/clients?{query}"), "client_id", &token).await;
    assert_eq!(ids("").await, ["a-web", "b-web", "c-app", "tool"]);
    assert_eq!(ids("search=SHOP").await, ["a-web", "c-app"]);
    assert_eq!(ids("search=b-web.example").await, ["b-web"], "by its redirect URI");
    assert_eq!(ids("kind=native").await, ["c-app"]);
    assert_eq!(ids("enabled=false").await, ["b-web"]);
    assert_eq!(ids("kind=web&enabled=true&search=shop").await, ["a-web"]);
    for query in ["kind=desktop", "enabled=1", "status=active", "sort=email"] {
        let answer = call(&house, "GET", &format!("/clients?{query}"), &token).send().await;
        assert_eq!(problem(&answer).0, 400, "{query}");
    }
}
