//! The preview of what is not saved: every page that end-users meet and every mail that they get, in every language.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::user::Role;
use scraper::Selector;

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};

/// A template of a page of end-users, the page of the preview that shows it, and what is on it.
const SHOWN: &[(&str, &str, &str)] = &[
    ("login.html", "login", "login"),
    ("login_code.html", "login-code", "login-code"),
    ("login_link.html", "login-link", "use-link"),
    ("signup.html", "signup", "signup"),
    ("signup_code.html", "signup-code", "signup-code"),
    ("signup_link.html", "signup-link", "use-link"),
    ("signup_signed_in.html", "signup-again", "signed-in"),
    ("select_account.html", "select-account", "accounts"),
    ("consent.html", "consent", "consent"),
    ("second_step.html", "second-step", "second-step"),
    ("second_step_mailed.html", "second-step-by-mail", "second-step-mailed"),
    ("second_step_add.html", "add-factor", "second-step-add"),
    ("second_step_no_passkey.html", "no-passkey", "second-step-no-passkey"),
    ("recovery_codes.html", "recovery-codes", "recovery-codes"),
    ("recovery_used.html", "recovery-used", "recovery-used"),
    ("verify_address.html", "verify-address", "said"),
    ("prove_address.html", "prove-address", "prove"),
    ("undo_address.html", "undo-address", "undo"),
    ("forgot.html", "forgot", "forgot"),
    ("reset.html", "reset", "reset"),
    ("upstream_email.html", "provider-address", "upstream-email"),
    ("upstream_confirm.html", "provider-confirm", "upstream-confirm"),
    ("step_up.html", "step-up", "step-up"),
    ("other_sign_in.html", "other-sign-in", "other-sign-in"),
    ("account/overview.html", "account", "account-heading"),
    ("account/profile.html", "account-profile", "account-profile"),
    ("account/security.html", "account-security", "password-heading"),
    ("account/sessions.html", "account-sessions", "sessions"),
    ("account/apps.html", "account-apps", "apps-heading"),
    ("account/preferences.html", "account-preferences", "account-language"),
    ("account/data.html", "account-data", "account-download"),
    ("account/delete.html", "account-delete", "delete-account"),
    ("unlink.html", "account-unlink", "unlink-warning"),
    ("logout.html", "sign-out", "logout"),
    ("message.html", "signed-out", "signed-out"),
    ("problem.html", "error", "error"),
];
/// A template that the preview does not show, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("frame.html", "surrounds every page"),
    ("account/layout.html", "surrounds the sections of an account"),
    ("account/parts.html", "is a part of pages"),
    ("account/passkey_new.html", "its form is the browser's question, which a script asks: none runs in the preview"),
    ("account/passkey_offer.html", "the same"),
    ("api_reference.html", "is for programmers, and takes nothing of the looks"),
    ("claim.html", "is seen once, before there is anybody who decides how pages look"),
    ("confirmed.html", "goes on by itself"),
    ("form_post.html", "sends an answer to an app by itself"),
];

async fn administrator(app: &TestApp) -> Browser {
    let user = app.user("administrator@example.com").await;
    users::set_roles(&app.admin, &Authority::operator(), user.id, vec![Role::Administrator]).await.unwrap();
    app.signed_in(&user).await
}

/// What can be chosen to be shown, by its name.
fn offered(page: &Page) -> Vec<String> {
    let html = page.html();
    let options = html.select(&Selector::parse("select#page option").unwrap()).collect::<Vec<_>>();
    options.into_iter().map(|option| option.value().attr("value").unwrap().to_owned()).collect()
}

#[test]
fn every_template_of_a_page_is_shown_or_left_out_for_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut there = BTreeSet::new();
    for (below, prefix) in [("", ""), ("account", "account/")] {
        for entry in fs::read_dir(folder.join(below)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|ending| ending == "html") {
                there.insert(format!("{prefix}{name}"));
            }
        }
    }
    let shown = SHOWN.iter().map(|(template, ..)| (*template).to_owned());
    let all: BTreeSet<String> = shown.chain(LEFT_OUT.iter().map(|(template, _)| (*template).to_owned())).collect();
    assert_eq!(all.len(), SHOWN.len() + LEFT_OUT.len(), "one is there twice");
    assert_eq!(there, all);
}

#[tokio::test]
async fn each_page_is_shown_in_each_language_as_it_would_look() {
    let app = TestApp::new().await;
    let mut browser = administrator(&app).await;
    let offered = offered(&browser.get("/admin/branding").await);
    for (template, page, mark) in SHOWN {
        assert!(offered.iter().any(|name| name == page), "{page} is not offered");
        for language in ["en", "ko"] {
            let typed = "typed=yes&product_name=Books&product_name-ko=%EC%B1%85%EB%B0%A9&accent_color=%23123a7a";
            let path = format!("/admin/branding/preview?page={page}&language={language}&scheme=dark&{typed}");
            let shown = browser.get(&path).await;
            assert_eq!((shown.status, shown.url.path()), (StatusCode::OK, "/admin/branding/preview"), "{template}");
            assert!(shown.has(mark), "{template} is not what {page} shows: {}", shown.body);
            let name = if language == "ko" { "책방</title>" } else { "Books</title>" };
            assert!(shown.body.contains(name), "{template} in {language}: {}", shown.body);
            assert!(shown.body.contains(&format!("lang=\"{language}\"")), "{template} in {language}");
            assert!(shown.body.contains("-haechi-123a7a-"), "{template} has not the colour that was typed");
            assert!(shown.body.contains("<body inert"), "{template} can be pressed");
            let policy = shown.header("content-security-policy").unwrap();
            for rule in ["default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox"] {
                assert!(policy.contains(rule), "{template}: {policy}");
            }
            assert!(!policy.contains("script"), "{template}: {policy}");
        }
    }
    assert!(app.stores.policy.policy().await.unwrap().version == 0, "nothing was saved");
}

#[tokio::test]
async fn each_mail_is_shown_in_each_language_as_it_would_read() {
    let app = TestApp::new().await;
    let mut browser = administrator(&app).await;
    let pages: BTreeSet<&str> = SHOWN.iter().map(|(_, page, _)| *page).collect();
    let offered = offered(&browser.get("/admin/branding").await);
    let mails: Vec<&String> = offered.iter().filter(|name| !pages.contains(name.as_str())).collect();
    assert!(mails.len() > 30, "{mails:?}");
    let mut read = BTreeSet::new();
    for mail in &mails {
        for language in ["en", "ko"] {
            let typed = "typed=yes&product_name=Books&accent_color=%23123a7a";
            let path = format!("/admin/branding/preview?page={mail}&language={language}&scheme=light&{typed}");
            let shown = browser.get(&path).await;
            assert_eq!(shown.status, StatusCode::OK, "{mail}");
            assert!(shown.body.contains(&format!("lang=\"{language}\"")), "{mail} in {language}: {}", shown.body);
            assert!(shown.body.contains("#123a7a"), "{mail} has not the colour that was typed");
            assert!(shown.body.contains("<body inert") && shown.body.contains("administrator@example.com"), "{mail}");
            assert!(!shown.body.contains("prefers-color-scheme") && !shown.body.contains("<script"), "{mail}");
            assert!(!shown.body.contains("<img"), "{mail} has a picture");
            let policy = shown.header("content-security-policy").unwrap();
            assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{mail}: {policy}");
            assert_eq!(shown.header("x-frame-options"), Some("SAMEORIGIN"), "{mail}");
            assert!(read.insert(shown.body), "{mail} reads as another one in {language}");
        }
    }
    // What there is not is the first page.
    assert!(browser.get("/admin/branding/preview?page=no-such-mail").await.has("login"));
}
