//! What is decided for the whole server, as the console shows and takes it.

use axum::http::StatusCode;
use haechi::admin::policy;
use haechi::admin::{Authority, users};
use haechi::model::policy::{Policy, SignUp};
use haechi::model::user::Role;

use crate::support::app::{ISSUER, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;

async fn holder(app: &TestApp, role: Role) -> Browser {
    let user = app.user(&format!("{}@example.com", role.as_str().replace('_', "-"))).await;
    users::set_roles(&app.admin, &Authority::operator(), user.id, vec![role]).await.unwrap();
    app.signed_in(&user).await
}

async fn decided(app: &TestApp) -> Policy {
    policy::find(&app.admin, &Authority::operator()).await.unwrap()
}

#[tokio::test]
async fn how_people_sign_in_is_decided_on_one_page() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page = browser.get("/admin/sign-in").await;
    assert!(page.has("save") && !page.has("closed"));
    let filled = [
        ("sign_up", "domains"),
        ("sign_up_domains", "example.com\r\n@Example.ORG "),
        ("password_sign_in", "yes"),
        ("password_min_chars", "15"),
        ("session_idle_hours", "8"),
        ("sessions_per_account", "5"),
        ("remember_me", "yes"),
    ];
    let saved = browser.submit(&page, "policy", &filled).await;
    assert!(saved.text("done").contains("Saved"), "{}", saved.body);
    let is = decided(&app).await.sign_in;
    assert_eq!(is.sign_up, SignUp::Domains(["example.com".to_owned(), "example.org".to_owned()].into()));
    assert_eq!((is.password_min_chars, is.idle_hours, is.absolute_hours), (Some(15), Some(8), None));
    assert_eq!((is.most_sessions, is.remember_me, is.passwords), (Some(5), true, true));
    // The settings say what is stricter than they are.
    let settings = browser.get("/admin/settings?q=password_min_chars").await;
    assert!(settings.text("accounts-password_min_chars").contains("15"), "{}", settings.body);
    // A page of before is stale, and says so above what was typed.
    let stale = browser.submit(&page, "policy", &[("sign_up", "closed"), ("password_min_chars", "20")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("value=\"20\""), "{}", stale.body);
    // What is wrong is said beside its field.
    let fresh = browser.get("/admin/sign-in").await;
    for (field, value) in [
        ("password_min_chars", "9"),
        ("password_min_chars", "many"),
        ("session_idle_hours", "100000"),
        ("sign_up_domains", "not a domain!"),
    ] {
        let wrong = browser
            .submit(&fresh, "policy", &[("sign_up", "domains"), ("password_sign_in", "yes"), (field, value)])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", wrong.body);
        assert!(wrong.has(&format!("{field}-problem")), "{field} {value}: {}", wrong.body);
    }
    // Nobody who owns the server could sign in.
    let off = browser.send_form(&fresh, unticked(&fresh), &[]).await;
    assert_eq!(off.status, StatusCode::CONFLICT);
    assert!(off.text("problem").contains("owners"), "{}", off.body);
}

/// The form without the tick of passwords.
fn unticked(page: &crate::support::browser::Page) -> crate::support::browser::Form {
    let mut form = page.form("policy");
    form.fields.retain(|(name, _)| name != "password_sign_in");
    form
}

#[tokio::test]
async fn who_has_only_a_passkey_is_counted_and_locked_out_only_where_that_is_confirmed() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    assert!(!browser.get("/admin/sign-in").await.has("only-passkeys"));
    app.browser().sign_up_by_passkey("kim@example.com", &mut Authenticator::new(ISSUER, "kim")).await;
    let page = browser.get("/admin/sign-in").await;
    assert!(page.text("only-passkeys").contains("One account"), "{}", page.body);
    let off = |page: &crate::support::browser::Page| {
        let mut form = page.form("policy");
        form.fields.retain(|(name, _)| name != "passkey_sign_in");
        form
    };
    let asked = browser.send_form(&page, off(&page), &[]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text("passkey_sign_in-problem").contains("could not sign in any more"), "{}", asked.body);
    assert!(decided(&app).await.sign_in.passkeys);
    let saved = browser.send_form(&asked, off(&asked), &[("passkey_only_confirmed", "yes")]).await;
    assert!(browser.follow(saved).await.has("done"));
    assert!(!decided(&app).await.sign_in.passkeys);
}

#[tokio::test]
async fn who_may_only_see_changes_nothing_and_what_the_operator_closed_stays_closed() {
    let app = TestApp::with(|config| config.accounts.sign_up = false).await;
    let mut auditor = holder(&app, Role::Auditor).await;
    let page = auditor.get("/admin/sign-in").await;
    assert!(!page.has("save") && page.has("closed"), "{}", page.body);
    let refused = auditor.submit(&page, "policy", &[("password_min_chars", "20")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for role in [Role::PeopleManager, Role::AppManager] {
        assert_eq!(holder(&app, role).await.get("/admin/sign-in").await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    let mut owner = holder(&app, Role::Owner).await;
    let page = owner.get("/admin/sign-in").await;
    let refused = owner.submit(&page, "policy", &[("sign_up", "domains"), ("sign_up_domains", "example.com")]).await;
    assert!(refused.has("sign_up-problem"), "{}", refused.body);
    assert_eq!(decided(&app).await.version, 0);
}
