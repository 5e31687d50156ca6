//! SESS-012: the console opens for what began here alone. Its cookie is `SameSite=Strict`, so a browser brings none with what another site began: here such a browser is one without it.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use haechi::admin::affiliations::{self, GroupResource};
use haechi::admin::{Authority, ProvenAuthority};
use haechi::http::console_cookie;
use haechi::model::user::User;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

const OPERATOR: ProvenAuthority = Authority::operator();
const OWNER: &str = "owner@example.com";

async fn house() -> (TestApp, User) {
    let house = TestApp::new().await;
    let owner = house.administrator(OWNER).await;
    (house, owner)
}

/// The browser as it asks for what another site began.
fn from_elsewhere(browser: &Browser) -> Browser {
    let mut sent = browser.clone();
    sent.set_cookie(sent.console_cookie_name(), "");
    sent
}

async fn groups(house: &TestApp) -> usize {
    affiliations::list::<GroupResource>(&house.admin, &OPERATOR, (None, None), 9).await.unwrap().items.len()
}

/// Asks for a page as a browser does that says where the request began.
async fn asked(browser: &mut Browser, path: &str, site: &str) -> Page {
    browser.send(Method::GET, path, &[("sec-fetch-site", site)], None).await
}

#[tokio::test]
async fn sess_012_a_page_that_is_asked_for_from_elsewhere_leads_on_from_here() {
    let (house, owner) = house().await;
    let own = house.signed_in(&owner).await;
    for site in ["cross-site", "same-site", "none"] {
        let mut browser = from_elsewhere(&own);
        let page = asked(&mut browser, "/admin/people?q=owner", site).await;
        assert!(page.has("arrival") && !page.body.contains(OWNER), "{site}: {}", page.body);
        assert_eq!(page.refresh().as_deref(), Some("/admin/people?q=owner"), "{site}");
        assert_eq!(page.link("go-on"), "/admin/people?q=owner", "without waiting, too");
        // It was given the cookie, which it sends with what begins here.
        let there = asked(&mut browser, "/admin/people?q=owner", "same-origin").await;
        assert!(there.status == StatusCode::OK && there.body.contains(OWNER), "{site}: {}", there.body);
    }
    let mut silent = from_elsewhere(&own);
    let there = silent.get("/admin/people?q=owner").await;
    assert!(there.body.contains(OWNER), "by a browser that says nothing, too: {}", there.body);
}

#[tokio::test]
async fn sess_012_a_browser_that_keeps_no_such_cookie_is_led_on_once() {
    let (house, owner) = house().await;
    let own = house.signed_in(&owner).await;
    let again = asked(&mut from_elsewhere(&own), "/admin", "same-origin").await;
    assert!(again.has("arrival") && again.refresh().is_none() && again.link("go-on") == "/admin", "{}", again.body);
    let first = from_elsewhere(&own).get_once("/admin/people?q=owner").await;
    let marked = first.refresh().unwrap();
    assert_eq!(marked, "/admin/people?q=owner&led=1");
    let second = from_elsewhere(&own).get_once(&marked).await;
    assert!(second.has("arrival") && second.refresh().is_none(), "{}", second.body);
    assert_eq!(from_elsewhere(&own).get_once("/admin").await.refresh().as_deref(), Some("/admin?led=1"));
}

#[tokio::test]
async fn sess_012_no_page_and_no_form_of_the_console_goes_without() {
    let (house, owner) = house().await;
    let own = house.signed_in(&owner).await;
    let source = include_str!("../../../src/http/router.rs");
    let paths: BTreeSet<&str> = source.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let console: Vec<String> =
        paths.into_iter().filter(|path| path.starts_with("/admin")).map(|path| path.replace(['{', '}'], "")).collect();
    assert!(console.len() > 60, "{console:?}");
    for path in console {
        let page = from_elsewhere(&own).get_once(&path).await;
        assert!(page.has("arrival") || page.status == StatusCode::METHOD_NOT_ALLOWED, "{path}: {}", page.body);
        let mut browser = from_elsewhere(&own);
        let csrf = house.csrf(&browser, &path).await;
        let mut sent = browser.post_once(&path, &[("csrf", &csrf)]).await;
        if sent.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            // It takes a picture along.
            let body = format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x--\r\n");
            sent = browser.send_as(Method::POST, &path, "multipart/form-data; boundary=x", &body).await;
        }
        let refused = sent.status == StatusCode::FORBIDDEN && sent.problem() == "stale-form";
        assert!(refused || sent.status == StatusCode::METHOD_NOT_ALLOWED, "{path}: {} {}", sent.status, sent.body);
    }
}

#[tokio::test]
async fn sess_012_a_form_counts_with_the_cookie_of_its_own_session_alone() {
    let (house, owner) = house().await;
    let mut browser = house.signed_in(&owner).await;
    let form = browser.get("/admin/groups/new").await;
    let other = house.signed_in(&owner).await;
    let right = browser.cookie(browser.console_cookie_name()).unwrap().to_owned();
    let of_other = other.cookie(other.console_cookie_name()).unwrap().to_owned();
    let mut flipped = right.clone().into_bytes();
    flipped[0] = if flipped[0] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for wrong in ["", of_other.as_str(), flipped.as_str(), &right[..22], "!"] {
        let mut thief = browser.clone();
        thief.set_cookie(thief.console_cookie_name(), wrong);
        let sent = thief.submit_once(&form, "create", &[("name", "staff")]).await;
        assert_eq!((sent.status, sent.problem().as_str()), (StatusCode::FORBIDDEN, "stale-form"), "{wrong}");
    }
    assert_eq!(groups(&house).await, 0);
    browser.submit(&form, "create", &[("name", "staff")]).await;
    assert_eq!(groups(&house).await, 1);
}

/// It is given with the session on the way in, is another after a proof, and is forgotten on the way out.
#[tokio::test]
async fn sess_012_the_cookie_comes_and_goes_with_the_session() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let name = browser.console_cookie_name();
    let login = browser.get("/admin/people").await;
    assert!(browser.cookie(name).is_none());
    let inside = browser.submit(&login, "login", &[("email", OWNER), ("password", PASSWORD)]).await;
    assert!(inside.url.path() == "/admin/people" && inside.body.contains(OWNER), "{}", inside.body);
    let session = browser.visitor().session.unwrap();
    assert_eq!(browser.cookie(name), Some(console_cookie::value(&house.app, &session).as_str()));
    let logout = browser.get("/logout").await;
    browser.submit(&logout, "logout", &[]).await;
    assert!(browser.cookie(name).is_none() && !house.has_session(&browser).await);
}
