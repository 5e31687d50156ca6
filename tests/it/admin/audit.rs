//! What the audit log says of what was done, whichever door it was done through.

use haechi::admin::audit::{Export, ExportFormat, find, verify};
use haechi::admin::{Authority, users};
use haechi::audit_chain::Verdict;
use haechi::model::audit_event::{AuditKind, AuditTarget};
use haechi::model::{AuditEvent, AuditFilter};
use haechi::store::Change;

use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::furnished::Furnished;

/// The newest entry.
async fn newest(house: &Furnished) -> AuditEvent {
    house.app.stores.audit.list(None, 1).await.unwrap().items.remove(0)
}

/// The one entry of a kind.
async fn one(house: &Furnished, kind: AuditKind) -> AuditEvent {
    let mut entries = house.audit(kind).await;
    assert_eq!(entries.len(), 1, "{kind:?}");
    entries.remove(0)
}

fn is_of(event: &AuditEvent, page: &Page) -> bool {
    event.request.as_deref() == page.header("x-request-id") && event.address.as_deref() == Some("192.0.2.10")
}

#[tokio::test]
async fn what_a_request_does_is_told_with_its_id_and_address_at_every_door() {
    let house = TestApp::furnished().await;
    let user = house.user("kim@example.com").await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = browser.submit_once(&login, "login", &[("email", "kim@example.com"), ("password", "not this")]).await;
    let failed = one(&house, AuditKind::SignInFailed).await;
    assert!(is_of(&failed, &page), "{failed:?} {page:?}");
    house.pass(1);
    let password = [("email", "kim@example.com"), ("password", crate::support::app::PASSWORD)];
    let page = browser.submit_once(&login, "login", &password).await;
    assert!(is_of(&one(&house, AuditKind::SignedIn).await, &page));
    house.pass(1);
    let account = browser.get("/account/profile").await;
    let page = browser.submit_once(&account, "account-profile", &[("name", "Kim")]).await;
    assert!(is_of(&one(&house, AuditKind::UserChanged).await, &page));
    house.pass(1);
    let page = browser.get("/logout").await;
    let page = browser.submit_once(&page, "logout", &[]).await;
    let out = one(&house, AuditKind::SignedOut).await;
    assert!(is_of(&out, &page) && matches!(out.happened_to(), Some(AuditTarget::Session(_))), "{out:?}");
    assert_eq!(out.user, Some(user.id));
    // An app, at the token endpoint.
    let code = house.code("web", "openid").await;
    house.redeeming(&code).basic("web").send().await.expect(200);
    let again = house.redeeming(&code).basic("web").send().await;
    let replayed = one(&house, AuditKind::CodeReplayed).await;
    let id = again.headers.get("x-request-id").unwrap().to_str().unwrap();
    assert_eq!((replayed.request.as_deref(), replayed.address.is_some()), (Some(id), true));
}

#[tokio::test]
async fn what_no_request_does_has_neither_id_nor_address() {
    let house = TestApp::furnished().await;
    users::set_enabled(&house.admin, &Authority::operator(), house.alice.id, false).await.unwrap();
    let entry = newest(&house).await;
    assert_eq!((entry.kind, entry.request, entry.address), (AuditKind::UserDisabled, None, None));
}

#[tokio::test]
async fn an_export_is_the_whole_log_in_parts_and_no_cell_of_it_is_a_formula() {
    let house = TestApp::furnished().await;
    let operator = Authority::operator();
    let formula = AuditEvent::new(
        AuditKind::CommitsLost,
        haechi::model::audit_event::Actor::System,
        house.now(),
        house.app.random.as_ref(),
    );
    house.commit(vec![Change::Audit(formula.saying("=HYPERLINK(\"https://evil.example\"),\nx"))]).await;
    crate::store::audit::add(&house.app.stores, house.now(), 1100).await;
    let mut texts = Vec::new();
    for format in [ExportFormat::Csv, ExportFormat::JsonLines] {
        let (mut export, mut parts) = (Export::new(AuditFilter::default(), format), Vec::new());
        while let Some(part) = export.part(&house.admin, &operator).await.unwrap() {
            parts.push(part);
        }
        assert!(parts.len() >= 3, "{} parts", parts.len());
        texts.push(parts.concat());
    }
    let count = find(&house.admin, &operator, &AuditFilter::default(), None, 2000).await.unwrap().events.len();
    assert_eq!(texts[0].matches("\r\n").count(), count + 1, "a head, and a record for each");
    assert!(texts[0].starts_with("id,at,kind,outcome,actor,"), "{}", &texts[0][..60]);
    assert!(texts[0].contains("\"'=HYPERLINK(\"\"https://evil.example\"\"),\nx\""));
    assert_eq!(texts[1].lines().count(), count);
    let nobody = house.user("kim@example.com").await;
    assert!(Authority::of_account(&house.admin, nobody.id).await.is_err(), "an export takes an authority");
}

#[tokio::test]
async fn what_the_server_did_is_intact() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    house.redeeming(&code).basic("web").send().await.expect(200);
    let verdict = verify(&house.admin, &Authority::operator()).await.unwrap();
    assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
}
