//! What a page weighs: none under `/admin` and `/account` is so large that it is slow on a bad line, in either language, however full its lists are.

use axum::http::{Method, StatusCode};
use haechi::admin::{Authority, users};
use haechi::model::user::Role;

use super::routes::{Object, routes};
use crate::support::app::TestApp;
use crate::support::browser::Browser;

/// The most bytes of a page, before it is compressed.
const MOST: usize = 60_000;
/// More than a page of a list holds.
const MANY: u32 = 52;
/// What is made so often, by the page that is about one of it.
const LISTED: [&str; 6] = [
    "/admin/people/{id}",
    "/admin/apps/{id}",
    "/admin/groups/{id}",
    "/admin/roles/{id}",
    "/admin/mail/{id}",
    "/admin/apis/{id}",
];

/// A house in which there is much, and its owner, who is signed in often.
async fn house() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    for room in LISTED {
        for n in 0..MANY {
            Object::of(&app, room, &format!("one-of-many-{n}")).await;
        }
    }
    let owner = app.user("owner@example.com").await;
    let owner = users::set_roles(&app.admin, &Authority::operator(), owner.id, vec![Role::Owner]).await.unwrap();
    for _ in 0..10 {
        app.signed_in(&owner).await;
    }
    let browser = app.signed_in(&owner).await;
    (app, browser)
}

#[tokio::test]
async fn no_page_of_the_console_or_of_an_account_is_heavy() {
    let (app, browser) = house().await;
    let (mut opened, mut heavy) = (0, Vec::new());
    let rooms = ["/admin", "/account"];
    let pages = routes().into_iter().filter(|(method, path)| {
        *method == Method::GET && rooms.iter().any(|room| path == room || path.starts_with(&format!("{room}/")))
    });
    for (number, (_, route)) in pages.enumerate() {
        let path = Object::of(&app, &route, &format!("page-{number}")).await.put_into(&route);
        for language in ["en", "ko"] {
            let mut browser = browser.clone();
            browser.headers.push(("accept-language", language.to_owned()));
            let page = browser.get_once(&path).await;
            // Files and streams are no pages.
            let is_page = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            if page.status != StatusCode::OK || !is_page {
                continue;
            }
            opened += 1;
            if page.body.len() > MOST {
                heavy.push(format!("{route} in {language}: {} bytes", page.body.len()));
            }
        }
    }
    assert!(opened > 120, "{opened}");
    assert!(heavy.is_empty(), "{heavy:#?}");
}
