//! Whose account it is, through the front door: what cannot be captured, prepared or moved.

use axum::http::StatusCode;
use haechi::model::upstream_link::UpstreamLink;
use serde_json::json;

use super::{Abroad, is_signed_in, outcome};
use crate::support::app::PASSWORD;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::providers::{Person, named};
use crate::support::emulator::{Endpoint, Said};
use crate::support::work::Guessed;

/// Kim of Google, with another address.
fn kim(email: &'static str) -> Person {
    Person { email, ..named("google").person }
}

#[tokio::test]
async fn link_001_an_address_never_opens_an_account() {
    for (flag, trusted) in [
        (json!(false), true),
        (json!(null), true),
        (json!("true"), true),
        (json!(1), true),
        (json!(true), false),
        (json!(true), true),
    ] {
        for preset in ["oidc", "google", "entra-any"] {
            let abroad = Abroad::new().await;
            abroad.connect(preset, preset, |connection| connection.trust_email = trusted).await;
            let alice = abroad.app.user("alice@gmail.com").await;
            let said = if preset == "oidc" { Said::Answer(0) } else { Said::IdToken };
            abroad.emulator.say(said, json!({ "email": "alice@gmail.com", "email_verified": flag, "xms_edov": flag }));
            let mut browser = abroad.app.browser();
            let page = abroad.go(&mut browser, preset).await;
            assert!(!is_signed_in(&browser), "{preset} {flag}: {}", page.body);
            assert!(abroad.links(&alice).await.is_empty(), "{preset} {flag}");
            assert_eq!(abroad.accounts().await, 1, "{preset} {flag}");
        }
    }
}

#[tokio::test]
async fn the_owner_of_the_address_proves_it_and_has_both_ways_from_then_on() {
    let abroad = Abroad::to("google").await;
    abroad.emulator.seat("google", kim("alice@gmail.com"));
    let alice = abroad.app.user("alice@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    let wrong = browser.submit(&page, "confirm", &[("password", "not the password")]).await;
    assert!(!is_signed_in(&browser) && abroad.links(&alice).await.is_empty());
    browser.submit(&wrong, "confirm", &[("password", PASSWORD)]).await;
    assert!(is_signed_in(&browser));
    assert_eq!(abroad.links(&alice).await.len(), 1);
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    assert!(is_signed_in(&browser));
    assert_eq!(abroad.accounts().await, 1);
}

#[tokio::test]
async fn the_password_of_the_owner_is_worked_for_after_wrong_ones() {
    let abroad = Abroad::with(|config| config.throttling.guesses_before_work = 2).await;
    abroad.connect("google", "google", |_| ()).await;
    abroad.emulator.seat("google", kim("alice@gmail.com"));
    let alice = abroad.app.user("alice@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    let guessed = Guessed { form: "confirm", field: "password", besides: &[] };
    guessed.at(&mut browser, page, ("not the password", 2), PASSWORD).await;
    assert!(is_signed_in(&browser));
    assert_eq!(abroad.links(&alice).await.len(), 1);
}

#[tokio::test]
async fn link_002_an_account_that_was_prepared_for_somebody_does_not_get_them() {
    let abroad = Abroad::to("google").await;
    abroad.emulator.seat("google", kim("alice@gmail.com"));
    // Mallory was here first, with Alice's address.
    let mut mallory = abroad.app.browser();
    let signup = mallory.get("/signup").await;
    let filled = [("email", "alice@gmail.com"), ("name", "Alice"), ("password", PASSWORD)];
    mallory.submit(&signup, "signup", &filled).await;
    let prepared = abroad.user("alice@gmail.com").await.unwrap();
    assert!(!prepared.email_verified);
    let mut alice = abroad.app.browser();
    abroad.go(&mut alice, "google").await;
    assert!(!is_signed_in(&alice), "Alice is in an account that Mallory can open");
    assert!(abroad.links(&prepared).await.is_empty());
}

#[tokio::test]
async fn link_016_an_address_that_changes_there_changes_nothing_here() {
    let abroad = Abroad::to("google").await;
    abroad.go(&mut abroad.app.browser(), "google").await;
    let kim_here = abroad.user("minji.kim@gmail.com").await.unwrap();
    let bob = abroad.app.user("bob@gmail.com").await;
    abroad.emulator.seat("google", kim("bob@gmail.com"));
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    assert!(is_signed_in(&browser), "the subject is the same");
    assert!(abroad.links(&bob).await.is_empty());
    assert_eq!(abroad.user("minji.kim@gmail.com").await.unwrap().id, kim_here.id);
    assert_eq!(abroad.user("bob@gmail.com").await.unwrap().id, bob.id);
}

#[tokio::test]
async fn link_008_a_connection_that_is_switched_off_lets_nobody_in() {
    let abroad = Abroad::new().await;
    let connection = abroad.connect("google", "google", |_| ()).await;
    abroad.go(&mut abroad.app.browser(), "google").await;
    let (mut under_way, mut late) = (abroad.app.browser(), abroad.app.browser());
    let url = abroad.begin(&mut under_way, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    let login = late.get("/login").await;
    let off = haechi::model::connection::Connection { enabled: false, ..connection };
    abroad.app.commit(vec![haechi::store::Change::UpdateConnection(Box::new(off))]).await;
    abroad.emulator.heard("google");
    let page = abroad.deliver(&mut under_way, &answer).await;
    assert!(!outcome(&page).is_empty() && !is_signed_in(&under_way), "{} {}", page.status, page.body);
    let page = late.get(&login.link("upstream-google")).await;
    assert!(!outcome(&page).is_empty() && !is_signed_in(&late), "{} {}", page.status, page.body);
    assert!(!abroad.emulator.heard("google").contains(&Endpoint::Token));
    assert!(!abroad.app.browser().get("/login").await.has("upstream-google"));
}

#[tokio::test]
async fn link_011_who_is_disabled_here_is_disabled_by_every_door() {
    let abroad = Abroad::to("google").await;
    abroad.go(&mut abroad.app.browser(), "google").await;
    let mut user = abroad.user("minji.kim@gmail.com").await.unwrap();
    user.status = haechi::model::user::UserStatus::Disabled;
    abroad.app.commit(vec![haechi::store::Change::UpdateUser(user)]).await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    assert!(!is_signed_in(&browser), "{} {}", page.status, page.body);
    assert_eq!(abroad.accounts().await, 1);
}

#[tokio::test]
async fn link_012_only_people_of_the_allowed_domains_come_in() {
    for (email, verified, welcome) in [
        ("kim@corp.example", true, true),
        ("KIM@CORP.EXAMPLE", true, true),
        ("kim+tag@corp.example", true, true),
        ("kim@corp.example", false, false),
        ("kim@corp.example.evil.tld", true, false),
        ("kim@evilcorp.example", true, false),
        ("evil@x.tld@corp.example", true, false),
        ("\"a@corp.example\"@evil.tld", true, false),
        ("kim@corp.example.", true, false),
        ("kim@c\u{43e}rp.example", true, false),
        ("kim@sub.corp.example", true, false),
    ] {
        let abroad = Abroad::new().await;
        abroad
            .connect("oidc", "oidc", |connection| {
                connection.allowed_domains = vec!["corp.example".to_owned()];
                connection.trust_email = true;
            })
            .await;
        abroad.emulator.seat("oidc", Person { email, verified, ..named("oidc").person });
        let mut browser = abroad.app.browser();
        let page = abroad.go(&mut browser, "oidc").await;
        assert_eq!(is_signed_in(&browser), welcome, "{email} {verified}: {} {}", page.status, page.body);
        assert_eq!(abroad.accounts().await, usize::from(welcome), "{email}");
    }
}

#[tokio::test]
async fn link_015_odd_claims_are_cut_or_left_out() {
    let abroad = Abroad::to("oidc").await;
    abroad.emulator.say(
        Said::Answer(0),
        json!({
            "name": format!("Kim\u{202e}<script>alert(1)</script>{}", "x".repeat(20_000)),
            "picture": "javascript:alert(1)", "locale": "<b>", "groups": vec!["g"; 1000],
        }),
    );
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "oidc").await;
    let user = abroad.user("minji@corp.example").await.unwrap();
    let name = user.profile["name"].as_str().unwrap();
    assert!(name.chars().count() <= 200 && !name.contains('\u{202e}'));
    assert!(!user.profile.contains_key("picture") && !user.profile.contains_key("groups"));
    let account = browser.get("/account").await;
    assert!(account.status == StatusCode::OK && !account.body.contains("<script>alert"));
}

#[tokio::test]
async fn link_017_no_page_shows_a_client_secret() {
    let abroad = Abroad::to("google").await;
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    for page in ["/account", "/account/security", "/login"] {
        let page = browser.get(page).await;
        assert!(!page.body.contains(super::SECRET), "{}", page.url);
        assert!(!page.body.contains("client-of-google"), "{}", page.url);
    }
}

#[tokio::test]
async fn mix_004_a_link_that_somebody_else_began_is_not_made() {
    let abroad = Abroad::to("google").await;
    let mallory = abroad.app.user("mallory@example.com").await;
    let alice = abroad.app.user("alice@example.com").await;
    let mut her_browser = abroad.app.signed_in(&alice).await;
    let mut his_browser = abroad.app.signed_in(&mallory).await;
    let links = his_browser.get("/account/security").await;
    let url = abroad.press(&mut his_browser, &links, "google").await;
    // Alice opens what Mallory sent her, and agrees.
    let answer = abroad.emulator.visit(&url).await;
    let page = abroad.deliver(&mut her_browser, &answer).await;
    assert!(!outcome(&page).is_empty(), "{} {}", page.status, page.body);
    assert!(abroad.links(&mallory).await.is_empty() && abroad.links(&alice).await.is_empty());
    // Nor does it count once Mallory has signed out and somebody else is in his browser.
    let url = abroad.press(&mut his_browser, &links, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.app.sign_in(&mut his_browser, &alice).await;
    abroad.deliver(&mut his_browser, &answer).await;
    assert!(abroad.links(&mallory).await.is_empty() && abroad.links(&alice).await.is_empty());
}

#[tokio::test]
async fn a_link_is_added_by_who_is_signed_in_and_not_taken_from_somebody_else() {
    let abroad = Abroad::to("google").await;
    let (alice, bob) = (abroad.app.user("alice@example.com").await, abroad.app.user("bob@example.com").await);
    let mut browser = abroad.app.signed_in(&alice).await;
    let links = browser.get("/account/security").await;
    let url = abroad.press(&mut browser, &links, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.deliver(&mut browser, &answer).await;
    assert_eq!(abroad.links(&alice).await.len(), 1);
    let mut browser = abroad.app.signed_in(&bob).await;
    let links = browser.get("/account/security").await;
    let url = abroad.press(&mut browser, &links, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.deliver(&mut browser, &answer).await;
    assert!(abroad.links(&bob).await.is_empty());
    assert_eq!(abroad.links(&alice).await.len(), 1);
}

/// Kim, who signed up with a provider that says when its user authenticated, and has no password, comes with GitHub and the same address.
async fn kim_with_two_providers() -> (Abroad, Browser, Page) {
    let abroad = Abroad::to("oidc").await;
    abroad.connect("github", "github", |_| ()).await;
    abroad.go(&mut abroad.app.browser(), "oidc").await;
    abroad.emulator.seat("github", Person { email: "minji@corp.example", ..named("github").person });
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "github").await;
    assert!(page.has("confirm") && !is_signed_in(&browser), "{}", page.body);
    (abroad, browser, page)
}

#[tokio::test]
async fn another_provider_proves_whose_account_it_is() {
    let (abroad, mut browser, page) = kim_with_two_providers().await;
    let kim_here = abroad.user("minji@corp.example").await.unwrap();
    let url = abroad.press(&mut browser, &page, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.deliver(&mut browser, &answer).await;
    assert!(is_signed_in(&browser));
    assert_eq!(abroad.links(&kim_here).await.len(), 2);
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "github").await;
    assert!(is_signed_in(&browser));
    assert_eq!(abroad.accounts().await, 1);
}

#[tokio::test]
async fn somebody_else_s_link_proves_nothing() {
    let (abroad, mut browser, page) = kim_with_two_providers().await;
    let kim_here = abroad.user("minji@corp.example").await.unwrap();
    let lee = Person { id: "20769150350006150715113082367", email: "lee@corp.example", ..named("oidc").person };
    abroad.emulator.seat("oidc", lee);
    abroad.go(&mut abroad.app.browser(), "oidc").await;
    let lee_here = abroad.user("lee@corp.example").await.unwrap();
    // Lee, in the browser in which the link waits; then a stranger whom nobody here knows.
    for id in ["20769150350006150715113082367", "30769150350006150715113082367"] {
        abroad.emulator.seat("oidc", Person { id, ..lee });
        let url = abroad.press(&mut browser, &page, "oidc").await;
        let answer = abroad.emulator.visit(&url).await;
        let refused = abroad.deliver(&mut browser, &answer).await;
        assert_eq!(outcome(&refused), "upstream-not-the-owner");
        assert!(!is_signed_in(&browser));
    }
    assert_eq!((abroad.links(&kim_here).await.len(), abroad.links(&lee_here).await.len()), (1, 1));
    assert_eq!(abroad.accounts().await, 2);
    // What waits is of its browser: its address opens nothing in another one.
    let elsewhere = abroad.app.browser().get(page.url.as_str()).await;
    assert_eq!(elsewhere.problem(), "flow-gone");
}

/// Asks to remove a link, as a page with a button for it would.
async fn remove(abroad: &Abroad, browser: &mut Browser, link: &UpstreamLink) {
    let csrf = abroad.app.csrf(browser, "/account/links").await;
    let connection = link.identity.connection.to_string();
    let subject = link.identity.subject.as_str();
    let fields = [("csrf", csrf.as_str()), ("connection", &connection), ("subject", subject), ("confirm", "yes")];
    let page = browser.post_once("/account/links", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

#[tokio::test]
async fn the_last_way_in_is_not_removed() {
    let (abroad, mut browser, page) = kim_with_two_providers().await;
    let kim_here = abroad.user("minji@corp.example").await.unwrap();
    let url = abroad.press(&mut browser, &page, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.deliver(&mut browser, &answer).await;
    // Somebody else's is nobody's to remove.
    let mallory = abroad.app.user("mallory@example.com").await;
    let mut his = abroad.app.signed_in(&mallory).await;
    // The one that the session came through comes last: it would end with it.
    let oidc = haechi::model::connection::Slug::parse("oidc").unwrap();
    let own = abroad.app.app.stores.connections.find_by_slug(&oidc).await.unwrap().unwrap().id;
    let mut links = abroad.links(&kim_here).await;
    links.sort_by_key(|link| link.identity.connection == own);
    remove(&abroad, &mut his, &links[0]).await;
    assert_eq!(abroad.links(&kim_here).await.len(), 2);
    assert!(browser.get("/account/security").await.body.contains("name=\"subject\""));
    remove(&abroad, &mut browser, &links[0]).await;
    assert_eq!(abroad.links(&kim_here).await, links[1..], "one of two may go");
    // The other one is all there is: no button, and no way around it.
    assert!(!browser.get("/account/security").await.body.contains("name=\"subject\""));
    remove(&abroad, &mut browser, &links[1]).await;
    assert_eq!(abroad.links(&kim_here).await.len(), 1);
}
