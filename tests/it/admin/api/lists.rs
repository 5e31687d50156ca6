//! Lists that are narrowed down and ordered, as the console's are.

use haechi::model::audit_event::AuditKind;
use haechi::model::client::ClientId;
use haechi::model::user::Role;
use serde_json::{Value, json};

use super::{call, house, problem, send, somebody, token_as};
use crate::admin::web_client;
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
    let staff = json!({ "name": "staff" });
    send(&house, ("POST", "/groups"), &token, &staff).await.expect(201);
    send(&house, ("POST", "/roles"), &token, &json!({ "name": "reader" })).await.expect(201);
    for (name, given) in [
        ("lee", json!({ "groups": ["staff"] })),
        ("park", json!({ "groups": ["staff"], "roles": ["reader"] })),
        ("an", json!({ "groups": ["staff"] })),
    ] {
        let found = call(&house, "GET", &format!("/users?search={name}@"), &token).send().await.expect(200);
        let path = format!("/users/{}/memberships", found["items"][0]["sub"].as_str().unwrap());
        send(&house, ("PATCH", path.as_str()), &token, &given).await.expect(200);
    }
    assert_eq!(names("group=staff").await, ["lee", "park", "an"]);
    assert_eq!(names("group=staff&sort=newest&status=disabled").await, ["an", "park"]);
    assert_eq!(names("group=staff&role=reader").await, ["park"]);
    assert_eq!(names("role=reader&search=lee").await, [""; 0]);
    for query in [
        "status=off",
        "administers=yes",
        "sort=name",
        "sort=newest&cursor=eA",
        "kind=web",
        "enabled=true",
        "group=reader",
        "role=staff",
    ] {
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
        house.tick();
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
    assert_eq!(ids("sort=name&search=.example/cb").await, ["b-web", "a-web", "c-app", "tool"]);
    assert_eq!(ids("sort=newest&search=.example/cb").await, ["c-app", "b-web", "a-web", "tool"]);
    house.tick();
    send(&house, ("PATCH", "/clients/a-web"), &token, &json!({ "client_name": "A shop" })).await.expect(200);
    assert_eq!(ids("sort=changed&kind=web").await, ["a-web", "b-web"]);
    let by_name = call(&house, "GET", "/clients?sort=name&limit=1", &token).send().await.expect(200);
    let elsewhere = format!("/clients?sort=newest&cursor={}", by_name["next"].as_str().unwrap());
    assert_eq!(problem(&call(&house, "GET", &elsewhere, &token).send().await).0, 400, "a place of another order");
    for query in ["kind=desktop", "enabled=1", "status=active", "sort=email"] {
        let answer = call(&house, "GET", &format!("/clients?{query}"), &token).send().await;
        assert_eq!(problem(&answer).0, 400, "{query}");
    }
}

#[tokio::test]
async fn who_agreed_to_what_a_client_asked_for_is_listed_and_taken_back() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    web_client(&house, "shop").await;
    web_client(&house, "blog").await;
    let mut people = Vec::new();
    for name in ["lee", "kim", "park", "choi", "an"] {
        house.tick();
        let user = somebody(&house, name, &[]).await;
        house.consented(&user, "blog", "openid").await;
        if name != "kim" {
            house.consented(&user, "shop", "openid email").await;
        }
        people.push(user);
    }
    let names = async |client: &str| {
        let found = all(&house, &format!("/clients/{client}/consents?fields=email,scope"), "email", &token).await;
        found.iter().map(|email| email.split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("shop").await, ["lee", "park", "choi", "an"]);
    let first = call(&house, "GET", "/clients/shop/consents?limit=1", &token).send().await.expect(200);
    let one = &first["items"][0];
    assert_eq!((&one["sub"], &one["scope"]), (&json!(people[0].id.to_string()), &json!("openid email")));
    let path = format!("/users/{}/apps/shop", people[2].id);
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    assert_eq!(names("shop").await, ["lee", "choi", "an"]);

    // All of it at once, and of this client alone. What is agreed to from then on counts.
    assert_eq!(call(&house, "DELETE", "/clients/shop/consents?dry_run=true", &token).send().await.status, 204);
    assert_eq!(names("shop").await.len(), 3);
    let epoch = async || house.stores.clients.find(&ClientId::parse("shop").unwrap()).await.unwrap().unwrap().epoch;
    let before = epoch().await;
    house.tick();
    assert_eq!(call(&house, "DELETE", "/clients/shop/consents", &token).send().await.status, 204);
    assert_eq!(names("shop").await, [""; 0]);
    assert_ne!(epoch().await, before, "what it was granted ends with it");
    assert_eq!(names("blog").await.len(), 5);
    let told = house.audit(AuditKind::ConsentWithdrawn).await;
    assert_eq!((told.len(), told[0].detail.as_deref(), told[0].user), (2, Some("everybody"), None));
    house.consented(&people[0], "shop", "openid").await;
    assert_eq!(names("shop").await, ["lee"]);
    let auditor = token_as(&house, Role::Auditor).await;
    assert_eq!(problem(&call(&house, "DELETE", "/clients/shop/consents", &auditor).send().await).0, 403);
    assert_eq!(problem(&call(&house, "GET", "/clients/nobody/consents", &token).send().await).0, 404);
}

/// A cursor is a place and no right: whatever is made of it is refused or begins a page of the same list, of what the caller may see.
#[tokio::test]
async fn inj_002_a_cursor_that_is_forged_or_of_another_list_shows_nothing_more() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    for name in ["lee", "kim", "park", "choi"] {
        somebody(&house, name, &[]).await;
    }
    let lists = [
        "/users?sort=oldest",
        "/users?sort=newest",
        "/users?sort=email",
        "/audit?",
        "/clients?enabled=true",
        "/clients?sort=name",
        "/clients?sort=changed",
    ];
    let mut cursors = vec![URL_SAFE_NO_PAD.encode("' OR '1'='1"), "%00".to_owned(), "A".repeat(4000)];
    for list in &lists[..3] {
        let page = call(&house, "GET", &format!("{list}&limit=2"), &token).send().await.expect(200);
        let real = page["next"].as_str().expect("there is more").to_owned();
        let mut flipped = URL_SAFE_NO_PAD.decode(&real).unwrap();
        let last = flipped.len() - 1;
        flipped[last] ^= 1;
        cursors.extend([URL_SAFE_NO_PAD.encode(&flipped), URL_SAFE_NO_PAD.encode(&flipped[..last / 2]), real]);
    }
    for list in lists {
        let known = if list.starts_with("/users") { Some(all(&house, list, "email", &token).await) } else { None };
        for cursor in &cursors {
            let answer = call(&house, "GET", &format!("{list}&cursor={cursor}"), &token).send().await;
            match answer.status.as_u16() {
                200 => {
                    let page = answer.expect(200);
                    for one in page["items"].as_array().unwrap() {
                        let is_known =
                            known.as_ref().is_none_or(|known| known.iter().any(|email| one["email"] == **email));
                        assert!(is_known, "{list} {cursor}: {one}");
                    }
                }
                status => assert_eq!(status, 400, "{list} {cursor}"),
            }
        }
    }
}
