//! Sessions, cookies and signing out.

use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haechi::admin::{Authority, users};
use haechi::store::RecordKind;
use haechi::support::Clock;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::Browser;

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get(&Ask::of("app").with("prompt", "none").url()).await.answer().contains_key("code")
}

async fn house() -> (TestApp, haechi::model::User) {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let alice = app.user("alice@example.com").await;
    (app, alice)
}

#[tokio::test]
async fn sess_001_the_session_cookie_changes_at_sign_in() {
    let (app, alice) = house().await;
    let mut browser = app.signed_in(&app.user("mallory@example.com").await).await;
    let planted = browser.cookie(browser.session_cookie_name()).unwrap().to_owned();
    app.sign_in(&mut browser, &alice).await;
    assert_ne!(browser.cookie(browser.session_cookie_name()).unwrap(), planted);
    let mut thief = app.browser();
    thief.ensure_cookie().await;
    thief.set_cookie(thief.session_cookie_name(), &planted);
    assert!(!is_signed_in(&mut thief).await);
}

#[tokio::test]
async fn sess_002_a_planted_login_belongs_to_the_browser_that_began_it() {
    let (app, _) = house().await;
    let mut mallory = app.browser();
    let planted = mallory.get(&Ask::of("app").url()).await;
    let mut alice = app.browser();
    alice.ensure_cookie().await;
    let page = alice.get(planted.url.as_str()).await;
    assert_eq!((page.status, page.problem().as_str()), (StatusCode::BAD_REQUEST, "other-browser"));
    // Even with a form of her own and Mallory's flow in it.
    let own = alice.get(&Ask::of("app").url()).await;
    let flow = planted.form("login").field("flow").unwrap().to_owned();
    let filled = [("flow", flow.as_str()), ("email", "alice@example.com"), ("password", PASSWORD)];
    assert_eq!(alice.submit(&own, "login", &filled).await.problem(), "other-browser");
    let resumed = mallory.get(&format!("/continue?flow={flow}")).await;
    assert!(resumed.has("login"), "Mallory is as far as before");
}

#[tokio::test]
async fn sess_003_no_cookie_but_ours_is_a_session() {
    let (app, alice) = house().await;
    let browser = app.signed_in(&alice).await;
    let good = browser.cookie(browser.session_cookie_name()).unwrap().to_owned();
    let bytes = URL_SAFE_NO_PAD.decode(&good).unwrap();
    assert_eq!(bytes.len(), 32);
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    let sign_in = app.app.flow.sessions.of_user(alice.id).await.unwrap().remove(0).id.to_string();
    for forged in [
        "",
        "{}",
        "{\"id\":1}",
        &sign_in,
        &alice.id.to_string(),
        &URL_SAFE_NO_PAD.encode(&flipped),
        &URL_SAFE_NO_PAD.encode(&bytes[..31]),
        &format!("{good}="),
        &good.to_lowercase(),
    ] {
        let mut browser = browser.clone();
        browser.set_cookie(browser.session_cookie_name(), forged);
        assert!(!is_signed_in(&mut browser).await, "{forged}");
    }
    let mut browser = browser;
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn sess_003_the_store_sees_neither_the_cookie_nor_who_it_is() {
    let (app, alice) = house().await;
    let browser = app.signed_in(&alice).await;
    let secret = browser.visitor().session.unwrap();
    let now = app.clock.now();
    let record = app.app.stores.records.get(RecordKind::Session, secret.digest(), now).await.unwrap().unwrap();
    let finds = |needle: &[u8]| record.value.windows(needle.len()).any(|window| window == needle);
    assert!(!finds(secret.bytes()) && !finds(alice.id.to_string().as_bytes()) && !finds(b"sign_ins"));
}

#[tokio::test]
async fn inj_006_a_record_that_was_changed_or_moved_is_none() {
    let (app, alice) = house().await;
    let browser = app.signed_in(&alice).await;
    let secret = browser.visitor().session.unwrap();
    let now = app.clock.now();
    let record = app.app.stores.records.get(RecordKind::Session, secret.digest(), now).await.unwrap().unwrap();
    let mut moved = record.clone();
    let other = haechi::sessions::SessionSecret::draw(app.app.random.as_ref());
    moved.key = other.digest();
    app.app.stores.records.put(RecordKind::Session, moved, now).await.unwrap();
    assert!(app.app.flow.sessions.load(Some(&other)).await.unwrap().sign_ins.is_empty());
    for at in [0, record.value.len() / 2, record.value.len() - 1] {
        let mut changed = record.clone();
        changed.value[at] ^= 1;
        app.app.stores.records.put(RecordKind::Session, changed, now).await.unwrap();
        assert!(app.app.flow.sessions.load(Some(&secret)).await.unwrap().sign_ins.is_empty(), "byte {at}");
    }
    let mut another_version = record.clone();
    another_version.value.insert(0, 0xff);
    app.app.stores.records.put(RecordKind::Session, another_version, now).await.unwrap();
    assert!(app.app.flow.sessions.load(Some(&secret)).await.unwrap().sign_ins.is_empty());
    // The record as it was is good again: it was the changes that were refused.
    app.app.stores.records.put(RecordKind::Session, record, now).await.unwrap();
    assert_eq!(app.app.flow.sessions.load(Some(&secret)).await.unwrap().sign_ins.len(), 1);
}

#[tokio::test]
async fn sess_005_after_signing_out_the_old_cookie_is_dead_on_every_node() {
    let (app, alice) = house().await;
    let mut browser = app.signed_in(&alice).await;
    let mut thief = browser.clone();
    assert!(is_signed_in(&mut thief).await);
    let page = browser.get("/logout").await;
    let done = browser.submit_once(&page, "logout", &[]).await;
    assert_eq!(done.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert!(browser.cookie(browser.session_cookie_name()).is_none());
    assert!(!is_signed_in(&mut browser).await);
    assert!(!is_signed_in(&mut thief).await);
    let second = app.second_node().await;
    let mut elsewhere = second.browser();
    for name in [thief.browser_cookie_name(), thief.session_cookie_name()] {
        elsewhere.set_cookie(name, thief.cookie(name).unwrap());
    }
    assert!(!is_signed_in(&mut elsewhere).await);
    assert!(thief.get("/account").await.has("login"), "the back button leads to the login page");
}

#[tokio::test]
async fn sess_005_signing_out_ends_what_was_granted_in_the_sign_in() {
    let (app, alice) = house().await;
    let mut browser = app.signed_in(&alice).await;
    let answer = browser.get(&Ask::of("app").url()).await.answer();
    let session_bound = app.redeem("app", &answer["code"]).await["refresh_token"].as_str().map(str::to_owned);
    let answer = browser.get(&Ask::of("app").with("scope", "openid offline_access").url()).await.answer();
    let offline = app.redeem("app", &answer["code"]).await["refresh_token"].as_str().unwrap().to_owned();
    let page = browser.get("/logout").await;
    browser.submit(&page, "logout", &[]).await;
    let refresh = async |token: &str| {
        let fields = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", token)];
        app.browser().post_once("/token", &fields).await.status
    };
    if let Some(token) = session_bound {
        assert_eq!(refresh(&token).await, StatusCode::BAD_REQUEST);
    }
    assert_eq!(refresh(&offline).await, StatusCode::OK);
}

#[tokio::test]
async fn sess_007_another_site_cannot_sign_somebody_out() {
    let (app, alice) = house().await;
    app.first_party("other").await;
    let mut browser = app.signed_in(&alice).await;
    let mallory = app.user("mallory@example.com").await;
    let (foreign, _) = app.id_token_in(&mut app.signed_in(&mallory).await, "app").await;
    let (mut own, _) = app.id_token_in(&mut browser, "app").await;
    own.pop();
    let access_token = {
        let answer = browser.get(&Ask::of("app").url()).await.answer();
        app.redeem("app", &answer["code"]).await["access_token"].as_str().unwrap().to_owned()
    };
    for query in [
        String::new(),
        format!("?id_token_hint={foreign}"),
        format!("?id_token_hint={own}"),
        format!("?id_token_hint={access_token}"),
        "?client_id=app".to_owned(),
    ] {
        let page = browser.get(&format!("/logout{query}")).await;
        assert!(page.has("logout"), "asked, not signed out: {query}");
        assert!(is_signed_in(&mut browser).await);
    }
    let forged = browser.post_once("/logout", &[("csrf", "AAAA"), ("confirm", "yes")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let token = browser.get("/logout").await.form("logout").field("csrf").unwrap().to_owned();
    let elsewhere = browser.post_from_elsewhere("/logout", &[("csrf", &token), ("confirm", "yes")]).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn sess_010_a_disabled_account_has_no_session() {
    let (app, alice) = house().await;
    let mut browsers = Vec::new();
    for _ in 0..5 {
        browsers.push(app.signed_in(&alice).await);
    }
    let second = app.second_node().await;
    app.clock.advance(Duration::from_secs(1));
    users::set_enabled(&app.app.admin, &Authority::operator(), alice.id, false).await.unwrap();
    for browser in &mut browsers {
        assert!(!is_signed_in(browser).await);
        let mut elsewhere = second.browser();
        for name in [browser.browser_cookie_name(), browser.session_cookie_name()] {
            elsewhere.set_cookie(name, browser.cookie(name).unwrap());
        }
        assert!(!is_signed_in(&mut elsewhere).await);
        assert!(browser.get("/account").await.has("login"));
    }
    // Nor does it come back with the account.
    users::set_enabled(&app.app.admin, &Authority::operator(), alice.id, true).await.unwrap();
    assert!(!is_signed_in(&mut browsers[0]).await);
}

#[tokio::test]
async fn sess_011_a_session_that_a_failover_brings_back_stays_ended() {
    let (app, alice) = house().await;
    let mut browser = app.signed_in(&alice).await;
    let secret = browser.visitor().session.unwrap();
    let kept =
        app.app.stores.records.get(RecordKind::Session, secret.digest(), app.clock.now()).await.unwrap().unwrap();
    let mut thief = browser.clone();
    let page = browser.get("/logout").await;
    browser.submit(&page, "logout", &[]).await;
    app.app.stores.records.put(RecordKind::Session, kept, app.clock.now()).await.unwrap();
    assert!(!is_signed_in(&mut thief).await);
}

#[tokio::test]
async fn sess_011_revoking_all_sessions_holds_against_old_records_too() {
    let (app, alice) = house().await;
    let mut browser = app.signed_in(&alice).await;
    app.clock.advance(Duration::from_secs(5));
    let alice = users::revoke_sessions(&app.app.admin, &Authority::operator(), alice.id).await.unwrap();
    assert!(!is_signed_in(&mut browser).await);
    app.sign_in(&mut browser, &alice).await;
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn sess_012_every_cookie_is_bound_to_the_host() {
    let (app, _) = house().await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let mut seen = login.headers.get_all("set-cookie").iter().cloned().collect::<Vec<_>>();
    let first = app.browser().get_once(&Ask::of("app").url()).await;
    seen.extend(first.headers.get_all("set-cookie").iter().cloned());
    let filled = [("email", "alice@example.com"), ("password", PASSWORD)];
    let answer = browser.submit_once(&login, "login", &filled).await;
    seen.extend(answer.headers.get_all("set-cookie").iter().cloned());
    let page = browser.get("/logout").await;
    let done = browser.submit_once(&page, "logout", &[]).await;
    seen.extend(done.headers.get_all("set-cookie").iter().cloned());
    assert!(seen.len() >= 3);
    for line in seen {
        let line = line.to_str().unwrap();
        assert!(line.starts_with("__Host-haechi-"), "{line}");
        let attributes: Vec<&str> = line.split("; ").skip(1).collect();
        let site = if line.starts_with("__Host-haechi-console=") { "SameSite=Strict" } else { "SameSite=Lax" };
        for wanted in ["Path=/", "HttpOnly", site, "Secure"] {
            assert!(attributes.contains(&wanted), "{line}");
        }
        assert!(!line.to_lowercase().contains("domain=") && line.len() < 4096);
    }
}

/// RFC 6265 section 5.2 has browsers keep octets, and a neighbour on the same domain may set any; RFC 9113 section 8.2.3 lets them come on
/// lines of their own.
#[tokio::test]
async fn sess_012_a_cookie_of_a_neighbour_signs_nobody_out_and_blocks_no_login() {
    let (app, user) = house().await;
    for neighbour in ["name=홍길동", "=", "a=\u{80}; ;b", "haechi-session=x"] {
        // On the same line as ours.
        let mut browser = app.signed_in(&user).await;
        let (name, value) = neighbour.split_once('=').unwrap();
        browser.set_cookie(name, value);
        assert!(is_signed_in(&mut browser).await, "{neighbour}");
        // On lines before ours, and through a login with its form.
        let mut browser = app.browser();
        browser.headers.push(("cookie", neighbour.to_owned()));
        browser.headers.push(("cookie", "z=é".to_owned()));
        let page = browser.get("/login").await;
        browser.submit(&page, "login", &[("email", user.email.as_str()), ("password", PASSWORD)]).await;
        assert!(is_signed_in(&mut browser).await, "{neighbour} on lines of its own");
        // The page of a problem is in the language that was chosen.
        browser.set_cookie("__Host-haechi-locale", "ko");
        assert!(browser.get("/nothing-here").await.body.contains("lang=\"ko\""), "{neighbour}");
    }
}

#[tokio::test]
async fn sess_013_a_session_ends_when_it_is_not_used_and_ends_anyhow() {
    let (app, alice) = house().await;
    let mut idle = app.signed_in(&alice).await;
    let mut busy = app.signed_in(&alice).await;
    for _ in 0..4 {
        app.clock.advance(Duration::from_hours(24 * 6));
        assert!(is_signed_in(&mut busy).await);
    }
    assert!(!is_signed_in(&mut idle).await);
    app.clock.advance(Duration::from_hours(24 * 6 + 1));
    assert!(!is_signed_in(&mut busy).await);
}

#[tokio::test]
async fn five_accounts_fit_a_browser_and_the_one_unused_for_longest_makes_room() {
    let (app, alice) = house().await;
    let mut browser = app.signed_in(&alice).await;
    for n in 0..5 {
        app.clock.advance(Duration::from_secs(1));
        app.sign_in(&mut browser, &app.user(&format!("user{n}@example.com")).await).await;
    }
    let session = app.app.flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
    assert_eq!(session.sign_ins.len(), 5);
    assert!(session.of_user(alice.id).is_none());
}
