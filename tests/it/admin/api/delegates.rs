//! What somebody reaches by the API who manages one app and one group, and nothing else.

use haechi::admin::affiliations::GroupResource;
use haechi::admin::{Authority, delegations, users};
use haechi::http::api::OPERATIONS;
use haechi::model::{AffiliationKind, ClientId, Delegation};
use serde_json::json;

use super::routes::Furniture;
use super::{call, problem, send, service, somebody, token_of, token_of_service};
use crate::admin::affiliations::define;
use crate::admin::web_client;
use crate::support::app::TestApp;

/// Lists, which have nothing of what their reader does not manage, and the definitions of attributes, which are about nobody.
const LISTS: &[&str] = &["listUsers", "listGroups", "listRoles", "listClients", "listAttributes", "getAttribute"];

/// What may be done to the app and to the people of the group. Whoever is invited into a group without a role is not asked for here: see below.
const OWN: &[&str] = &[
    "getUser",
    "updateUser",
    "enableUser",
    "disableUser",
    "setUserPassword",
    "listUserSecondFactors",
    "resetUserSecondFactors",
    "mailUserPasswordReset",
    "getUserMemberships",
    "listUserSessions",
    "endUserSessions",
    "endUserSession",
    "listUserLinks",
    "unlinkUser",
    "listUserPasskeys",
    "removeUserPasskey",
    "listUserApps",
    "revokeUserApps",
    "revokeUserApp",
    "previewUserTokens",
    "getGroup",
    "listGroupMembers",
    // Who is in it already.
    "addGroupMember",
    "removeGroupMember",
    "getClient",
    "updateClient",
    "enableClient",
    "disableClient",
    "rotateClientSecret",
    "setClientLogo",
    "removeClientLogo",
    "listClientProblems",
    "getClientRecentLogins",
    "revokeClientConsents",
    OF_EVERYBODY,
];
/// What is in the program, the same for everybody.
const OF_EVERYBODY: &str = "listRecipes";

async fn manages(house: &TestApp, name: &str, of: &[Delegation]) -> String {
    let user = somebody(house, name, &[]).await;
    for one in of {
        delegations::give(&house.admin, &Authority::operator(), user.id, one).await.unwrap();
    }
    token_of(house, &user, "haechi:write").await
}

/// The token of a service account that manages the same, and nothing else.
async fn service_manages(house: &TestApp, id: &str, of: &[Delegation]) -> String {
    let made = service(house, id, &[], "haechi:write").await;
    for one in of {
        let by = &Authority::operator();
        delegations::give_to_service_account(&house.admin, by, &made.client.id, one).await.unwrap();
    }
    token_of_service(house, &made).await
}

fn app(id: &str) -> Delegation {
    Delegation::App(ClientId::parse(id).unwrap())
}

#[tokio::test]
async fn adm_001_who_manages_one_thing_gets_nowhere_else() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    web_client(house, "own").await;
    let crew = define::<GroupResource>(house, json!({ "name": "own-crew" })).await.affiliation.id;
    let own = [app("own"), Delegation::Group(crew)];
    let tokens = [manages(house, "dana", &own).await, service_manages(house, "job", &own).await];
    for (operation, token) in OPERATIONS.iter().flat_map(|operation| tokens.iter().map(move |token| (operation, token)))
    {
        let id = operation.id;
        let answer = furniture.ask(operation, Some(token)).await;
        if id == OF_EVERYBODY {
            continue;
        }
        if LISTS.contains(&id) {
            let text = answer.expect(200).to_string();
            for other in ["kim@example.com", "invited@example.com", "shop", "staff", "reader"] {
                assert!(!text.contains(other), "{id} tells of {other}: {text}");
            }
            continue;
        }
        // An invitation names a group that is not seen, and so is none.
        let refused: &[u16] = if id == "inviteUser" { &[422] } else { &[403, 404] };
        assert!(refused.contains(&answer.status.as_u16()), "{id}: {answer:?}");
    }
}

#[tokio::test]
async fn adm_001_who_manages_an_app_and_a_group_reaches_these_and_no_more_of_them() {
    reaches_its_own_and_no_more(async |house, of| manages(house, "dana", of).await).await;
}

#[tokio::test]
async fn adm_001_a_service_account_that_manages_an_app_and_a_group_reaches_as_much() {
    reaches_its_own_and_no_more(async |house, of| service_manages(house, "job", of).await).await;
}

/// Asks for everything by the token of who manages an app and a group.
async fn reaches_its_own_and_no_more(manager: impl AsyncFn(&TestApp, &[Delegation]) -> String) {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let (admin, by) = (&house.admin, &Authority::operator());
    let staff = haechi::admin::affiliations::find::<GroupResource>(admin, by, "staff").await.unwrap().unwrap();
    let staff = staff.affiliation.id;
    let kim = house.user_of("kim@example.com").await.id;
    users::join(admin, by, kim, (AffiliationKind::Group, staff)).await.unwrap();
    let token = manager(house, &[app("shop"), Delegation::Group(staff)]).await;
    for operation in OPERATIONS.iter().filter(|operation| !LISTS.contains(&operation.id)) {
        let answer = furniture.ask(operation, Some(&token)).await;
        assert_eq!(answer.status.is_success(), OWN.contains(&operation.id), "{}: {answer:?}", operation.id);
    }
}

#[tokio::test]
async fn lists_and_searches_have_what_is_managed_alone() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let (admin, by) = (&house.admin, &Authority::operator());
    web_client(house, "shop-two").await;
    let crew = define::<GroupResource>(house, json!({ "name": "crew" })).await.affiliation.id;
    for name in ["ann", "ben", "cho"] {
        house.tick();
        let user = somebody(house, name, &[]).await;
        users::join(admin, by, user.id, (AffiliationKind::Group, crew)).await.unwrap();
    }
    let chief = somebody(house, "chief", &[haechi::model::user::Role::Administrator]).await;
    users::join(admin, by, chief.id, (AffiliationKind::Group, crew)).await.unwrap();
    let token = manages(house, "dana", &[app("shop-two"), Delegation::Group(crew)]).await;
    let listed = async |path: &str, member: &'static str| {
        let page = call(house, "GET", path, &token).send().await.expect(200);
        let names = page["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>(), page["next"].as_str().map(str::to_owned))
    };
    let all = ["ann@example.com", "ben@example.com", "cho@example.com"];
    assert_eq!(listed("/users", "email").await.0, all, "an administrator who is in the group is not shown");
    assert_eq!(listed("/groups/crew/members", "email").await.0, all);
    let (first, next) = listed("/users?limit=2", "email").await;
    assert_eq!(first, all[..2]);
    let (rest, next) = listed(&format!("/users?limit=2&cursor={}", next.unwrap()), "email").await;
    assert_eq!((rest, next), (vec![all[2].to_owned()], None));
    assert!(listed("/users?search=kim", "email").await.0.is_empty());
    assert!(listed("/users?search=chief", "email").await.0.is_empty());
    assert_eq!(listed("/users?search=ben", "email").await.0, [all[1]]);
    assert_eq!(listed("/clients", "client_id").await.0, ["shop-two"]);
    assert_eq!(listed("/clients?search=shop", "client_id").await.0, ["shop-two"]);
    assert_eq!(listed("/groups", "name").await.0, ["crew"]);
}

#[tokio::test]
async fn who_manages_a_group_invites_into_it_and_nowhere_else() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let crew = define::<GroupResource>(house, json!({ "name": "crew" })).await.affiliation.id;
    let token = manages(house, "dana", &[Delegation::Group(crew)]).await;
    let invite = async |body: serde_json::Value| send(house, ("POST", "/users/invite"), &token, &body).await;
    let into = |groups: serde_json::Value| json!({ "email": "new@example.com", "memberships": { "groups": groups } });
    for (body, status) in [
        (json!({ "email": "new@example.com" }), 403),
        (into(json!(["staff"])), 422),
        (into(json!(["crew", "staff"])), 422),
        (json!({ "email": "new@example.com", "memberships": { "roles": ["reader"] } }), 422),
        (json!({ "email": "new@example.com", "roles": ["auditor"], "memberships": { "groups": ["crew"] } }), 403),
    ] {
        assert_eq!(invite(body.clone()).await.status, status, "{body}");
    }
    let made = invite(into(json!(["crew"]))).await.expect(201);
    let path = format!("/users/{}", made["sub"].as_str().unwrap());
    assert_eq!(call(house, "GET", &path, &token).send().await.expect(200)["email"], "new@example.com");
    // Taking them out is the end of seeing them.
    let member = format!("/groups/crew/members/{}", made["sub"].as_str().unwrap());
    assert_eq!(call(house, "DELETE", &member, &token).send().await.status, 204);
    assert_eq!(problem(&call(house, "GET", &path, &token).send().await), (404, "not_found".to_owned()));
    assert_eq!(problem(&call(house, "PUT", &member, &token).send().await), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn managers_are_listed_added_and_removed() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let token = super::token_as(house, haechi::model::user::Role::Administrator).await;
    house.tick();
    let lee = somebody(house, "lee", &[]).await;
    for place in ["/clients/shop/managers", "/groups/staff/managers"] {
        let one = format!("{place}/{}", lee.id);
        let managers = async || {
            let page = call(house, "GET", place, &token).send().await.expect(200);
            page["items"].as_array().unwrap().iter().map(|one| one["email"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(managers().await, ["manager@example.com"], "{place}");
        let tried = call(house, "PUT", &format!("{one}?dry_run=true"), &token).send().await;
        assert_eq!((tried.status.as_u16(), managers().await.len()), (204, 1), "{place}");
        for _ in 0..2 {
            assert_eq!(call(house, "PUT", &one, &token).send().await.status, 204, "{place}");
        }
        assert_eq!(managers().await, ["manager@example.com", "lee@example.com"], "{place}");
        let stale = call(house, "DELETE", &one, &token).header("if-match", "\"0\"").send().await;
        assert_eq!(stale.status, 412, "giving it was a change of the account: {stale:?}");
        assert_eq!(call(house, "DELETE", &one, &token).send().await.status, 204, "{place}");
        assert_eq!(call(house, "DELETE", &one, &token).send().await.status, 404, "{place}");
    }
    let nowhere = call(house, "PUT", &format!("/clients/nobody/managers/{}", lee.id), &token).send().await;
    assert_eq!(problem(&nowhere), (404, "not_found".to_owned()));
}
