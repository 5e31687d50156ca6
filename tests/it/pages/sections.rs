//! The sections of an account: where they are, what each is for, and where a change leads back to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::users;
use haechi::admin::{Authority, ProvenAuthority};
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::outgoing::SystemLookup;
use haechi::store::Change;
use serde_json::json;

use super::language;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::between::{Before, Between};
use crate::support::browser::{Browser, Page};

const OPERATOR: ProvenAuthority = Authority::operator();
const SECTIONS: &[&str] = &["", "/profile", "/security", "/sessions", "/apps", "/preferences", "/data"];

async fn section(browser: &mut Browser, name: &str) -> Page {
    let page = browser.get(&format!("/account{name}")).await;
    assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.body);
    page
}

/// The values of an attribute, in the order of the page.
fn values(page: &Page, selector: &str, attribute: &str) -> Vec<String> {
    let (html, selector) = (page.html(), selector.try_into().unwrap());
    html.select(&selector).filter_map(|one: scraper::ElementRef<'_>| one.attr(attribute).map(str::to_owned)).collect()
}

#[tokio::test]
async fn every_section_leads_to_all_of_them_and_says_where_one_is_with_and_without_a_fold() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let all: Vec<String> = SECTIONS.iter().map(|name| format!("/account{name}")).collect();
    for name in SECTIONS {
        let page = section(&mut browser, name).await;
        for nav in [".sections.always", ".folded .sections"] {
            assert_eq!(values(&page, &format!("{nav} a"), "href"), all, "{name}");
            let here = values(&page, &format!("{nav} a[aria-current=page]"), "href");
            assert_eq!(here, [format!("/account{name}")], "{name}");
        }
    }
    assert_eq!(
        values(&section(&mut browser, "").await, ".places a", "href"),
        all[1..],
        "the overview says what is where"
    );
}

#[tokio::test]
async fn no_section_repeats_the_form_of_another_one() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for name in SECTIONS.iter().chain(&["/delete"]) {
        for action in values(&section(&mut browser, name).await, "main form", "action") {
            owners.entry(action).or_default().insert(name);
        }
    }
    assert!(owners.len() >= 7 && owners.values().all(|sections| sections.len() == 1), "{owners:?}");
}

#[tokio::test]
async fn a_change_leads_back_to_the_section_that_was_changed_and_no_other_one_says_so() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let user = app.user("kim@example.com").await;
    app.consented(&user, "app", "openid email").await;
    let mut browser = app.signed_in(&user).await;
    for (name, form, filled) in [
        ("/preferences", "account-language", &[("locale", "en")][..]),
        ("/profile", "account-profile", &[("nickname", "해치")]),
        ("/apps", "app-app", &[("client", "app")]),
        ("/security", "account-password", &[("current", PASSWORD), ("password", "quiet bridge over tall water")]),
    ] {
        let page = section(&mut browser, name).await;
        assert!(!page.has("saved"), "{name}");
        let done = browser.submit(&page, form, filled).await;
        assert_eq!((done.status, done.url.path()), (StatusCode::OK, format!("/account{name}").as_str()));
        assert!(done.has("saved"), "{name}: {}", done.body);
        let elsewhere = browser.get(&format!("/account/data?{}", done.url.query().unwrap())).await;
        assert!(!elsewhere.has("saved"), "{name}");
    }
}

#[tokio::test]
async fn a_first_party_app_is_listed_while_it_has_access_and_loses_it_at_once() {
    let app = TestApp::new().await;
    app.first_party("own").await;
    app.client("third", |client| "Third".clone_into(&mut client.presentation.name)).await;
    let user = app.user("kim@example.com").await;
    app.consented(&user, "third", "openid email").await;
    let mut browser = app.signed_in(&user).await;
    let before = section(&mut browser, "/apps").await;
    assert!(!before.has("app-own") && before.has("app-third"), "{}", before.body);
    // Without offline access too: what it has now is access.
    let code = browser.get(&Ask::of("own").with("scope", "openid email").url()).await.answer()["code"].clone();
    let tokens = app.redeem("own", &code).await;
    let userinfo =
        async || app.get("/userinfo").bearer(tokens["access_token"].as_str().unwrap()).send().await.status.as_u16();
    assert_eq!(userinfo().await, 200);
    let listed = section(&mut browser, "/apps").await;
    assert!(listed.has("app-own") && listed.body.contains("our own"), "{}", listed.body);
    let withdrawn = browser.submit(&listed, "app-own", &[("client", "own")]).await;
    assert!(withdrawn.has("saved") && !withdrawn.has("app-own") && withdrawn.has("app-third"), "{}", withdrawn.body);
    assert_eq!(userinfo().await, 401);
}

#[tokio::test]
async fn signing_out_elsewhere_ends_every_other_sign_in_and_what_apps_have_and_this_browser_goes_on() {
    let app = TestApp::new().await;
    app.first_party("own").await;
    let user = app.user("kim@example.com").await;
    let (mut here, mut there) = (app.signed_in(&user).await, app.signed_in(&user).await);
    let offline = Ask::of("own").with("scope", "openid offline_access");
    let code = there.get(&offline.url()).await.answer()["code"].clone();
    let refresh = app.redeem("own", &code).await["refresh_token"].as_str().unwrap().to_owned();
    let page = section(&mut here, "/sessions").await;
    assert!(page.has("elsewhere") && page.has("everywhere"));
    let copy = here.clone();
    let done = here.submit(&page, "end-sessions", &[("session", "others")]).await;
    assert!(done.has("saved") && done.url.path() == "/account/sessions", "{} {}", done.url, done.body);
    // There is nothing else to end any more.
    assert!(!done.has("elsewhere"), "{}", done.body);
    assert!(there.get("/account").await.has("login"));
    // Nor is a copy of the old cookie worth anything.
    assert!(copy.clone().get("/account").await.has("login"));
    let fields = [("grant_type", "refresh_token"), ("client_id", "own"), ("refresh_token", refresh.as_str())];
    assert_eq!(app.post("/token").form(&fields).send().await.error(400), "invalid_grant");
    assert_eq!(app.audit(AuditKind::SessionsRevoked).await.len(), 1);
}

/// Of two browsers that sign each other out at once, the one that comes second is out itself: it ends nothing, and does not come back.
#[tokio::test]
async fn race_a_browser_that_was_signed_out_meanwhile_signs_nobody_out_and_stays_out() {
    let app = TestApp::new().await;
    let user = app.user("kim@example.com").await;
    let between = Between::default();
    let node = app.node_with(&between, std::sync::Arc::new(SystemLookup)).await;
    let (mut thief, mut owner) = (node.signed_in(&user).await, app.signed_in(&user).await);
    let (thiefs, owners) = (section(&mut thief, "/sessions").await, section(&mut owner, "/sessions").await);
    let (sent, kept) = tokio::sync::oneshot::channel();
    between.put(Before::Commit(|change| matches!(change, Change::EditUser(_))), async move {
        let done = owner.submit(&owners, "end-sessions", &[("session", "others")]).await;
        assert!(done.has("saved"), "{}", done.body);
        sent.send(owner).ok().unwrap();
    });
    let late = thief.submit(&thiefs, "end-sessions", &[("session", "others")]).await;
    assert!(between.came());
    assert!(late.has("login"), "{} {}", late.url, late.body);
    let mut owner = kept.await.unwrap();
    assert_eq!(owner.get("/account").await.url.path(), "/account");
    assert!(thief.get("/account").await.has("login"));
}

#[tokio::test]
async fn the_overview_says_what_could_lock_somebody_out() {
    let app = TestApp::new().await;
    let kim = app.user("kim@example.com").await;
    let mut browser = app.signed_in(&kim).await;
    let page = section(&mut browser, "").await;
    assert!(!page.has("attention-heading") && page.body.contains("Signed in on one browser"), "{}", page.body);
    users::set_roles(&app.admin, &OPERATOR, kim.id, vec![Role::Owner]).await.unwrap();
    assert!(section(&mut browser, "").await.has("only-administrator"));
    let lee = app.user("lee@example.com").await;
    users::set_roles(&app.admin, &OPERATOR, lee.id, vec![Role::Administrator]).await.unwrap();
    assert!(section(&mut browser, "").await.has("only-owner"));
    users::set_roles(&app.admin, &OPERATOR, lee.id, vec![Role::Owner]).await.unwrap();
    assert!(!section(&mut browser, "").await.has("attention-heading"));
}

#[tokio::test]
async fn who_is_signed_in_is_told_so_before_signing_up() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get("/signup").await;
    assert!(page.has("signed-in") && !page.has("signup") && page.body.contains("kim@example.com"), "{}", page.body);
    assert_eq!(page.link("go-on"), "/account");
    let form = browser.get(&page.link("another")).await;
    assert!(form.has("signup"), "{}", form.body);
    // The language is switched where one is, with a mistake too.
    let wrong = browser.submit(&form, "signup", &[("email", "nowhere")]).await;
    assert!(super::speak(&mut browser, &wrong, "ko").await.has("signup"));
    let typed = [("email", "lee@example.com"), ("password", PASSWORD)];
    let account = browser.submit(&form, "signup", &typed).await;
    assert!(account.url.path() == "/account" && account.body.contains("lee@example.com"), "{}", account.body);
    assert!(app.browser().get("/signup").await.has("signup"), "nobody is signed in");
}

/// OpenID Connect Core 1.0 section 3.1.2.1: `ui_locales` is what the app knows of the end-user's preferences; the end-user knows better.
#[tokio::test]
async fn a_language_that_was_chosen_goes_before_what_any_app_asks_for_from_then_on() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let korean = Ask::of("app").with("ui_locales", "ko");
    let consent = browser.get(&korean.url()).await;
    assert_eq!(language(&consent), "ko", "nobody chose yet");
    let consent = super::speak(&mut browser, &consent, "en").await;
    assert!(consent.has("consent") && language(&consent) == "en");
    let again = browser.get(&korean.clone().with("state", "again").url()).await;
    assert!(again.has("consent") && language(&again) == "en");
    // In the account it is chosen just so.
    let page = section(&mut browser, "/preferences").await;
    browser.submit(&page, "account-language", &[("locale", "ko")]).await;
    assert_eq!(language(&browser.get(&Ask::of("app").with("ui_locales", "en").url()).await), "ko");
}

/// Nor is it another language in which somebody is asked who they are before they add a factor on the way to an app.
#[tokio::test]
async fn a_proof_that_an_apps_request_takes_is_asked_for_in_the_language_that_the_app_asked_for() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    app.clock.advance(Duration::from_mins(11));
    let demand = json!({ "id_token": { "acr": { "essential": true, "value": "urn:haechi:acr:2fa" } } });
    let ask = Ask::of("app").with("claims", &demand.to_string()).with("ui_locales", "ko");
    let asked = browser.get(&ask.url()).await;
    assert!(asked.has("step-up") && language(&asked) == "ko", "{}", asked.body);
    let wrong = browser.submit(&asked, "confirm", &[("current", "no password of Kim")]).await;
    assert!(wrong.has("step-up") && language(&wrong) == "ko", "{}", wrong.body);
    assert!(wrong.body.contains("현재 비밀번호가 맞지 않아요"), "what was wrong is said in it, too: {}", wrong.body);
    let chosen = super::speak(&mut browser, &wrong, "en").await;
    assert!(chosen.has("step-up") && language(&chosen) == "en", "{}", chosen.body);
    let added = browser.submit(&chosen, "confirm", &[("current", PASSWORD)]).await;
    assert!(added.has("second-step-add") && language(&added) == "en", "{}", added.body);
}

#[tokio::test]
async fn a_time_zone_is_one_that_there_is_and_what_was_meant_is_said() {
    let app = TestApp::new().await;
    let mut user = app.user("kim@example.com").await;
    // From before the rule.
    user.profile.insert("zoneinfo".to_owned(), "Seoul".into());
    app.commit(vec![Change::UpdateUser(user.clone())]).await;
    let mut browser = app.signed_in(&user).await;
    let page = section(&mut browser, "/profile").await;
    assert!(
        browser.submit(&page, "account-profile", &[("nickname", "해치")]).await.has("saved"),
        "what stays is no new claim"
    );
    for (typed, meant) in [("Busan", None), ("seoul ", Some("Asia/Seoul")), ("Asia/Tokio", Some("Asia/Tokyo"))] {
        let refused = browser.submit(&page, "account-profile", &[("zoneinfo", typed)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        let said = refused.text("zoneinfo-problem");
        assert!(said.contains(meant.unwrap_or("Please enter a time zone such as Asia/Seoul.")), "{typed}: {said}");
    }
    assert!(browser.submit(&page, "account-profile", &[("zoneinfo", "asia/seoul")]).await.has("saved"));
    let stored = app.accounts.find(user.id).await.unwrap().unwrap();
    assert_eq!(stored.profile["zoneinfo"], "Asia/Seoul", "as the database writes it");
}

/// A page that asks for a proof leads back to the section whose form waits.
#[tokio::test]
async fn who_does_not_go_through_with_a_form_is_led_back_to_its_section() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = section(&mut browser, "/data").await;
    app.clock.advance(Duration::from_mins(11));
    let asked = browser.submit(&page, "account-download", &[]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    assert_eq!(asked.link("cancel"), "/account/data");
}
