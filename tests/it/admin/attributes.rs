//! Custom attributes: declared, filled in, refused and taken back, by whichever door.

use haechi::admin::attributes::{self, AttributeResource};
use haechi::admin::declared::{self, Undeclared};
use haechi::admin::users::{self, UserResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected};
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::store::UserQuery;
use serde_json::{Value, json};

use super::api::{call, house, problem, send, token_as, wrong};
use crate::support::app::TestApp;

const OPERATOR: ProvenAuthority = Authority::operator();

/// Declares an attribute.
pub async fn declare(app: &TestApp, definition: Value) {
    let new: AttributeResource = serde_json::from_value(definition).unwrap();
    attributes::create(&app.admin, &OPERATOR, new).await.unwrap();
}

async fn set(app: &TestApp, email: &str, values: Value) -> Result<Value, Rejected> {
    let user = users::find(&app.admin, &OPERATOR, email).await.unwrap().unwrap();
    let said: UserResource = serde_json::from_value(json!({ "attributes": values })).unwrap();
    let changed = users::update(&app.admin, &OPERATOR, user.id, &said).await?;
    Ok(serde_json::to_value(UserResource::from(&changed)).unwrap()["attributes"].clone())
}

#[tokio::test]
async fn an_attribute_is_declared_filled_in_and_taken_back_by_the_api() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    let teams = json!({ "name": "teams", "value_type": "texts", "label": "Teams", "label#ko": "팀", "end_user_access": "read" });
    let made = send(&house, ("POST", "/attributes"), &token, &teams).await.expect(201);
    assert_eq!((&made["label#ko"], &made["version"]), (&json!("팀"), &json!(0)));
    send(&house, ("POST", "/attributes"), &token, &json!({ "name": "level", "value_type": "number" }))
        .await
        .expect(201);
    send(&house, ("POST", "/attributes"), &token, &json!({ "name": "staff", "value_type": "boolean" }))
        .await
        .expect(201);
    let taken = send(&house, ("POST", "/attributes"), &token, &teams).await;
    assert_eq!(problem(&taken), (409, "taken".to_owned()));

    let kim = json!({ "email": "kim@example.com", "attributes": { "teams": ["a", "b"], "level": 3, "staff": true } });
    let kim = send(&house, ("POST", "/users"), &token, &kim).await.expect(201);
    let path = format!("/users/{}", kim["sub"].as_str().unwrap());
    assert_eq!(kim["attributes"], json!({ "teams": ["a", "b"], "level": 3, "staff": true }));
    // RFC 7396: what is not named stays, `null` takes away, whatever its type.
    let patch = json!({ "attributes": { "level": null, "staff": null } });
    let patched = send(&house, ("PATCH", &path), &token, &patch).await.expect(200);
    assert_eq!(patched["attributes"], json!({ "teams": ["a", "b"] }));
    assert_eq!(send(&house, ("PATCH", &path), &token, &patched).await.expect(200), patched);
    for (values, pointer, code) in [
        (json!({ "salary": 1 }), "/attributes/salary", "undeclared_attribute"),
        (json!({ "teams": "a" }), "/attributes/teams", "not_an_attribute_value"),
        (json!({ "level": true }), "/attributes/level", "not_an_attribute_value"),
        (json!({ "teams": ["a\u{202E}b"] }), "/attributes/teams", "not_an_attribute_value"),
    ] {
        let refused = send(&house, ("PATCH", &path), &token, &json!({ "attributes": values })).await;
        assert_eq!(wrong(&refused), [(pointer.to_owned(), code.to_owned())]);
    }
    let fixed = send(&house, ("PATCH", "/attributes/teams"), &token, &json!({ "value_type": "text" })).await;
    assert_eq!(wrong(&fixed), [("/value_type".to_owned(), "read_only".to_owned())]);

    let tried = call(&house, "DELETE", "/attributes/teams?dry_run=true", &token).send().await;
    assert_eq!(tried.status, 204);
    assert_eq!(call(&house, "GET", &path, &token).send().await.expect(200)["attributes"], patched["attributes"]);
    assert_eq!(call(&house, "DELETE", "/attributes/teams", &token).send().await.status, 204);
    assert_eq!(call(&house, "GET", &path, &token).send().await.expect(200).get("attributes"), None, "at once");
    let listed = call(&house, "GET", "/users", &token).send().await.expect(200);
    assert!(listed["items"].as_array().unwrap().iter().all(|user| user.get("attributes").is_none()), "{listed}");
    let patched = send(&house, ("PATCH", &path), &token, &json!({ "attributes": { "teams": [] } })).await;
    assert_eq!(wrong(&patched), [("/attributes/teams".to_owned(), "undeclared_attribute".to_owned())]);
    let kinds = [AuditKind::AttributeDeclared, AuditKind::AttributeDeleted];
    for (kind, count) in kinds.into_iter().zip([3, 1]) {
        assert_eq!(house.audit(kind).await.len(), count, "{kind:?}");
    }
}

#[tokio::test]
async fn who_manages_people_fills_attributes_in_and_declares_none() {
    let house = house().await;
    declare(&house, json!({ "name": "badge" })).await;
    let token = token_as(&house, Role::PeopleManager).await;
    let kim = json!({ "email": "kim@example.com", "attributes": { "badge": "7" } });
    send(&house, ("POST", "/users"), &token, &kim).await.expect(201);
    let refused = send(&house, ("POST", "/attributes"), &token, &json!({ "name": "mine" })).await;
    assert_eq!(problem(&refused).0, 403);
    assert_eq!(call(&house, "DELETE", "/attributes/badge", &token).send().await.status, 403);
    assert_eq!(call(&house, "GET", "/attributes", &token).send().await.expect(200)["items"][0]["name"], "badge");
}

#[tokio::test]
async fn what_one_account_can_hold_is_bounded() {
    let app = TestApp::new().await;
    app.user("kim@example.com").await;
    for n in 0..100 {
        declare(&app, json!({ "name": format!("a{n}") })).await;
    }
    let more: AttributeResource = serde_json::from_value(json!({ "name": "more" })).unwrap();
    let refused = attributes::create(&app.admin, &OPERATOR, more).await;
    assert!(matches!(refused, Err(Rejected::TooMany(..))), "{refused:?}");
    let all: Value =
        (0..100).map(|n| (format!("a{n}"), json!("x".repeat(400)))).collect::<serde_json::Map<_, _>>().into();
    let refused = set(&app, "kim@example.com", all).await.unwrap_err();
    let Rejected::Invalid(problems) = refused else { panic!("{refused:?}") };
    assert_eq!(problems.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["attributes"]);
    for bad in ["", "1st", "a b", "a.b", "한"] {
        let new: AttributeResource = serde_json::from_value(json!({ "name": bad })).unwrap();
        assert!(attributes::create(&app.admin, &OPERATOR, new).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn what_is_hidden_goes_with_the_next_change_and_does_not_come_back() {
    let app = TestApp::new().await;
    app.user("kim@example.com").await;
    declare(&app, json!({ "name": "badge" })).await;
    declare(&app, json!({ "name": "level", "value_type": "number" })).await;
    set(&app, "kim@example.com", json!({ "badge": "7", "level": 1 })).await.unwrap();
    attributes::delete(&app.admin, &OPERATOR, "badge".to_owned()).await.unwrap();
    assert_eq!(set(&app, "kim@example.com", json!({ "level": 2 })).await.unwrap(), json!({ "level": 2 }));
    declare(&app, json!({ "name": "badge" })).await;
    let all = users::list(&app.admin, &OPERATOR, &UserQuery::default(), 10).await.unwrap().items;
    assert!(all.iter().all(|user| !user.attributes.contains_key("badge")));
}

#[tokio::test]
async fn attributes_are_kept_in_files_like_the_rest() {
    let app = TestApp::new().await;
    let file = json!({ "attributes": [{ "name": "teams", "value_type": "texts", "label": "Teams", "label#ko": "팀", "end_user_access": "write" }] });
    let declaration = declared::read(&file).unwrap();
    let done = declared::apply(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    assert!(done.iter().filter(|step| step.is_change()).count() == 1, "{done:?}");
    let again = declared::plan(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    assert!(!again.iter().any(declared::Step::is_change), "{again:?}");
    let exported = declared::export(&app.admin, &OPERATOR).await.unwrap().to_document();
    assert_eq!(exported["attributes"], file["attributes"]);
    let none = declared::read(&json!({ "attributes": [] })).unwrap();
    declared::apply(&app.admin, &OPERATOR, &none, Undeclared::Goes).await.unwrap();
    assert!(attributes::list(&app.admin, &OPERATOR).await.unwrap().is_empty());
}
