//! People in bulk, in the console.

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::audit_event::AuditKind;
use haechi::model::user::{EmailAddress, Role};

use crate::support::app::TestApp;
use crate::support::browser::Browser;

async fn console(role: Role) -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let user = app.user("administrator@example.com").await;
    let user = users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![role]).await.unwrap();
    let browser = app.signed_in(&user).await;
    (app, browser)
}

async fn is_there(app: &TestApp, email: &str) -> bool {
    app.app.stores.users.find_by_email(&EmailAddress::parse(email).unwrap()).await.unwrap().is_some()
}

#[tokio::test]
async fn rows_are_tried_then_taken() {
    let (app, mut browser) = console(Role::PeopleManager).await;
    let list = browser.get("/admin/people").await;
    let form = browser.get(&list.link("to-import")).await;
    let rows = "email,name,email_verified,address.country\nkim@example.com,<b>Kim</b>,true,KR\nnowhere,Lee,,\n";
    let tried = browser.submit(&form, "import", &[("rows", rows), ("do", "try")]).await;
    assert!(tried.has("report") && tried.has("take") && tried.has("refused"), "{}", tried.body);
    assert!(tried.has("planned") && tried.body.contains("a new account"), "{}", tried.body);
    assert!(!is_there(&app, "kim@example.com").await, "trying makes nobody");
    let taken = browser.submit(&tried, "import", &[("rows", rows), ("do", "import")]).await;
    assert!(taken.has("report") && !taken.has("take") && !taken.body.contains("<b>Kim"), "{}", taken.body);
    assert!(is_there(&app, "kim@example.com").await);
    let wrong = browser.submit(&form, "import", &[("rows", "{\"email\": "), ("do", "try")]).await;
    assert!(wrong.has("rows-problem"), "{}", wrong.body);
    let head = browser.submit(&form, "import", &[("rows", "mail,name\nkim@example.com,Kim\n"), ("do", "try")]).await;
    assert!(head.has("rows-problem") && !head.has("report"), "{}", head.body);
    assert!(head.body.contains("There is no column mail. Did you mean email?"), "{}", head.body);
    assert!(head.body.contains("The column email is missing."), "{}", head.body);
}

#[tokio::test]
async fn everybody_is_taken_elsewhere_by_who_manages_people() {
    let (app, mut browser) = console(Role::PeopleManager).await;
    app.user("kim@example.com").await;
    let list = browser.get("/admin/people").await;
    let file = browser.submit(&list, "export", &[("format", "csv")]).await;
    assert!(file.body.starts_with("sub,email,") && file.body.contains("kim@example.com"), "{}", file.body);
    assert_eq!(app.audit(AuditKind::PeopleExported).await.len(), 1);
    let (_house, mut auditor) = console(Role::Auditor).await;
    let list = auditor.get("/admin/people").await;
    assert!(!list.has("to-import") && !list.has("export"), "who only sees takes nobody along");
    assert_eq!(auditor.get("/admin/people/import").await.status, StatusCode::FORBIDDEN);
}
