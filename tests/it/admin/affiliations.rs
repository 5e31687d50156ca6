//! Groups and roles in apps: made, given, told to apps, taken, and gone.

use std::time::Duration;

use haechi::admin::affiliations::{self, Defined, Definition, GroupResource, RoleResource};
use haechi::admin::declared::{self, Undeclared};
use haechi::admin::users::{self, MembershipsResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected, clients};
use haechi::app::App;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::IdTokenClaims;
use haechi::model::user::Role;
use haechi::protocol::ScopeSet;
use haechi::support::id::UserId;
use serde_json::{Value, json};

use super::api::{call, house, problem, send, token_as, wrong};
use super::web_client;
use crate::support::app::TestApp;
use crate::support::furnished::{Furnished, open};

const OPERATOR: ProvenAuthority = Authority::operator();

/// Makes a group or a role.
pub async fn define<D: Definition>(app: &App, document: Value) -> Defined {
    let new: D = serde_json::from_value(document).unwrap();
    affiliations::create(&app.admin, &OPERATOR, &new).await.unwrap()
}

/// Gives an account these, and nothing else.
async fn give(app: &App, user: UserId, given: Value) -> Result<Value, Rejected> {
    let said: MembershipsResource = serde_json::from_value(given).unwrap();
    let (_, is) = users::set_memberships(&app.admin, &OPERATOR, user, &said).await?;
    let is = serde_json::to_value(MembershipsResource { version: None, ..is }).unwrap();
    Ok(is)
}

/// A house with a group that brings roles, which Alice is in; `web` is registered for both scopes and `spa` for none.
async fn furnished() -> Furnished {
    let house = TestApp::furnished().await;
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid email groups roles").unwrap()).await;
    for role in [json!({ "name": "reader" }), json!({ "name": "manager", "client_id": "web" })] {
        define::<RoleResource>(&house.app, role).await;
    }
    define::<RoleResource>(&house.app, json!({ "name": "operator", "client_id": "worker" })).await;
    let staff = json!({ "name": "staff", "roles": ["reader", "worker:operator"] });
    define::<GroupResource>(&house.app, staff).await;
    define::<GroupResource>(&house.app, json!({ "name": "sales" })).await;
    house
}

async fn userinfo(house: &Furnished, token: &str) -> Value {
    let mut told = house.get("/userinfo").bearer(token).send().await.expect(200);
    json!({ "groups": told["groups"].take(), "roles": told["roles"].take() })
}

#[tokio::test]
async fn groups_and_roles_are_made_given_and_taken_by_the_api() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    web_client(&house, "shop").await;
    let manager = json!({ "name": "manager", "client_id": "shop", "label": "Manager", "label#ko": "관리자" });
    let manager = send(&house, ("POST", "/roles"), &token, &manager).await.expect(201);
    assert_eq!(manager["require_second_factor"], false);
    let strict = json!({ "require_second_factor": true });
    let manager = send(&house, ("PATCH", "/roles/shop:manager"), &token, &strict).await.expect(200);
    assert_eq!((&manager["require_second_factor"], &manager["label"]), (&json!(true), &json!("Manager")));
    send(&house, ("POST", "/roles"), &token, &json!({ "name": "manager" })).await.expect(201);
    let staff = json!({ "name": "staff", "roles": ["shop:manager", "manager"], "description": "Everybody" });
    let staff = send(&house, ("POST", "/groups"), &token, &staff).await.expect(201);
    assert_eq!(staff["roles"], json!(["manager", "shop:manager"]));
    let taken = send(&house, ("POST", "/groups"), &token, &json!({ "name": "staff" })).await;
    assert_eq!(problem(&taken), (409, "taken".to_owned()));
    for (path, document, pointer, code) in [
        ("/groups", json!({ "name": "Staff" }), "/name", "not_a_group_name"),
        ("/groups", json!({ "name": "x", "roles": ["nobody"] }), "/roles", "no_such_group"),
        ("/roles", json!({ "name": "x", "client_id": "nobody" }), "/client_id", "no_such_client"),
    ] {
        let refused = send(&house, ("POST", path), &token, &document).await;
        assert_eq!(wrong(&refused), [(pointer.to_owned(), code.to_owned())], "{document}");
    }
    for (path, patch, pointer) in [
        ("/groups/staff", json!({ "name": "crew" }), "/name"),
        ("/roles/shop:manager", json!({ "client_id": null }), "/client_id"),
    ] {
        let fixed = send(&house, ("PATCH", path), &token, &patch).await;
        assert_eq!(wrong(&fixed), [(pointer.to_owned(), "read_only".to_owned())]);
    }
    let by_id = format!("/roles/{}", manager["id"].as_str().unwrap());
    assert_eq!(call(&house, "GET", &by_id, &token).send().await.expect(200), manager);
    let page = call(&house, "GET", "/roles?limit=1", &token).send().await.expect(200);
    assert_eq!(page["items"][0]["client_id"], Value::Null);
    let next = format!("/roles?limit=1&cursor={}", page["next"].as_str().unwrap());
    let page = call(&house, "GET", &next, &token).send().await.expect(200);
    assert_eq!((&page["items"][0]["client_id"], &page["next"]), (&json!("shop"), &Value::Null));
    let found = call(&house, "GET", "/groups?search=every", &token).send().await.expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);

    let kim = house.user("kim@example.com").await.id;
    let (person, member) = (format!("/users/{kim}/memberships"), format!("/groups/staff/members/{kim}"));
    assert_eq!(call(&house, "PUT", &format!("{member}?dry_run=true"), &token).send().await.status, 204);
    assert_eq!(call(&house, "GET", &person, &token).send().await.expect(200)["groups"], json!([]));
    assert_eq!(call(&house, "PUT", &member, &token).send().await.status, 204);
    assert_eq!(call(&house, "PUT", &member, &token).send().await.status, 204, "it is so already");
    let given = call(&house, "GET", &person, &token).send().await;
    let tag = given.header("etag").unwrap().to_owned();
    let patch = json!({ "roles": ["shop:manager"] });
    let changed = send(&house, ("PATCH", &person), &token, &patch).await.expect(200);
    assert_eq!((&changed["groups"], &changed["roles"]), (&json!(["staff"]), &json!(["shop:manager"])));
    let stale =
        call(&house, "PATCH", &person, &token).header("if-match", &tag).body("application/json", "{}").send().await;
    assert_eq!(stale.status, 412);
    let unknown = send(&house, ("PATCH", &person), &token, &json!({ "groups": ["crew"] })).await;
    assert_eq!(wrong(&unknown), [("/groups".to_owned(), "no_such_group".to_owned())]);
    let members = call(&house, "GET", "/groups/staff/members", &token).send().await.expect(200);
    assert_eq!(members["items"][0]["email"], "kim@example.com");
    assert_eq!(call(&house, "DELETE", &member, &token).send().await.status, 204);
    let members = call(&house, "GET", "/groups/staff/members", &token).send().await.expect(200);
    assert_eq!(members["items"], json!([]));
    let mut told: Vec<_> =
        house.audit(AuditKind::MembershipsChanged).await.into_iter().map(|event| event.detail.unwrap()).collect();
    told.sort();
    assert_eq!(told, ["+shop:manager", "+staff", "-staff"]);
}

#[tokio::test]
async fn who_manages_people_gives_what_there_is_and_makes_none_and_gives_none_to_who_may_do_more() {
    let house = house().await;
    define::<GroupResource>(&house, json!({ "name": "staff" })).await;
    let token = token_as(&house, Role::PeopleManager).await;
    let kim = house.user("kim@example.com").await.id;
    assert_eq!(call(&house, "PUT", &format!("/groups/staff/members/{kim}"), &token).send().await.status, 204);
    let refused = send(&house, ("POST", "/groups"), &token, &json!({ "name": "mine" })).await;
    assert_eq!(problem(&refused).0, 403);
    assert_eq!(call(&house, "DELETE", "/groups/staff", &token).send().await.status, 403);
    let owner = super::api::somebody(&house, "owner", &[Role::Owner]).await.id;
    assert_eq!(call(&house, "PUT", &format!("/groups/staff/members/{owner}"), &token).send().await.status, 403);
}

#[tokio::test]
async fn an_app_hears_of_groups_its_own_roles_and_those_of_every_app_with_the_next_token() {
    let house = furnished().await;
    let alice = house.alice.id;
    let given = json!({ "groups": ["staff"], "roles": ["web:manager"] });
    assert_eq!(give(&house.app, alice, given.clone()).await.unwrap(), given);
    let tokens = house.tokens("openid groups roles").await;
    let all = json!({ "groups": ["staff"], "roles": ["manager", "reader"] });
    assert_eq!(userinfo(&house, &tokens.access_token).await, all);
    let (_, access) = open(&tokens.access_token);
    assert_eq!(json!({ "groups": access["groups"], "roles": access["roles"] }), all);
    let (_, id_token) = open(tokens.id_token.as_ref().unwrap());
    assert!(!id_token.contains_key("groups") && !id_token.contains_key("roles"), "{id_token:?}");
    house.change_client("web", |web| web.tokens.id_token_claims = IdTokenClaims::Profile).await;
    let (_, id_token) = open(&house.tokens("openid groups roles").await.id_token.unwrap());
    assert_eq!(json!({ "groups": id_token["groups"], "roles": id_token["roles"] }), all);

    // What was not granted is not told, and neither is what the client is no longer registered for.
    let (_, access) = open(&house.tokens("openid roles").await.access_token);
    assert!(!access.contains_key("groups") && access.contains_key("roles"), "{access:?}");
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid groups").unwrap()).await;
    assert_eq!(userinfo(&house, &tokens.access_token).await, json!({ "groups": ["staff"], "roles": null }));
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid email groups roles").unwrap()).await;

    // At once: a membership that ends, a role that a group gains, a group that goes and comes back under its name.
    let staff = affiliations::find::<GroupResource>(&house.admin, &OPERATOR, "staff").await.unwrap().unwrap();
    let more: GroupResource = serde_json::from_value(json!({ "roles": ["web:manager"] })).unwrap();
    affiliations::update(&house.admin, &OPERATOR, staff.affiliation.id, &more).await.unwrap();
    give(&house.app, alice, json!({ "roles": [] })).await.unwrap();
    assert_eq!(userinfo(&house, &tokens.access_token).await, json!({ "groups": ["staff"], "roles": ["manager"] }));
    affiliations::delete::<GroupResource>(&house.admin, &OPERATOR, staff.affiliation.id).await.unwrap();
    let none = json!({ "groups": [], "roles": [] });
    assert_eq!(userinfo(&house, &tokens.access_token).await, none);
    let again = define::<GroupResource>(&house.app, json!({ "name": "staff" })).await;
    assert_eq!(userinfo(&house, &tokens.access_token).await, none);
    let members = affiliations::members(&house.admin, &OPERATOR, again.affiliation.id, None, 9).await.unwrap();
    assert!(members.items.is_empty());
}

#[tokio::test]
async fn the_roles_of_a_client_go_with_it_and_do_not_come_back_with_its_id() {
    let house = TestApp::new().await;
    let shop = web_client(&house, "shop").await;
    let kim = house.user("kim@example.com").await.id;
    let role = json!({ "name": "manager", "client_id": "shop" });
    define::<RoleResource>(&house, role.clone()).await;
    define::<GroupResource>(&house, json!({ "name": "staff", "roles": ["shop:manager"] })).await;
    give(&house, kim, json!({ "roles": ["shop:manager"] })).await.unwrap();
    clients::delete(&house.admin, &OPERATOR, shop.id.clone()).await.unwrap();
    let all = affiliations::catalogue(&house.admin, &OPERATOR).await.unwrap();
    assert_eq!(all.find(haechi::model::AffiliationKind::Role, "shop:manager"), None);
    web_client(&house, "shop").await;
    define::<RoleResource>(&house, role).await;
    let user = house.stores.users.find(kim).await.unwrap().unwrap();
    let is = users::memberships(&house.admin, &OPERATOR, &user).await.unwrap();
    assert_eq!(is.roles, Some(vec![]));
    let staff = affiliations::find::<GroupResource>(&house.admin, &OPERATOR, "staff").await.unwrap().unwrap();
    assert!(staff.roles.is_empty());
    // What is gone goes from the account's document with the next change of what it has.
    assert_eq!(user.affiliations.len(), 1);
    give(&house, kim, json!({ "groups": ["staff"] })).await.unwrap();
    let user = house.stores.users.find(kim).await.unwrap().unwrap();
    assert_eq!(user.affiliations, [staff.affiliation.id]);
}

#[tokio::test]
async fn what_one_account_is_given_is_bounded() {
    let house = TestApp::new().await;
    let kim = house.user("kim@example.com").await.id;
    let mut names = Vec::new();
    for n in 0..=users::MAX_MEMBERSHIPS {
        names.push(format!("g{n}"));
        define::<GroupResource>(&house, json!({ "name": names[n] })).await;
    }
    let refused = give(&house, kim, json!({ "groups": names })).await;
    assert!(matches!(refused, Err(Rejected::Invalid(_))), "{refused:?}");
    names.pop();
    house.clock.advance(Duration::from_secs(1));
    give(&house, kim, json!({ "groups": names })).await.unwrap();
    let events = house.audit(AuditKind::MembershipsChanged).await;
    assert!(events[0].detail.as_ref().unwrap().ends_with(" … 170"), "{:?}", events[0].detail);
}

#[tokio::test]
async fn groups_and_roles_are_kept_in_files_like_the_rest() {
    let app = TestApp::new().await;
    let file = json!({
        "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }],
        "roles": [
            { "name": "reader", "label": "Reader", "label#ko": "읽는 사람", "description": "", "require_second_factor": false },
            { "name": "manager", "client_id": "shop", "label": "manager", "description": "", "require_second_factor": true },
        ],
        "groups": [{ "name": "staff", "label": "Staff", "description": "Everybody", "roles": ["reader", "shop:manager"] }],
    });
    let declaration = declared::read(&file).unwrap();
    let changes = |steps: &[declared::Step]| steps.iter().filter(|step| step.is_change()).count();
    // The role is of a client, and the group of roles, that are not there while it is only tried.
    let planned = declared::plan(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    let done = declared::apply(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    assert_eq!((changes(&planned), changes(&done)), (4, 4), "{planned:?} {done:?}");
    let again = declared::plan(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    assert_eq!(changes(&again), 0, "{again:?}");
    let exported = declared::export(&app.admin, &OPERATOR).await.unwrap().to_document();
    assert_eq!(exported["groups"], file["groups"]);
    let mut roles = exported["roles"].as_array().unwrap().clone();
    roles.sort_by_key(|role| role["name"].as_str().unwrap().to_owned());
    let mut wanted = file["roles"].as_array().unwrap().clone();
    wanted.sort_by_key(|role| role["name"].as_str().unwrap().to_owned());
    assert_eq!(roles, wanted);
    let twice = json!({ "roles": [{ "name": "a", "client_id": "shop" }, { "client_id": "shop", "name": "a" }] });
    assert_eq!(declared::read(&twice).unwrap_err().to_string(), "shop:a is declared twice");
    let wrong = declared::read(&json!({ "groups": [{ "name": "x", "roles": ["nobody"] }] })).unwrap();
    assert!(declared::plan(&app.admin, &OPERATOR, &wrong, Undeclared::Stays).await.is_err());
    let none = declared::read(&json!({ "roles": [], "groups": [] })).unwrap();
    declared::apply(&app.admin, &OPERATOR, &none, Undeclared::Goes).await.unwrap();
    let found = affiliations::list::<RoleResource>(&app.admin, &OPERATOR, (None, None), 9).await.unwrap();
    assert!(found.items.is_empty());
}
