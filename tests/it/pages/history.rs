//! What happened to a person, an app, a connection or a key, on a page of its own.

use axum::http::StatusCode;
use haechi::admin::{Authority, connections, keys, users};
use haechi::model::user::Role;

use super::{entries, with_role};
use crate::support::app::TestApp;

#[tokio::test]
async fn each_thing_tells_what_happened_to_it_and_nothing_of_others() {
    let app = TestApp::new().await;
    let (_, mut auditor) = with_role(&app, Role::Auditor).await;
    let (_, mut manager) = with_role(&app, Role::Administrator).await;
    for id in ["shop", "other"] {
        let form = manager.get("/admin/apps/new/web").await;
        let filled = [("client_id", id), ("client_name", id), ("redirect_uris", "https://shop.example/callback")];
        assert!(manager.submit(&form, "create", &filled).await.has("created"));
        app.clock.advance(std::time::Duration::from_secs(1));
    }
    let page = manager.get("/admin/apps/shop").await;
    manager.submit(&page, "state", &[("state", "off")]).await;
    let history = auditor.get("/admin/apps/shop/history").await;
    assert_eq!(entries(&history), ["App switched off", "App registered"], "{}", history.body);
    assert_eq!(entries(&auditor.get(&history.link("to-log")).await), entries(&history));

    let kim = app.user("kim@example.com").await;
    app.clock.advance(std::time::Duration::from_secs(1));
    users::set_enabled(&app.app.admin, &Authority::operator(), kim.id, false).await.unwrap();
    let of_kim = auditor.get(&format!("/admin/people/{}/history", kim.id)).await;
    assert_eq!(entries(&of_kim), ["Account switched off", "Account made"]);

    let nothing = auditor.get("/admin/apps/nobody/history").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_connection_and_the_keys_tell_theirs() {
    let app = TestApp::new().await;
    let operator = Authority::operator();
    let new = serde_json::json!({ "preset": "google", "client_id": "at-google", "client_secret": "a secret of there" });
    let admin = &app.app.admin;
    connections::create(admin, &operator, serde_json::from_value(new).unwrap()).await.unwrap();
    let (_, mut auditor) = with_role(&app, Role::Auditor).await;
    let history = auditor.get("/admin/connections/google/history").await;
    assert_eq!(entries(&history), ["Connection made"], "{}", history.body);
    assert_eq!(entries(&auditor.get(&history.link("to-log")).await), entries(&history));

    let page = auditor.get("/admin/keys").await;
    assert!(auditor.get(&page.link("to-history")).await.has("nothing"));
    keys::revoke(admin, &operator, &app.app.keys, app.app.keys.list()[0].id).await.unwrap();
    let history = auditor.get(&page.link("to-history")).await;
    assert_eq!(entries(&history).len(), 1, "{}", history.body);
    assert_eq!(entries(&auditor.get(&history.link("to-log")).await), entries(&history));
}

#[tokio::test]
async fn who_may_not_read_the_audit_log_is_neither_shown_nor_told() {
    let app = TestApp::new().await;
    let (user, mut people) = with_role(&app, Role::PeopleManager).await;
    let path = format!("/admin/people/{}", user.id);
    assert!(!people.get(&path).await.body.contains("/history"));
    assert_eq!(people.get(&format!("{path}/history")).await.status, StatusCode::FORBIDDEN);
    let (_, mut apps) = with_role(&app, Role::AppManager).await;
    let form = apps.get("/admin/apps/new/service").await;
    apps.submit(&form, "create", &[("client_id", "job"), ("client_name", "Job")]).await;
    assert!(!apps.get("/admin/apps/job").await.body.contains("/history"));
    assert_eq!(apps.get("/admin/apps/job/history").await.status, StatusCode::FORBIDDEN);
    assert!(!apps.get("/admin/keys").await.body.contains("/history"));
    assert_eq!(apps.get("/admin/keys/history").await.status, StatusCode::FORBIDDEN);
}
