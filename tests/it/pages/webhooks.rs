//! Webhooks in the console: making one, its secret that is shown once, the messages to it, and taking it away.

use axum::http::StatusCode;
use haechi::admin::{Authority, webhooks};
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::model::webhook::{MessageState, Webhook};
use haechi::support::Timestamp;

use super::holder;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};

async fn only(app: &TestApp) -> Webhook {
    let mut all = webhooks::list(&app.admin, &Authority::operator()).await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

async fn made(browser: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let form = browser.get("/admin/webhooks/new").await;
    browser.submit(&form, "create", fields).await
}

#[tokio::test]
async fn one_is_made_with_a_secret_that_is_shown_once_and_told_what_was_ticked() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let empty = browser.get("/admin/webhooks").await;
    assert!(empty.has("add") && !empty.has("webhooks"), "{}", empty.body);
    let page = made(&mut browser, &[("url", "https://hooks.example/in"), ("kind-user_created", "yes")]).await;
    assert!(page.text("secret").starts_with("whsec_"), "{}", page.body);
    let webhook = only(&app).await;
    assert_eq!(webhook.kinds, [AuditKind::UserCreated]);
    let again = browser.get(&format!("/admin/webhooks/{}", webhook.id)).await;
    assert!(!again.body.contains("whsec_"), "{}", again.body);
    assert!(browser.get("/admin/webhooks").await.text("webhooks").contains("1 kind of entries"));

    // A reload of the answer sends the form again, of a version that is gone: there is no second secret.
    let rotated = browser.submit(&again, "rotate", &[("grace", "24")]).await;
    assert!(
        rotated.text("secret").starts_with("whsec_") && rotated.text("secrets").contains("until"),
        "{}",
        rotated.body
    );
    assert!(rotated.has("ends-at-once") && !again.has("ends-at-once"), "{}", rotated.body);
    let twice = browser.submit(&again, "rotate", &[("grace", "24")]).await;
    assert!(twice.status == StatusCode::CONFLICT && !twice.has("fresh"), "{}", twice.body);
    assert_eq!(only(&app).await.secrets.len(), 2);
}

#[tokio::test]
async fn a_form_that_is_wrong_says_where_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page =
        made(&mut browser, &[("url", "http://hooks.example/"), ("description", "data"), ("kind-signed_in", "yes")])
            .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("url-problem").contains("https"), "{}", page.body);
    let form = page.form("create");
    assert_eq!(
        (form.field("url"), form.field("description"), form.field("kind-signed_in")),
        (Some("http://hooks.example/"), Some("data"), Some("yes"))
    );
    assert!(webhooks::list(&app.admin, &Authority::operator()).await.unwrap().is_empty());
}

#[tokio::test]
async fn messages_are_listed_with_what_came_of_them_and_sent_again() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    made(&mut browser, &[("url", "https://127.0.0.1:8443/in"), ("kind-user_created", "yes")]).await;
    let webhook = only(&app).await;
    let path = format!("/admin/webhooks/{}", webhook.id);
    let page = browser.get(&path).await;
    let tested = browser.submit(&page, "press", &[("do", "test")]).await;
    assert!(tested.has("done") && tested.text("messages").contains("waiting"), "{}", tested.body);
    while let Some(due) = waits(&app, &webhook).await {
        app.clock.set(due);
        app.webhooks.look_and_wait().await.unwrap();
    }
    let failed = browser.get(&path).await;
    assert!(
        failed.text("messages").contains("failed") && failed.text("messages").contains("10 attempts"),
        "{}",
        failed.body
    );
    let asked = browser.submit(&failed, "replay-1", &[("do", "replay")]).await;
    // The proof is old by now.
    let again = browser.submit(&asked, "confirm", &[("current", crate::support::app::PASSWORD)]).await;
    assert!(again.text("messages").contains("waiting"), "{}", again.body);
}

/// When the newest message is sent next, if it is.
async fn waits(app: &TestApp, webhook: &Webhook) -> Option<Timestamp> {
    let page = webhooks::messages(&app.admin, &Authority::operator(), webhook.id, None, 1).await.unwrap();
    Some(&page.items[0]).filter(|message| message.state == MessageState::Waiting).map(|message| message.next_at)
}

#[tokio::test]
async fn one_is_switched_off_and_on_and_deleted_and_who_only_looks_is_offered_nothing() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    made(&mut browser, &[("url", "https://hooks.example/in"), ("description", "<img src=x onerror=alert(1)>")]).await;
    let webhook = only(&app).await;
    let path = format!("/admin/webhooks/{}", webhook.id);
    let mut auditor = holder(&app, Role::Auditor).await;
    let seen = auditor.get(&path).await;
    assert!(seen.body.contains("&#60;img") && !seen.body.contains("<img src=x"), "{}", seen.body);
    assert!(!seen.has("press") && !seen.has("rotate") && !seen.has("save"), "{}", seen.body);
    assert_eq!(auditor.get("/admin/webhooks/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(holder(&app, Role::AppManager).await.get("/admin/webhooks").await.status, StatusCode::FORBIDDEN);

    let page = browser.get(&path).await;
    let off = browser.submit(&page, "press", &[("do", "off")]).await;
    assert!(!only(&app).await.enabled && off.has("on"), "{}", off.body);
    let on = browser.submit(&off, "press", &[("do", "on")]).await;
    assert!(only(&app).await.enabled && on.has("off"), "{}", on.body);
    let confirm = browser.get(&format!("{path}/delete")).await;
    browser.submit(&confirm, "delete", &[]).await;
    assert!(webhooks::list(&app.admin, &Authority::operator()).await.unwrap().is_empty());
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}
