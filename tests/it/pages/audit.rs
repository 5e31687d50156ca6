//! The audit log in the console: finding entries, reading one, taking the log elsewhere, following it.

use axum::http::{Method, StatusCode, header};
use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::policy::{self, BrandingResource};
use haechi::admin::{Authority, keys, users};
use haechi::model::audit_event::{Actor, AuditEvent, AuditKind};
use haechi::model::client::{ClientId, SigningAlgorithm};
use haechi::model::user::Role;
use haechi::store::Change;
use serde_json::json;

use super::{entries, with_role};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

#[tokio::test]
async fn an_auditor_finds_what_happened_by_what_is_known_of_it() {
    let app = TestApp::new().await;
    let (_, mut browser) = with_role(&app, Role::Auditor).await;
    let kim = app.user("kim@example.com").await;
    app.clock.advance(std::time::Duration::from_secs(1));
    let mut stranger = app.browser();
    let login = stranger.get("/login").await;
    let refused =
        stranger.submit_once(&login, "login", &[("email", "kim@example.com"), ("password", "not this")]).await;
    app.clock.advance(std::time::Duration::from_secs(1));
    stranger.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    let all = browser.get("/admin/audit").await;
    assert_eq!(&entries(&all)[..2], ["Signed in", "Sign-in refused"]);
    assert_eq!(entries(&browser.get("/admin/audit?outcome=refused").await), ["Sign-in refused"]);
    assert_eq!(entries(&browser.get("/admin/audit?kind=signed_in&user=kim%40example.com").await), ["Signed in"]);
    // From the page with the request's id to what it caused, and on to everything of the account.
    let id = refused.header("x-request-id").unwrap();
    let found = browser.get(&format!("/admin/audit?request={id}")).await;
    assert_eq!(entries(&found), ["Sign-in refused"]);
    let entry =
        found.html().select(&".list tbody th a".try_into().unwrap()).next().unwrap().attr("href").unwrap().to_owned();
    let entry = browser.get(&entry).await;
    assert!(entry.body.contains(id) && entry.body.contains("192.0.2.10"), "{}", entry.body);
    assert!(entry.text("on").contains("kim@example.com"));
    assert_eq!(entries(&browser.get(&entry.link("same-request")).await), ["Sign-in refused"]);
    let of_kim = entries(&browser.get(&entry.link("same-user")).await);
    assert_eq!(&of_kim[..2], ["Signed in", "Sign-in refused"], "{}", kim.id);
    let nothing = browser.get("/admin/audit?user=nobody%40example.com").await;
    assert!(nothing.text("unknown").contains("nobody@example.com"));
    assert!(browser.get("/admin/audit?since=2020-01-01&until=2020-01-02").await.has("nothing"));
    assert_eq!(browser.get("/admin/audit/evt_00000000000000000000000000000000").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_goes_on_where_a_page_of_it_ended() {
    let app = TestApp::new().await;
    let (_, mut browser) = with_role(&app, Role::Auditor).await;
    crate::store::audit::add(&app.app.stores, haechi::support::Clock::now(app.clock.as_ref()), 70).await;
    let first = browser.get("/admin/audit?actor=system").await;
    assert_eq!((entries(&first).len(), first.has("first-page")), (50, false));
    let second = browser.get(&first.link("next-page")).await;
    assert_eq!((entries(&second).len(), second.has("next-page")), (20, false));
    assert_eq!(entries(&browser.get(&second.link("first-page")).await).len(), 50);
}

#[tokio::test]
async fn web_004_what_an_entry_says_stays_text_wherever_it_is_shown() {
    let app = TestApp::new().await;
    let (_, mut browser) = with_role(&app, Role::Auditor).await;
    let hostile = "=1+1\"><script>alert(1)</script>\nid: evt";
    let now = haechi::support::Clock::now(app.clock.as_ref());
    let event = AuditEvent::new(AuditKind::CommitsLost, Actor::System, now, app.app.random.as_ref());
    let id = event.id;
    app.commit(vec![Change::Audit(event.saying(hostile))]).await;
    for path in [
        "/admin/audit".to_owned(),
        format!("/admin/audit/{id}"),
        "/admin/audit?user=%22%3E%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
    ] {
        let page = browser.get(&path).await;
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
    let csv = browser.get("/admin/audit/export?format=csv&actor=system").await;
    assert!(csv.body.contains("\"'=1+1\"\"><script>alert(1)</script>\nid: evt\""), "{}", csv.body);
    assert!(csv.header("content-disposition").unwrap().starts_with("attachment; filename=\"audit-"));
    assert_eq!(csv.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn an_entry_leads_to_the_app_that_it_names_as_long_as_there_is_one() {
    let app = TestApp::new().await;
    let (_, mut browser) = with_role(&app, Role::Auditor).await;
    app.client("shop", |_| {}).await;
    let now = haechi::support::Clock::now(app.clock.as_ref());
    let entry = |kind, actor, client: &str| AuditEvent {
        client: Some(ClientId::parse(client).unwrap()),
        ..AuditEvent::new(kind, actor, now, app.app.random.as_ref())
    };
    let shop = Actor::Client(ClientId::parse("shop").unwrap());
    app.commit(vec![
        Change::Audit(entry(AuditKind::ClientChanged, Actor::Operator, "shop")),
        Change::Audit(entry(AuditKind::ClientDeleted, Actor::Operator, "gone")),
        Change::Audit(entry(AuditKind::CommitsLost, shop, "shop")),
    ])
    .await;
    let leads = async |browser: &mut Browser, query: &str| {
        let list = browser.get(&format!("/admin/audit?{query}")).await;
        list.body.matches("href=\"/admin/apps/").count()
    };
    assert_eq!(leads(&mut browser, "kind=client_changed").await, 1);
    assert_eq!(leads(&mut browser, "kind=client_deleted").await, 0);
    assert_eq!(leads(&mut browser, "actor=shop").await, 2, "who did it, and what it was done to");
}

#[tokio::test]
async fn an_entry_leads_to_whatever_it_happened_to_as_long_as_that_is_there() {
    let app = TestApp::new().await;
    let (_, mut browser) = with_role(&app, Role::Auditor).await;
    let (admin, operator) = (&app.app.admin, Authority::operator());
    let group: GroupResource = serde_json::from_value(json!({ "name": "staff" })).unwrap();
    let group = affiliations::create(admin, &operator, &group).await.unwrap().affiliation.id;
    let role: RoleResource = serde_json::from_value(json!({ "name": "reader" })).unwrap();
    let role = affiliations::create(admin, &operator, &role).await.unwrap().affiliation.id;
    crate::admin::attributes::declare(&app, json!({ "name": "level", "label": "Level", "value_type": "number" })).await;
    let look: BrandingResource = serde_json::from_value(json!({ "product_name": "Books" })).unwrap();
    policy::set_branding(admin, &operator, (), &look).await.unwrap();
    keys::rotate(admin, &operator, &app.app.keys, Some(SigningAlgorithm::ES256)).await.unwrap();
    for (kind, path) in [
        ("group_created", format!("/admin/groups/{group}")),
        ("role_created", format!("/admin/roles/{role}")),
        ("attribute_declared", "/admin/people/attributes/level".to_owned()),
        ("policy_changed", "/admin/branding".to_owned()),
        ("keys_rotated", "/admin/keys".to_owned()),
    ] {
        let list = browser.get(&format!("/admin/audit?kind={kind}")).await;
        assert!(in_table(&list, &path), "{kind}: {}", list.body);
    }
    affiliations::delete::<GroupResource>(admin, &operator, group).await.unwrap();
    let list = browser.get("/admin/audit?kind=group_created").await;
    assert!(!in_table(&list, &format!("/admin/groups/{group}")) && list.body.contains(&group.to_string()));
}

/// Whether a cell of the list leads there.
fn in_table(list: &Page, path: &str) -> bool {
    let html = list.html();
    html.select(&".list tbody td a".try_into().unwrap()).any(|link| link.attr("href") == Some(path))
}

#[tokio::test]
async fn an_export_has_what_the_list_was_narrowed_down_to() {
    let app = TestApp::new().await;
    let (_, mut browser) = with_role(&app, Role::Auditor).await;
    crate::store::audit::add(&app.app.stores, haechi::support::Clock::now(app.clock.as_ref()), 700).await;
    let list = browser.get("/admin/audit?actor=system").await;
    let lines = browser.get(&list.link("export-jsonl")).await;
    assert_eq!((lines.status, lines.body.lines().count()), (StatusCode::OK, 700));
    let table = browser.get(&list.link("export-csv")).await;
    assert_eq!(table.body.lines().count(), 701);
    assert_eq!(browser.get("/admin/audit/export?format=xml").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_follows_sees_new_entries_until_they_may_not() {
    let app = TestApp::new().await;
    let (auditor, browser) = with_role(&app, Role::Auditor).await;
    let mut follower = browser.clone();
    let following = tokio::spawn(async move { follower.send(Method::GET, "/admin/audit/events", &[], None).await });
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    // The stream ends with the role, long before its time.
    let begun = std::time::Instant::now();
    users::set_roles(&app.app.admin, &Authority::operator(), auditor.id, vec![]).await.unwrap();
    let _ = following.await.unwrap();
    assert!(begun.elapsed() < std::time::Duration::from_secs(6), "{:?}", begun.elapsed());
    let mut follower = browser;
    assert_eq!(follower.get("/admin/audit/events").await.problem(), "forbidden");
}

#[tokio::test]
async fn a_stream_has_each_entry_as_a_row_with_its_id() {
    let app = TestApp::new().await;
    let (auditor, mut browser) = with_role(&app, Role::Auditor).await;
    let before = app.app.stores.audit.list(None, 1).await.unwrap().items[0].id.to_string();
    app.clock.advance(std::time::Duration::from_secs(1));
    app.user("lee@example.com").await;
    let last = [("last-event-id", before.as_str())];
    let (house, role) = (app.app.clone(), auditor.id);
    tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
        users::set_roles(&house.admin, &Authority::operator(), role, vec![]).await.unwrap();
    });
    let stream = browser.send(Method::GET, "/admin/audit/events?kind=user_created", &last, None).await;
    assert_eq!(stream.headers.get(header::CONTENT_TYPE).unwrap(), "text/event-stream");
    let events: Vec<&str> = stream.body.split("\n\n").filter(|event| event.contains("data: <tr")).collect();
    assert_eq!(events.len(), 1, "{}", stream.body);
    assert!(events[0].starts_with("id: evt_") && events[0].contains("Account made"), "{}", events[0]);
}
