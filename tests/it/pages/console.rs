//! The console: what administrators do with connections, and that nobody else does.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::connection::{Connection, Slug};
use haechi::model::user::{EmailAddress, Role, User};

use super::seen::read;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

/// An administrator.
async fn administrator(app: &TestApp) -> User {
    let user = app.user("administrator@example.com").await;
    users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![Role::Administrator]).await.unwrap()
}

async fn house() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let browser = app.signed_in(&administrator(&app).await).await;
    (app, browser)
}

/// Makes a connection of a preset, as the form does.
async fn make(browser: &mut Browser, preset: &str, filled: &[(&str, &str)]) -> Page {
    let page = browser.get(&format!("/admin/presets/{preset}")).await;
    let usual = [("client_id", "app.example"), ("client_secret", "canary-secret")];
    browser.submit(&page, "create", &[&usual[..], filled].concat()).await
}

async fn stored(app: &TestApp, slug: &str) -> Connection {
    app.app.stores.connections.find_by_slug(&Slug::parse(slug).unwrap()).await.unwrap().unwrap()
}

fn said(page: &Page) -> String {
    page.html().select(&"#done".try_into().unwrap()).next().map(|done| done.text().collect()).unwrap_or_default()
}

/// What is said beside a field.
fn beside(page: &Page, field: &str) -> String {
    let id = format!("#{field}-problem");
    let html = page.html();
    html.select(&id.as_str().try_into().unwrap()).next().map(|text| text.text().collect()).unwrap_or_default()
}

#[tokio::test]
async fn a_provider_is_chosen_set_up_switched_on_and_deleted() {
    let (app, mut browser) = house().await;
    let empty = browser.get("/admin/connections").await;
    assert!(!empty.has("connections") && empty.has("add"));
    assert!(browser.get("/admin/presets").await.has("preset-kakao"));
    let made = make(&mut browser, "google", &[("label", "Company")]).await;
    assert!(made.body.contains(&format!("{}/upstream/google/callback", app.issuer())));
    assert!(said(&made).contains("still switched off"), "{}", said(&made));
    let connection = stored(&app, "google").await;
    assert_eq!((connection.label.as_str(), connection.enabled, connection.trust_email), ("Company", false, true));
    let on = browser.submit(&made, "state", &[("state", "on")]).await;
    assert!(on.has("connection") && stored(&app, "google").await.enabled);

    let again = browser.submit(&on, "connection", &[("label", ""), ("claim-name", "full_name")]).await;
    assert_eq!(said(&again), "Saved.");
    assert_eq!(stored(&app, "google").await.claim_map["name"], "/full_name");
    let list = browser.get("/admin/connections").await;
    let off = browser.submit(&list, "state-google", &[("state", "off")]).await;
    assert!(off.has("connections") && !stored(&app, "google").await.enabled);

    let ask = browser.get("/admin/connections/google/delete").await;
    assert!(ask.has("lost") && stored(&app, "google").await.version > 0, "looking deletes nothing");
    let gone = browser.submit(&ask, "delete", &[]).await;
    assert!(said(&gone).contains("deleted") && !gone.has("connections"));
    let noted = app.audit(AuditKind::ConnectionDeleted).await;
    assert!(matches!(noted[0].actor, Actor::User(_)), "{noted:?}");
}

#[tokio::test]
async fn a_form_that_is_wrong_comes_back_with_what_was_typed_but_the_secret() {
    let (app, mut browser) = house().await;
    let filled = [("setting-issuer", "http://idp.example"), ("label", "Work"), ("algorithms", "")];
    let page = make(&mut browser, "oidc", &filled).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(beside(&page, "setting-issuer").contains("https://"));
    let form = page.form("create");
    assert_eq!((form.field("label"), form.field("client_id")), (Some("Work"), Some("app.example")));
    assert!(!page.body.contains("canary-secret"));
    let page = browser.submit(&page, "create", &[("algorithms", "none")]).await;
    assert!(beside(&page, "algorithms").contains("none"));
    assert!(app.app.stores.connections.all().await.unwrap().is_empty());
    // A box that is not ticked is a no.
    let usual = [("setting-issuer", "https://idp.example"), ("client_secret", "canary-secret"), ("algorithms", "")];
    let made = browser.submit(&page, "create", &usual).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(!stored(&app, "oidc").await.trust_email);
}

#[tokio::test]
async fn what_is_not_complete_is_not_switched_on_and_says_why() {
    let (app, mut browser) = house().await;
    make(&mut browser, "kakao", &[("client_secret", "")]).await;
    let list = browser.get("/admin/connections").await;
    let page = browser.submit(&list, "state-kakao", &[("state", "on")]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("problem") && !beside(&page, "client_secret").is_empty());
    assert!(!stored(&app, "kakao").await.enabled);
}

#[tokio::test]
async fn the_order_is_changed_without_a_mouse() {
    let (app, mut browser) = house().await;
    for preset in ["google", "kakao", "naver"] {
        make(&mut browser, preset, &[]).await;
    }
    let list = browser.get("/admin/connections").await;
    let moved = browser.submit(&list, "move-naver", &[("way", "up")]).await;
    let order: Vec<String> =
        app.app.stores.connections.all().await.unwrap().iter().map(|one| one.slug.to_string()).collect();
    assert_eq!(order, ["google", "naver", "kakao"]);
    let (naver, kakao) = (moved.body.find("state-naver").unwrap(), moved.body.find("state-kakao").unwrap());
    assert!(naver < kakao, "the page has the new order");
}

#[tokio::test]
async fn a_secret_is_replaced_and_the_old_one_ends_when_it_was_said() {
    let (app, mut browser) = house().await;
    make(&mut browser, "google", &[]).await;
    let page = browser.get("/admin/connections/google/secret").await;
    let empty = browser.submit(&page, "rotate", &[("grace", "1")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = browser.submit(&empty, "rotate", &[("client_secret", "second-canary"), ("grace", "1")]).await;
    assert!(said(&done).contains("new secret"), "{}", said(&done));
    let secrets = stored(&app, "google").await.secrets;
    let hour = Duration::from_hours(1);
    assert_eq!(secrets.len(), 2);
    assert_eq!((secrets[0].expires_at, secrets[1].expires_at), (None, Some(secrets[0].created_at.plus(hour))));
}

#[tokio::test]
async fn a_change_upon_a_change_of_somebody_else_is_not_made() {
    let (app, mut browser) = house().await;
    let page = make(&mut browser, "google", &[]).await;
    browser.submit(&page, "connection", &[("label", "One")]).await;
    let late = browser.submit(&page, "connection", &[("label", "Two")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(stored(&app, "google").await.label, "One");
}

#[tokio::test]
async fn an_administrator_who_proved_the_account_long_ago_confirms_it_before_anything_changes() {
    let (app, mut browser) = house().await;
    make(&mut browser, "google", &[]).await;
    let before = app.app.stores.connections.all().await.unwrap();
    app.clock.advance(Duration::from_mins(11));
    let filled = [("client_id", "x"), ("client_secret", "second-canary"), ("way", "up"), ("state", "on")];
    for (path, form) in [
        ("/admin/presets/kakao", "create"),
        ("/admin/connections/google", "connection"),
        ("/admin/connections/google", "state"),
        ("/admin/connections", "state-google"),
        ("/admin/connections", "move-google"),
        ("/admin/connections/google/secret", "rotate"),
        ("/admin/connections/google/delete", "delete"),
    ] {
        let page = browser.get(path).await;
        let asked = browser.submit(&page, form, &filled).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN, "{path} {form}");
        assert!(asked.has("step-up") && !asked.body.contains("second-canary"), "{path} {form}");
        // Guesses are counted, so not every form gets one.
        let guesses: &[&str] = if form == "create" { &["", "not this one"] } else { &[""] };
        for &typed in guesses {
            let refused = browser.clone().submit(&asked, "confirm", &[("current", typed)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form}");
            assert!(!beside(&refused, "current").is_empty(), "{path} {form}");
        }
    }
    let test = browser.get("/admin/connections/google").await.link("test");
    assert!(browser.get_once(&test).await.has("step-up"), "nor does a test begin");
    assert_eq!(app.app.stores.connections.all().await.unwrap(), before, "nothing changed");
    // Then the form does what it was filled in for.
    let page = browser.get("/admin/connections/google/secret").await;
    let cookie = browser.cookie(browser.session_cookie_name()).unwrap().to_owned();
    let asked = browser.submit(&page, "rotate", &[("client_secret", "second-canary"), ("grace", "1")]).await;
    let done = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(said(&done).contains("new secret"), "{}", done.body);
    let secrets = stored(&app, "google").await.secrets;
    assert_eq!(secrets[1].expires_at, Some(secrets[0].created_at.plus(Duration::from_hours(1))), "as it was chosen");
    assert_ne!(browser.cookie(browser.session_cookie_name()).unwrap(), cookie, "the proof is of a new cookie");
    // For a while nothing asks again.
    let ask = browser.get("/admin/connections/google/delete").await;
    assert!(said(&browser.submit(&ask, "delete", &[]).await).contains("deleted"));
}

#[tokio::test]
async fn a_form_that_waited_for_a_proof_is_carried_out_once_though_it_is_confirmed_twice_at_once() {
    let (app, mut browser) = house().await;
    for preset in ["google", "kakao", "naver"] {
        make(&mut browser, preset, &[]).await;
    }
    app.clock.advance(Duration::from_mins(11));
    let list = browser.get("/admin/connections").await;
    let asked = browser.submit(&list, "move-google", &[("way", "down")]).await;
    let (mut other, typed) = (browser.clone(), [("current", PASSWORD)]);
    let twice =
        tokio::join!(browser.submit_once(&asked, "confirm", &typed), other.submit_once(&asked, "confirm", &typed));
    let moved = |page: &Page| page.location().is_some_and(|location| location.contains("done=moved"));
    assert!(moved(&twice.0) != moved(&twice.1), "{} {}", twice.0.status, twice.1.status);
    let order = app.app.stores.connections.all().await.unwrap();
    let order: Vec<&str> = order.iter().map(|connection| connection.slug.as_str()).collect();
    assert_eq!(order, ["kakao", "google", "naver"]);
}

#[tokio::test]
async fn a_proof_lasts_as_long_as_the_configuration_says() {
    let app = TestApp::with(|config| config.sessions.proof_minutes = 2).await;
    let mut browser = app.signed_in(&administrator(&app).await).await;
    app.clock.advance(Duration::from_mins(2));
    make(&mut browser, "google", &[]).await;
    assert_eq!(app.app.stores.connections.all().await.unwrap().len(), 1);
    app.clock.advance(Duration::from_millis(1));
    assert!(make(&mut browser, "kakao", &[]).await.has("step-up"));
}

#[tokio::test]
async fn adm_001_the_console_is_for_administrators_while_they_are_that() {
    let (app, mut browser) = house().await;
    make(&mut browser, "google", &[]).await;
    let paths = ["", "/google", "/google/secret", "/google/delete"].map(|rest| format!("/admin/connections{rest}"));
    let paths = paths.into_iter().chain(["/admin/presets".to_owned(), "/admin/presets/kakao".to_owned()]);
    let mut person = app.signed_in(&app.user("kim@example.com").await).await;
    let mut anybody = app.browser();
    for path in paths {
        let refused = person.get(&path).await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::FORBIDDEN, "forbidden"), "{path}");
        assert!(!refused.body.contains("app.example"));
        assert!(anybody.get(&path).await.has("login"), "{path}");
    }
    let nowhere = browser.get("/admin/connections/nothing").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(browser.get("/account").await.has("to-console"));
    assert!(!person.get("/account").await.has("to-console"));
    // The role is asked for at every request, not at the sign-in.
    let second = app.user("second@example.com").await;
    users::set_roles(&app.app.admin, &Authority::operator(), second.id, vec![Role::Administrator]).await.unwrap();
    let open = browser.get("/admin/connections/google").await;
    let administrator = app
        .app
        .stores
        .users
        .find_by_email(&EmailAddress::parse("administrator@example.com").unwrap())
        .await
        .unwrap()
        .unwrap();
    users::set_roles(&app.app.admin, &Authority::operator(), administrator.id, Vec::new()).await.unwrap();
    let refused = browser.submit(&open, "connection", &[("label", "Mine")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(stored(&app, "google").await.label, "");
}

#[tokio::test]
async fn adm_008_no_page_shows_a_secret() {
    let (_app, mut browser) = house().await;
    let made = make(&mut browser, "google", &[]).await;
    let mut pages = vec![made];
    for rest in ["", "/google", "/google/secret", "/google/delete"] {
        pages.push(browser.get(&format!("/admin/connections{rest}")).await);
    }
    for page in pages {
        assert!(!page.body.contains("canary-secret") && !page.body.contains("sealed\""), "{}", page.body);
    }
}

#[tokio::test]
async fn adm_009_no_other_site_changes_a_connection_and_no_look_does() {
    let (app, mut browser) = house().await;
    let page = make(&mut browser, "google", &[]).await;
    let token = page.form("connection").field("csrf").unwrap().to_owned();
    for path in ["", "/state", "/move", "/secret", "/delete"] {
        let path = format!("/admin/connections/google{path}");
        // Without a token, and with another form's.
        let fields = [("state", "on"), ("way", "up"), ("client_secret", "evil")];
        let refused = browser.clone().post_once(&path, &fields).await;
        assert_eq!(refused.problem(), "stale-form", "{path}");
        let others = [&fields[..], &[("csrf", token.as_str())]].concat();
        let other = if path.ends_with("google") { "/admin/presets/google" } else { &path };
        assert_eq!(browser.clone().post_once(other, &others).await.problem(), "stale-form", "{other}");
        // Another site's is refused before it is asked whose it is.
        let elsewhere = browser.clone().post_from_elsewhere(&path, &others).await;
        assert_eq!(elsewhere.problem(), "stale-form", "{path}");
        let query = "state=on&way=up&confirm=yes&client_secret=evil&_method=POST";
        browser.clone().get(&format!("{path}?{query}")).await;
    }
    let all = app.app.stores.connections.all().await.unwrap();
    assert_eq!((all.len(), all[0].version), (1, 0), "nothing changed");
}

#[tokio::test]
async fn web_004_what_administrators_type_stays_text() {
    let (_app, mut browser) = house().await;
    make(&mut browser, "google", &[("label", "<img src=x>\"'")]).await;
    for path in ["/admin/connections", "/admin/connections/google", "/admin/connections/google/delete", "/login"] {
        assert!(!browser.get(path).await.body.contains("<img src=x"), "{path}");
    }
    let page = browser.get("/admin/connections?done=%3Cb%3E").await;
    assert_eq!(said(&page), "");
}

#[tokio::test]
async fn ssrf_016_the_form_does_not_take_a_secret_elsewhere() {
    let (app, mut browser) = house().await;
    let page = make(&mut browser, "oidc", &[("setting-issuer", "https://idp.example")]).await;
    let moved = browser.submit(&page, "connection", &[("setting-issuer", "https://sink.example")]).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!beside(&moved, "client_secret").is_empty());
    assert_eq!(stored(&app, "oidc").await.settings["issuer"], "https://idp.example");
}

#[tokio::test]
async fn the_pages_of_the_console() {
    for tag in ["en", "ko"] {
        let (app, mut browser) = house().await;
        browser.headers.push(("accept-language", tag.to_owned()));
        insta::assert_snapshot!(format!("console_empty.{tag}"), read(&browser.get("/admin/connections").await));
        insta::assert_snapshot!(format!("console_presets.{tag}"), read(&browser.get("/admin/presets").await));
        insta::assert_snapshot!(format!("console_create.{tag}"), read(&browser.get("/admin/presets/oauth2").await));
        make(&mut browser, "google", &[]).await;
        make(
            &mut browser,
            "apple",
            &[("client_secret", ""), ("setting-team_id", "A1B2C3D4E5"), ("setting-key_id", "F6G7H8J9K0")],
        )
        .await;
        insta::assert_snapshot!(format!("console_list.{tag}"), read(&browser.get("/admin/connections").await));
        insta::assert_snapshot!(format!("console_edit.{tag}"), read(&browser.get("/admin/connections/apple").await));
        app.clock.advance(Duration::from_mins(16));
        insta::assert_snapshot!(
            format!("console_secret.{tag}"),
            read(&browser.get("/admin/connections/google/secret").await)
        );
        insta::assert_snapshot!(
            format!("console_delete.{tag}"),
            read(&browser.get("/admin/connections/google/delete").await)
        );
    }
}
