//! Groups and roles in apps in the console: making them, giving them, and taking them away.

use axum::http::StatusCode;
use haechi::admin::affiliations::{self, Definition, GroupResource, RoleResource};
use haechi::admin::users::{self, MembershipsResource};
use haechi::admin::{Authority, ProvenAuthority};
use haechi::model::user::Role;
use haechi::model::{Affiliation, User};

use super::holder;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};

const OPERATOR: ProvenAuthority = Authority::operator();

async fn only<D: Definition>(app: &TestApp) -> Affiliation {
    let mut all = affiliations::list::<D>(&app.admin, &OPERATOR, (None, None), 9).await.unwrap().items;
    assert_eq!(all.len(), 1);
    all.remove(0).affiliation
}

async fn made(browser: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> Page {
    let form = browser.get(&format!("/admin/{kind}/new")).await;
    browser.submit(&form, "create", fields).await
}

async fn given(app: &TestApp, user: &User) -> MembershipsResource {
    let user = app.stores.users.find(user.id).await.unwrap().unwrap();
    users::memberships(&app.admin, &OPERATOR, &user).await.unwrap()
}

#[tokio::test]
async fn a_group_is_made_filled_changed_and_deleted() {
    let app = TestApp::new().await;
    let kim = app.user("kim@example.com").await;
    let mut browser = holder(&app, Role::Administrator).await;
    let empty = browser.get("/admin/groups").await;
    assert!(empty.has("nothing") && empty.has("add") && !empty.has("groups"), "{}", empty.body);
    made(&mut browser, "roles", &[("name", "reader")]).await;
    let page = made(&mut browser, "groups", &[("name", "staff"), ("label-ko", "직원"), ("roles", "reader")]).await;
    assert!(page.has("done") && page.has("no-members"), "{}", page.body);
    let path = format!("/admin/groups/{}", only::<GroupResource>(&app).await.id);

    let nobody = browser.submit(&page, "add", &[("email", "nobody@example.com")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text("email-problem").contains("no account"), "{}", nobody.body);
    let added = browser.submit(&page, "add", &[("email", "kim@example.com")]).await;
    assert!(added.text("members").contains("kim@example.com"), "{}", added.body);
    assert_eq!(given(&app, &kim).await.groups, Some(vec!["staff".to_owned()]));

    let fields = [("description", "<img src=x onerror=alert(1)>"), ("roles", "nothing")];
    let wrong = browser.submit(&added, "group", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text("roles-problem").contains("nothing"), "{}", wrong.body);
    assert_eq!(wrong.form("group").field("description"), Some(fields[0].1));
    browser.submit(&added, "group", &[fields[0], ("roles", "")]).await;
    let listed = browser.get("/admin/groups?q=IMG").await;
    assert!(listed.body.contains("&#60;img") && !listed.body.contains("<img src=x"), "{}", listed.body);
    assert!(browser.get("/admin/groups?q=nothing-like-it").await.has("nothing"));
    let stale = browser.submit(&added, "group", &[("label", "Crew")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);

    let confirm = browser.get(&format!("{path}/delete")).await;
    browser.submit(&confirm, "delete", &[]).await;
    assert_eq!(given(&app, &kim).await.groups, Some(vec![]));
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_is_wrong_says_where_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page = made(&mut browser, "roles", &[("name", "Manager"), ("client_id", "nobody"), ("label", "M")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("client_id-problem"), "{}", page.body);
    assert_eq!(page.form("create").field("label"), Some("M"));
    let page = made(&mut browser, "roles", &[("name", "Manager"), ("label", "M")]).await;
    assert!(page.text("name-problem").contains("lower-case"), "{}", page.body);
    made(&mut browser, "roles", &[("name", "manager")]).await;
    let page = made(&mut browser, "roles", &[("name", "manager")]).await;
    assert!(page.text("name-problem").contains("already"), "{}", page.body);
}

#[tokio::test]
async fn a_person_is_given_what_they_do_not_have_and_loses_it_where_no_group_brings_it() {
    let app = TestApp::new().await;
    let kim = app.user("kim@example.com").await;
    let mut browser = holder(&app, Role::Administrator).await;
    made(&mut browser, "roles", &[("name", "reader")]).await;
    let role = only::<RoleResource>(&app).await;
    made(&mut browser, "groups", &[("name", "staff"), ("roles", "reader")]).await;
    let staff = only::<GroupResource>(&app).await.id.to_string();
    let path = format!("/admin/people/{}/groups", kim.id);
    // Who manages people gives what others made.
    let mut manager = holder(&app, Role::PeopleManager).await;
    let page = manager.get(&path).await;
    let page = manager.submit(&page, "give-groups", &[("give", &staff)]).await;
    assert!(page.text("groups").contains("staff") && page.text("roles").contains("by staff"), "{}", page.body);
    assert_eq!(given(&app, &kim).await.roles, Some(vec![]));
    let page = manager.submit(&page, "give-roles", &[("give", &role.id.to_string())]).await;
    assert!(!page.has("give-roles"), "there is no other: {}", page.body);
    assert_eq!(given(&app, &kim).await.roles, Some(vec!["reader".to_owned()]));
    let csrf = app.csrf(&manager, &path).await;
    manager.post_once(&path, &[("csrf", &csrf), ("take", &role.id.to_string())]).await;
    assert_eq!(given(&app, &kim).await.roles, Some(vec![]));

    assert_eq!(manager.get("/admin/groups/new").await.status, StatusCode::FORBIDDEN);
    let seen = manager.get(&format!("/admin/groups/{staff}")).await;
    assert!(seen.has("add") && !seen.has("save") && !seen.has("delete"), "{}", seen.body);
    let mut auditor = holder(&app, Role::Auditor).await;
    let seen = auditor.get(&format!("/admin/groups/{staff}")).await;
    assert!(!seen.has("add") && !seen.has("save"), "{}", seen.body);
    let seen = auditor.get(&path).await;
    assert!(!seen.has("give-groups") && !seen.body.contains("name=\"take\""), "{}", seen.body);
}
