//! What people see: the walk through a login, what comes when something is in the way, every page as text, and that the
//! texts and colours hold together.

mod account;
mod apis;
mod apps;
mod attributes;
mod audit;
mod branding;
mod bulk;
mod claims;
mod colors;
mod console;
mod design;
mod first_hour;
mod groups;
mod history;
mod lists;
mod locales;
mod new_apps;
mod objects;
mod overview;
mod people;
mod policy;
mod previews;
mod problems;
mod search;
mod sections;
mod seen;
mod settings;
mod signing_keys;
mod texts;
mod trial;
mod walk;
mod ways_on;
mod webhooks;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::user::Role;

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};

/// An account that holds this role, signed in to a browser.
async fn with_role(app: &TestApp, role: Role) -> (User, Browser) {
    let user = app.user(&format!("{}@example.com", role.as_str().replace('_', "-"))).await;
    let user = users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![role]).await.unwrap();
    let browser = app.signed_in(&user).await;
    (user, browser)
}

/// The browser of one.
pub async fn holder(app: &TestApp, role: Role) -> Browser {
    with_role(app, role).await.1
}

/// What happened, as a list of entries of the audit log says it.
fn entries(page: &Page) -> Vec<String> {
    let html = page.html();
    html.select(&".list tbody th a".try_into().unwrap()).map(|what| what.text().collect()).collect()
}

/// Presses a button of the language switch.
async fn speak(browser: &mut Browser, page: &Page, tag: &str) -> Page {
    browser.submit(page, "languages", &[("locale", tag)]).await
}

fn language(page: &Page) -> String {
    page.html().root_element().value().attr("lang").unwrap().to_owned()
}

#[tokio::test]
async fn files_are_kept_for_ever_under_the_name_of_their_content() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let login = browser.get("/login").await;
    let (_, rest) = login.body.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let path = rest.split('"').next().unwrap().to_owned();
    let style = browser.get(&path).await;
    assert_eq!(style.status, StatusCode::OK);
    assert_eq!(style.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(style.headers.get_all("set-cookie").iter().count(), 0);
    assert!(style.body.len() < 19 * 1024);
}

#[tokio::test]
async fn inj_009_only_files_of_the_list_are_served() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    for name in ["..%2f..%2fCargo.toml", "..%5cCargo.toml", "%2fetc%2fpasswd", "haechi.css", "CON", "%00", "a%2f..%2fb"]
    {
        assert_eq!(browser.get(&format!("/static/{name}")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[test]
fn web_008_the_script_reads_nothing_that_a_stranger_can_write() {
    let script = include_str!("../../../static/haechi.mjs");
    for word in
        ["location", "innerHTML", "outerHTML", "postMessage", "'message'", "eval", "Function(", "write(", "opener"]
    {
        assert!(!script.contains(word), "{word}");
    }
}
