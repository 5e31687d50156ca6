//! What ends with a connection or a link, and what goes on.

use haechi::admin::connections::{self, CameThrough};
use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::model::User;
use haechi::model::connection::Slug;
use haechi::model::user::Role;
use haechi::store::Change;

use super::{Abroad, is_signed_in, outcome};
use crate::support::app::PASSWORD;
use crate::support::ask::Ask;
use crate::support::between::{Before, Between};
use crate::support::binary::Haechi;
use crate::support::browser::Browser;
use crate::support::emulator::providers::{Person, named};

const OPERATOR: ProvenAuthority = Authority::operator();

fn google() -> Slug {
    Slug::parse("google").unwrap()
}

async fn switch(abroad: &Abroad, enabled: bool, came_through: CameThrough) {
    connections::set_enabled(&abroad.app.admin, &OPERATOR, &google(), enabled, came_through).await.unwrap();
}

/// Whether a browser's session still counts.
async fn is_in(browser: &Browser) -> bool {
    browser.clone().get_once("/account").await.status == 200
}

/// A browser that signed in through the provider.
async fn through(abroad: &Abroad) -> Browser {
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    assert!(is_in(&browser).await);
    browser
}

/// The refresh token of an app that a browser signs in to.
async fn offline(abroad: &Abroad, browser: &mut Browser) -> String {
    let answer = browser.get(&Ask::of("app").with("scope", "openid offline_access").url()).await.answer();
    abroad.app.redeem("app", &answer["code"]).await["refresh_token"].as_str().unwrap().to_owned()
}

/// The next refresh token, where there is one.
async fn refreshed(abroad: &Abroad, token: &str) -> Option<String> {
    let fields = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", token)];
    let page = abroad.app.browser().post_once("/token", &fields).await;
    let answer: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    answer["refresh_token"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn what_came_through_a_connection_ends_with_it_unless_it_is_kept() {
    for (came_through, delete) in [
        (CameThrough::Ends, false),
        (CameThrough::Ends, true),
        (CameThrough::GoesOn, false),
        (CameThrough::GoesOn, true),
    ] {
        let abroad = Abroad::to("google").await;
        abroad.app.first_party("app").await;
        let mut there = through(&abroad).await;
        let token = offline(&abroad, &mut there).await;
        let user = abroad.user("minji.kim@gmail.com").await.unwrap();
        let here = abroad.app.signed_in(&user).await;
        if delete {
            connections::delete(&abroad.app.admin, &OPERATOR, &google(), came_through).await.unwrap();
        } else {
            switch(&abroad, false, came_through).await;
        }
        // The links of a deleted one go, and what goes on does so without them.
        abroad.app.stores.housekeeping.purge(abroad.app.app.clock.now()).await.unwrap();
        let goes_on = came_through == CameThrough::GoesOn;
        assert_eq!(is_in(&there).await, goes_on, "{came_through:?}, deleted: {delete}");
        let next = refreshed(&abroad, &token).await;
        assert_eq!(next.is_some(), goes_on, "{came_through:?}, deleted: {delete}");
        assert!(is_in(&here).await, "the password signed them in");
        if !delete {
            switch(&abroad, true, CameThrough::Ends).await;
            assert_eq!(is_in(&there).await, goes_on, "what ended does not come back");
            assert_eq!(refreshed(&abroad, &next.unwrap_or(token)).await.is_some(), goes_on);
            through(&abroad).await;
            assert_eq!(abroad.accounts().await, 1, "the link leads to the same account");
        }
    }
}

#[tokio::test]
async fn a_command_ends_what_came_through_a_connection_unless_it_says_keep_sessions() {
    for command in [&["connections", "disable", "google"][..], &["connections", "delete", "google", "--yes"]] {
        for keep in [false, true] {
            let abroad = Abroad::to("google").await;
            abroad.app.first_party("app").await;
            let mut there = through(&abroad).await;
            let token = offline(&abroad, &mut there).await;
            let flag: &[&str] = if keep { &["--keep-sessions"] } else { &[] };
            Haechi::beside(&abroad.app.config).out(&[command, flag].concat());
            assert!(!abroad.app.browser().get("/login").await.has("upstream-google"), "it is still offered");
            assert_eq!(is_in(&there).await, keep, "{command:?} {flag:?}");
            assert_eq!(refreshed(&abroad, &token).await.is_some(), keep, "{command:?} {flag:?}");
        }
    }
}

#[tokio::test]
async fn the_console_ends_what_came_through_a_connection_unless_the_box_is_ticked() {
    let (switch, delete) = ("/admin/connections/google", "/admin/connections/google/delete");
    for (path, form, pressed) in [(switch, "state", &[("state", "off")][..]), (delete, "delete", &[])] {
        for keep in [false, true] {
            let abroad = Abroad::to("google").await;
            abroad.app.first_party("app").await;
            let mut there = through(&abroad).await;
            let token = offline(&abroad, &mut there).await;
            let boss = abroad.app.user("boss@example.com").await;
            let boss =
                users::set_roles(&abroad.app.admin, &OPERATOR, boss.id, vec![Role::Administrator]).await.unwrap();
            let mut console = abroad.app.signed_in(&boss).await;
            let page = console.get(path).await;
            assert!(page.has("keep_sessions") && page.form(form).field("keep_sessions").is_none(), "a box, not ticked");
            let ticked: &[(&str, &str)] = if keep { &[("keep_sessions", "yes")] } else { &[] };
            console.submit(&page, form, &[pressed, ticked].concat()).await;
            assert!(!abroad.app.browser().get("/login").await.has("upstream-google"), "it is still offered");
            assert_eq!(is_in(&there).await, keep, "{form} {ticked:?}");
            assert_eq!(refreshed(&abroad, &token).await.is_some(), keep, "{form} {ticked:?}");
        }
    }
}

#[tokio::test]
async fn a_login_that_was_under_way_is_not_completed_after_everything_of_the_connection_was_ended() {
    let abroad = Abroad::to("google").await;
    let mut browser = abroad.app.browser();
    let url = abroad.begin(&mut browser, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    switch(&abroad, false, CameThrough::Ends).await;
    switch(&abroad, true, CameThrough::Ends).await;
    let page = abroad.deliver(&mut browser, &answer).await;
    assert_eq!(outcome(&page), "upstream-over");
    assert!(!is_signed_in(&browser));
    assert_eq!(abroad.accounts().await, 0);
}

#[tokio::test]
async fn a_waiting_link_is_not_made_through_a_connection_that_was_ended_switched_off_or_deleted() {
    for what in ["ended", "switched off", "deleted"] {
        let abroad = Abroad::to("google").await;
        abroad.emulator.seat("google", Person { email: "alice@gmail.com", ..named("google").person });
        let alice = abroad.app.user("alice@gmail.com").await;
        let mut browser = abroad.app.browser();
        let page = abroad.go(&mut browser, "google").await;
        match what {
            "deleted" => {
                _ = connections::delete(&abroad.app.admin, &OPERATOR, &google(), CameThrough::GoesOn).await.unwrap();
            }
            "switched off" => switch(&abroad, false, CameThrough::GoesOn).await,
            _ => {
                switch(&abroad, false, CameThrough::Ends).await;
                switch(&abroad, true, CameThrough::Ends).await;
            }
        }
        let done = browser.submit(&page, "confirm", &[("password", PASSWORD)]).await;
        assert_eq!(done.problem(), "flow-gone", "{what}");
        assert!(abroad.links(&alice).await.is_empty(), "{what}");
    }
}

#[tokio::test]
async fn unlinking_ends_what_came_through_that_link_and_nothing_else() {
    let abroad = Abroad::to("google").await;
    abroad.connect("kakao", "kakao", |_| ()).await;
    abroad.app.first_party("app").await;
    let mut there = through(&abroad).await;
    let token = offline(&abroad, &mut there).await;
    let user = abroad.user("minji.kim@gmail.com").await.unwrap();
    // A password, a second link, and sessions through each.
    let user =
        users::set_password(&abroad.app.admin, &OPERATOR, user.id, &PASSWORD.into(), "seen in person").await.unwrap();
    assert!(refreshed(&abroad, &token).await.is_none(), "a new password ends everything");
    let mut there = through(&abroad).await;
    let token = offline(&abroad, &mut there).await;
    let mut here = abroad.app.signed_in(&user).await;
    let own = offline(&abroad, &mut here).await;
    let link = abroad.links(&user).await.remove(0);
    abroad.app.accounts.unlink(&abroad.app.proof_of(&user), link.identity.clone()).await.unwrap();
    assert!(!is_in(&there).await && refreshed(&abroad, &token).await.is_none());
    assert!(is_in(&here).await && refreshed(&abroad, &own).await.is_some());
    // Linked again, it is another link: what ended does not come back.
    let again = haechi::model::UpstreamLink { id: haechi::support::id::LinkId::from_bytes([3; 16]), ..link };
    let epochs = haechi::model::upstream_link::LinkEpochs { user: user.epochs(), ..Default::default() };
    abroad.app.commit(vec![Change::InsertUpstreamLink(again, epochs)]).await;
    assert!(!is_in(&there).await && refreshed(&abroad, &token).await.is_none());
    assert!(is_in(&through(&abroad).await).await);
}

/// An account with a password, and a browser that signed in to it through the provider.
async fn with_password(abroad: &Abroad) -> (User, Browser) {
    through(abroad).await;
    let user = abroad.user("minji.kim@gmail.com").await.unwrap();
    let user =
        users::set_password(&abroad.app.admin, &OPERATOR, user.id, &PASSWORD.into(), "seen in person").await.unwrap();
    (user, through(abroad).await)
}

#[tokio::test]
async fn the_end_user_is_told_before_and_after_that_a_link_takes_their_sign_in_along() {
    let abroad = Abroad::to("google").await;
    let (user, mut browser) = with_password(&abroad).await;
    let mut elsewhere = through(&abroad).await;
    let account = browser.get("/account/security").await;
    let subject = abroad.links(&user).await.remove(0).identity.subject;
    let remove = [("subject", subject.as_str())];
    // Before: which provider it is, and the way back.
    let warned = browser.send_form(&account, account.form_to("/account/links"), &remove).await;
    assert!(warned.has("unlink-warning") && warned.body.contains("Google"), "{}", warned.body);
    assert!(warned.body.contains("href=\"/account/security\""));
    assert_eq!(abroad.links(&user).await.len(), 1);
    assert!(is_in(&browser).await);
    // A proof is asked for as always, and what was confirmed is kept.
    let asked = browser.submit(&warned, "unlink", &[("confirm", "yes")]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    let left = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(abroad.links(&user).await.is_empty());
    // After: why, and the way in again.
    assert!(left.has("signed-out") && left.body.contains("The connection was removed"), "{}", left.body);
    assert!(left.body.contains("href=\"/login\""));
    assert!(!is_in(&browser).await && !is_in(&elsewhere).await);
    assert!(elsewhere.get("/account").await.has("login"));
}

#[tokio::test]
async fn a_link_that_the_sign_in_does_not_rest_on_goes_without_a_warning() {
    let abroad = Abroad::to("google").await;
    let (user, _) = with_password(&abroad).await;
    let mut browser = abroad.app.signed_in(&user).await;
    let account = browser.get("/account/security").await;
    let subject = abroad.links(&user).await.remove(0).identity.subject;
    let form = account.form_to("/account/links");
    let removed = browser.send_form(&account, form, &[("subject", subject.as_str())]).await;
    let removed = browser.follow(removed).await;
    assert!(removed.has("saved") && abroad.links(&user).await.is_empty(), "{}", removed.body);
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn a_stolen_session_adds_no_identity_after_it_was_ended() {
    let abroad = Abroad::to("google").await;
    let alice = abroad.app.user("alice@example.com").await;
    let stolen = abroad.app.proof_of(&alice);
    // As in the moment between looking at the session and adding the link.
    abroad.app.accounts.sign_out_everywhere(alice.id).await.unwrap();
    let connection = connections::find(&abroad.app.admin, &OPERATOR, &google()).await.unwrap().unwrap();
    let identity = haechi::model::upstream_link::UpstreamIdentity {
        connection: connection.id,
        subject: haechi::model::upstream_link::UpstreamSubject::parse("1").unwrap(),
    };
    let account = haechi::model::upstream_link::UpstreamAccount { identity, label: String::new(), tokens: None };
    let outcome = abroad.app.accounts.link(&stolen, account, connection.epoch).await.unwrap();
    assert_eq!(outcome, haechi::identity::accounts::LinkOutcome::Gone);
    assert!(abroad.links(&alice).await.is_empty());
}

#[tokio::test]
async fn a_session_that_was_ended_removes_no_identity_either() {
    let abroad = Abroad::to("google").await;
    through(&abroad).await;
    let user = abroad.user("minji.kim@gmail.com").await.unwrap();
    let user =
        users::set_password(&abroad.app.admin, &OPERATOR, user.id, &PASSWORD.into(), "seen in person").await.unwrap();
    let stolen = abroad.app.proof_of(&user);
    abroad.app.accounts.sign_out_everywhere(user.id).await.unwrap();
    let link = abroad.links(&user).await.remove(0);
    let outcome = abroad.app.accounts.unlink(&stolen, link.identity).await.unwrap();
    assert_eq!(outcome, haechi::identity::accounts::LinkOutcome::Gone);
    assert_eq!(abroad.links(&user).await.len(), 1);
}

#[tokio::test]
async fn what_was_under_way_to_one_provider_is_not_completed_at_the_one_that_the_connection_was_moved_to() {
    use haechi::admin::connections::ConnectionResource;
    for waiting in [true, false] {
        let abroad = Abroad::new().await;
        abroad.connect("oidc", "oidc", |_| ()).await;
        abroad.emulator.seat("oidc", Person { email: "alice@corp.example", ..named("oidc").person });
        let alice = abroad.app.user("alice@corp.example").await;
        let mut browser = abroad.app.browser();
        let url = abroad.begin(&mut browser, "oidc").await;
        let answer = abroad.emulator.visit(&url).await;
        let page = if waiting { Some(abroad.deliver(&mut browser, &answer).await) } else { None };
        // No account is linked yet, so the administrator may move it: there, the same subject is another end-user.
        let moved = ConnectionResource {
            issuer: Some("https://elsewhere.example".to_owned()),
            client_secret: Some("another".into()),
            ..ConnectionResource::default()
        };
        let slug = Slug::parse("oidc").unwrap();
        connections::update(&abroad.app.admin, &OPERATOR, &slug, &moved).await.unwrap();
        match page {
            Some(page) => {
                let done = browser.submit(&page, "confirm", &[("password", PASSWORD)]).await;
                assert_eq!(done.problem(), "flow-gone");
            }
            None => assert_eq!(outcome(&abroad.deliver(&mut browser, &answer).await), "upstream-over"),
        }
        assert!(abroad.links(&alice).await.is_empty(), "linked to a subject of the provider before");
    }
}

#[tokio::test]
async fn a_sign_in_that_ends_while_its_end_user_comes_back_connects_no_identity() {
    let abroad = Abroad::to("google").await;
    let alice = abroad.app.user("alice@example.com").await;
    let between = Between::default();
    let node = abroad.app.node_with(&between, abroad.emulator.lookup()).await;
    let mut browser = node.signed_in(&alice).await;
    let account = browser.get("/account/security").await;
    let url = abroad.press(&mut browser, &account, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    // From another browser, in the moment between looking at the session and adding the link.
    let (house, visitor) = (std::sync::Arc::clone(&abroad.app.app), browser.visitor());
    between.put(Before::Commit(|change| matches!(change, Change::InsertUpstreamLink(..))), async move {
        house.flow.sign_out(&visitor, haechi::sessions::Ending::All).await.unwrap();
    });
    abroad.deliver(&mut browser, &answer).await;
    assert!(between.came());
    assert!(abroad.links(&alice).await.is_empty());
}
