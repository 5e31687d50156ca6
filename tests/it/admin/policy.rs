//! What is decided for the whole server: who may decide what, and that it holds on every surface where an account is made or signed in to.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::policy::{self, SignInResource};
use haechi::admin::users::{self, UserResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected, Target, claim, connections};
use haechi::identity::accounts::{NewAccount, SignInRejected};
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::connection::Slug;
use haechi::model::policy::{Policy, SignUpMode};
use haechi::model::user::{Role, User};
use haechi::support::Secret;
use serde_json::{Value, json};

use super::api;
use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Browser;
use crate::support::emulator::providers::{Person, named};
use crate::upstream::{Abroad, is_signed_in};

const OPERATOR: ProvenAuthority = Authority::operator();

async fn decide(app: &TestApp, document: Value) -> Result<Policy, Rejected> {
    let document: SignInResource = serde_json::from_value(document).unwrap();
    policy::set_sign_in(&app.admin, &OPERATOR, (), &document).await
}

async fn with_role(app: &TestApp, email: &str, role: Role) -> User {
    let user = app.user(email).await;
    users::set_roles(&app.admin, &OPERATOR, user.id, vec![role]).await.unwrap()
}

/// A house with Google, at which a person of this address is seated.
async fn house(email: &'static str) -> Abroad {
    let abroad = Abroad::to("google").await;
    abroad.emulator.seat("google", Person { email, ..named("google").person });
    abroad
}

/// What was decided, and whether each surface makes or signs in an account: `x` where it does.
const TABLE: &[(&str, &str)] = &[
    // The sign-up page; a newcomer from a provider; the login page; a linked account from a provider; an unlinked owner's password after coming from
    // one; what administrators make; the claim link.
    ("nothing", "x x x x x x x"),
    ("closed", "- - x x x x x"),
    ("another domain", "- - x x x x x"),
    ("this domain", "x x x x x x x"),
    ("no passwords", "- x - x - x x"),
];

/// Decides as the table says. Without passwords somebody who owns the server must be linked.
async fn as_said(abroad: &Abroad, what: &str) {
    let app = &abroad.app;
    let said = match what {
        "nothing" => return,
        "closed" => json!({ "sign_up": "closed" }),
        "another domain" => json!({ "sign_up": "domains", "sign_up_domains": ["example.org"] }),
        "this domain" => json!({ "sign_up": "domains", "sign_up_domains": ["gmail.com"] }),
        "no passwords" => json!({ "password_sign_in": false }),
        other => panic!("{other}"),
    };
    decide(app, said).await.unwrap();
}

/// An owner who signs in through Google, under another identity than the person that is seated there.
async fn linked_owner(abroad: &Abroad) -> User {
    let owner = with_role(&abroad.app, "owner@gmail.com", Role::Owner).await;
    link(abroad, &owner, "the-owner").await;
    owner
}

async fn link(abroad: &Abroad, user: &User, subject: &str) {
    use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
    use haechi::support::Clock;
    let all = abroad.app.app.stores.connections.all().await.unwrap();
    let google = all.iter().find(|connection| connection.slug.as_str() == "google").unwrap();
    let identity = UpstreamIdentity { connection: google.id, subject: UpstreamSubject::parse(subject).unwrap() };
    let account = UpstreamAccount { identity, label: "owner".to_owned(), tokens: None };
    let now = abroad.app.clock.now();
    let id = haechi::support::id::LinkId::new(now, abroad.app.app.random.as_ref());
    let link = UpstreamLink::new(id, account, user.id, now);
    let epochs = LinkEpochs { user: user.epochs(), connection: google.epoch };
    abroad.app.commit(vec![haechi::store::Change::InsertUpstreamLink(link, epochs)]).await;
}

/// Whether each surface lets somebody in.
async fn surfaces(what: &str) -> Vec<bool> {
    let mut found = Vec::new();

    // Somebody makes an account on the page, which was open before it was decided.
    let abroad = house("kim@gmail.com").await;
    linked_owner(&abroad).await;
    let mut browser = abroad.app.browser();
    let page = browser.get("/signup").await;
    as_said(&abroad, what).await;
    browser.submit(&page, "signup", &[("email", "new@gmail.com"), ("password", PASSWORD)]).await;
    let made = abroad.user("new@gmail.com").await.is_some();
    assert_eq!(made, is_signed_in(&browser), "{what}");
    found.push(made);

    // Somebody who has none comes from a provider.
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    let made = abroad.user("kim@gmail.com").await.is_some();
    assert_eq!(made, is_signed_in(&browser), "{what}");
    found.push(made);

    // Somebody types a password at the login page, which was open before, too.
    let abroad = house("kim@gmail.com").await;
    linked_owner(&abroad).await;
    let lee = abroad.app.user("lee@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = browser.get("/login").await;
    let mut coming = abroad.app.browser();
    abroad.go(&mut coming, "google").await;
    as_said(&abroad, what).await;
    browser.submit(&page, "login", &[("email", "lee@gmail.com"), ("password", PASSWORD)]).await;
    found.push(is_signed_in(&browser));
    let counted = abroad.app.accounts.sign_in("lee@gmail.com", &Secret::from(PASSWORD), &from([192, 0, 2, 9])).await;
    assert_eq!(counted.is_ok(), is_signed_in(&browser), "{what}");
    // Whoever is signed in still proves the account by it: not every provider could.
    assert!(abroad.app.accounts.prove(&lee, &Secret::from(PASSWORD), &from([192, 0, 2, 9])).await.is_ok(), "{what}");

    // Somebody comes back from a provider whose account is linked.
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    found.push(is_signed_in(&browser));

    // Somebody comes from a provider with the address of an account that has a password.
    let abroad = house("lee@gmail.com").await;
    linked_owner(&abroad).await;
    abroad.app.user("lee@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    as_said(&abroad, what).await;
    browser.submit(&page, "confirm", &[("password", PASSWORD)]).await;
    found.push(is_signed_in(&browser));

    // An administrator makes one, whatever is decided.
    let new: UserResource = serde_json::from_value(json!({ "email": "made@gmail.com", "password": PASSWORD })).unwrap();
    found.push(users::create(&abroad.app.admin, &OPERATOR, new).await.is_ok());

    // The link that makes the first administrator speaks for itself; before there is one, passwords cannot be switched off.
    let abroad = house("kim@gmail.com").await;
    let decided = if what == "no passwords" {
        assert!(matches!(decide(&abroad.app, json!({ "password_sign_in": false })).await, Err(Rejected::LockedOut)));
        false
    } else {
        true
    };
    if decided {
        as_said(&abroad, what).await;
    }
    let token = claim::issue_link(&abroad.app.admin, &OPERATOR).await.unwrap();
    let new =
        NewAccount { email: "first@gmail.com".to_owned(), name: None, password: Secret::from(PASSWORD), locale: None };
    found.push(claim::claim(&abroad.app.admin, &token.text, new, &from([192, 0, 2, 1])).await.is_ok());
    found
}

#[tokio::test]
async fn what_is_decided_holds_wherever_an_account_is_made_or_signed_in_to() {
    for (what, expected) in TABLE {
        let found = surfaces(what).await.into_iter().map(|open| if open { "x" } else { "-" }).collect::<Vec<_>>();
        assert_eq!(found.join(" "), *expected, "{what}");
    }
}

#[tokio::test]
async fn pages_offer_only_what_is_open() {
    let abroad = house("kim@gmail.com").await;
    linked_owner(&abroad).await;
    let app = &abroad.app;
    let mut browser = app.browser();
    assert!(browser.get("/login").await.has("to-signup"));
    decide(app, json!({ "sign_up": "closed" })).await.unwrap();
    assert!(!browser.get("/login").await.has("to-signup"));
    assert_eq!(browser.get("/signup").await.status, StatusCode::FORBIDDEN);
    decide(app, json!({ "sign_up": "domains", "sign_up_domains": ["example.com"] })).await.unwrap();
    let page = browser.get("/signup").await;
    let refused = browser.submit(&page, "signup", &[("email", "kim@example.org"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("email-problem").contains("other domains"), "{}", refused.body);
    decide(app, json!({ "sign_up": "open", "password_sign_in": false, "password_min_chars": 40 })).await.unwrap();
    let login = browser.get("/login").await;
    assert!(!login.has("login") && login.has("no-passwords") && login.has("upstream-google"), "{}", login.body);
    let page = browser.get("/signup").await;
    assert!(!page.has("signup") && page.has("upstream-google"));
    decide(app, json!({ "password_sign_in": true })).await.unwrap();
    let page = browser.get("/signup").await;
    assert!(page.text("password-hint").contains("40"), "{}", page.body);
    let refused = browser.submit(&page, "signup", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{PASSWORD} is shorter");
}

#[tokio::test]
async fn a_session_of_before_ends_with_a_limit_that_became_shorter() {
    let app = TestApp::new().await;
    let kim = app.user("kim@example.com").await;
    let mut browser = app.signed_in(&kim).await;
    app.clock.advance(Duration::from_hours(9));
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    app.clock.advance(Duration::from_hours(9));
    decide(&app, json!({ "session_idle_hours": 8 })).await.unwrap();
    assert_eq!(browser.get("/account").await.url.path(), "/login");
    // However often it is used, it ends.
    let mut browser = app.signed_in(&kim).await;
    decide(&app, json!({ "session_idle_hours": 0, "session_absolute_hours": 3 })).await.unwrap();
    for hour in 1..=3 {
        app.clock.advance(Duration::from_mins(59));
        assert_eq!(browser.get("/account").await.url.path(), "/account", "{hour}");
    }
    app.clock.advance(Duration::from_mins(4));
    assert_eq!(browser.get("/account").await.url.path(), "/login");
}

async fn open(browsers: &mut [Browser]) -> Vec<bool> {
    let mut open = Vec::new();
    for browser in browsers {
        open.push(browser.get("/account").await.url.path() == "/account");
    }
    open
}

#[tokio::test]
async fn of_more_sign_ins_than_may_be_the_one_that_began_first_ends() {
    let app = TestApp::new().await;
    let kim = app.user("kim@example.com").await;
    let other = app.signed_in(&app.user("lee@example.com").await).await;
    let mut browsers = Vec::new();
    for _ in 0..3 {
        app.clock.advance(Duration::from_mins(1));
        browsers.push(app.signed_in(&kim).await);
    }
    decide(&app, json!({ "sessions_per_account": 2 })).await.unwrap();
    assert_eq!(open(&mut browsers).await, [true, true, true], "nobody is signed out by the decision itself");
    app.clock.advance(Duration::from_mins(1));
    browsers.push(app.signed_in(&kim).await);
    assert_eq!(open(&mut browsers).await, [false, false, true, true]);
    assert_eq!(open(&mut [other]).await, [true]);
    let ended = app.audit(AuditKind::SessionsRevoked).await;
    assert!(ended.len() == 2 && ended.iter().all(|event| event.actor == Actor::System), "{ended:?}");
    // In the same browser it is the same sign-in, which counts once.
    app.clock.advance(Duration::from_mins(1));
    let mut again = browsers.pop().unwrap();
    app.sign_in(&mut again, &kim).await;
    browsers.push(again);
    assert_eq!(open(&mut browsers).await, [false, false, true, true]);
}

#[tokio::test]
async fn a_browser_keeps_the_session_only_where_that_is_asked_and_wanted() {
    let app = TestApp::new().await;
    app.user("kim@example.com").await;
    let age = async |ticked: bool| {
        let mut browser = app.browser();
        let page = browser.get("/login").await;
        let filled = [("email", "kim@example.com"), ("password", PASSWORD), ("remember", "yes")];
        let answer = browser.submit_once(&page, "login", &filled[..if ticked { 3 } else { 2 }]).await;
        let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
        let session = cookies.into_iter().find(|cookie| cookie.starts_with(browser.session_cookie_name())).unwrap();
        (page.has("remember"), session.split("Max-Age=").nth(1).map(str::to_owned))
    };
    // A form that was not shown asks for nothing.
    assert_eq!(age(true).await, (false, None));
    decide(&app, json!({ "remember_me": true, "session_absolute_hours": 48 })).await.unwrap();
    assert_eq!(age(false).await, (true, None));
    assert_eq!(age(true).await, (true, Some((48 * 3600).to_string())));
}

#[tokio::test]
async fn nobody_who_owns_the_server_is_shut_out() {
    let abroad = house("kim@gmail.com").await;
    let app = &abroad.app;
    with_role(app, "other@gmail.com", Role::Owner).await;
    assert!(matches!(decide(app, json!({ "password_sign_in": false })).await, Err(Rejected::LockedOut)));
    let owner = linked_owner(&abroad).await;
    decide(app, json!({ "password_sign_in": false })).await.unwrap();
    let google = || Slug::parse("google").unwrap();
    let off = connections::set_enabled(&app.admin, &OPERATOR, google(), false, connections::CameThrough::GoesOn).await;
    assert!(matches!(off, Err(Rejected::LockedOut)), "{off:?}");
    let gone = connections::delete(&app.admin, &OPERATOR, google(), connections::CameThrough::Ends).await;
    assert!(matches!(gone, Err(Rejected::LockedOut)), "{gone:?}");
    for outcome in [
        users::set_enabled(&app.admin, &OPERATOR, owner.id, false).await.map(drop),
        users::set_roles(&app.admin, &OPERATOR, owner.id, vec![]).await.map(drop),
        users::delete(&app.admin, &OPERATOR, owner.id).await,
    ] {
        assert!(matches!(outcome, Err(Rejected::LockedOut)), "{outcome:?}");
    }
    decide(app, json!({ "password_sign_in": true })).await.unwrap();
    users::delete(&app.admin, &OPERATOR, owner.id).await.unwrap();
}

#[tokio::test]
async fn what_is_decided_counts_on_a_node_that_looked_before_and_on_every_other_soon() {
    let here = TestApp::new().await;
    here.app.policies.poll().await.unwrap();
    let kim = here.user("kim@example.com").await;
    decide(&here, json!({ "password_min_chars": 40 })).await.unwrap();
    let short = users::set_password(&here.admin, &OPERATOR, kim.id, &Secret::from(PASSWORD), "seen in person").await;
    assert!(matches!(short, Err(Rejected::Invalid(_))), "the node that decided knows at once: {short:?}");
}

#[tokio::test]
async fn a_decision_is_written_down_once_and_by_the_version_that_was_seen() {
    let app = TestApp::new().await;
    decide(&app, json!({ "password_min_chars": 15, "remember_me": true })).await.unwrap();
    let events = app.audit(AuditKind::PolicyChanged).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].detail.as_deref(), Some("sign_in: password_min_chars, remember_me"));
    decide(&app, json!({ "password_min_chars": 15 })).await.unwrap();
    assert_eq!(app.audit(AuditKind::PolicyChanged).await.len(), 1, "nothing became another");
    let document = SignInResource { sign_up: Some(SignUpMode::Closed), ..SignInResource::default() };
    let stale = policy::set_sign_in(&app.admin, &OPERATOR, Target::at((), 0), &document).await;
    assert!(matches!(stale, Err(Rejected::Stale(_))), "{stale:?}");
    let tried = policy::set_sign_in(&app.admin, &OPERATOR.clone().trying(), (), &document).await.unwrap();
    assert!(tried.sign_in.sign_up.is_closed());
    assert!(!policy::find(&app.admin, &OPERATOR).await.unwrap().sign_in.sign_up.is_closed());
    let refused = app.accounts.sign_in("nobody@example.com", &Secret::from("x"), &from([192, 0, 2, 1])).await;
    assert!(matches!(refused, Err(SignInRejected::WrongCredentials)), "{refused:?}");
}

#[tokio::test]
async fn the_api_shows_and_decides_by_merge_patch() {
    let house = api::house().await;
    let token = api::token_as(&house, Role::Administrator).await;
    let shown = api::call(&house, "GET", "/sign-in", &token).send().await;
    assert_eq!((shown.expect(200)["sign_up"].as_str(), shown.header("etag")), (Some("open"), Some("\"0\"")));
    let patch = json!({ "sign_up": "domains", "sign_up_domains": ["example.com"], "password_min_chars": 15 });
    let tried = api::send(&house, ("PATCH", "/sign-in?dry_run=true"), &token, &patch).await.expect(200);
    assert_eq!(tried["password_min_chars"], 15);
    let decided = api::send(&house, ("PATCH", "/sign-in"), &token, &patch).await;
    assert_eq!((decided.expect(200)["version"].as_i64(), decided.header("etag")), (Some(1), Some("\"1\"")));
    // What was shown can be sent back, and what is taken away is as configured.
    let again = api::send(&house, ("PATCH", "/sign-in"), &token, &decided.json()).await.expect(200);
    assert_eq!(again["version"], 1);
    let back =
        api::send(&house, ("PATCH", "/sign-in"), &token, &json!({ "password_min_chars": null })).await.expect(200);
    assert!(back.get("password_min_chars").is_none() && back["sign_up_domains"][0] == "example.com", "{back}");
    for (body, pointer, code) in [
        (json!({ "password_min_chars": 3 }), "/password_min_chars", "out_of_range"),
        (json!({ "sign_in": true }), "/sign_in", "unknown_member"),
        (json!({ "sign_up": "domains", "sign_up_domains": [] }), "/sign_up_domains", "missing"),
    ] {
        let answer = api::send(&house, ("PATCH", "/sign-in"), &token, &body).await;
        assert_eq!(api::wrong(&answer), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    let stale = api::call(&house, "PATCH", "/sign-in", &token)
        .header("if-match", "\"1\"")
        .body("application/json", "{\"remember_me\":true}")
        .send()
        .await;
    assert_eq!(api::problem(&stale), (412, "precondition_failed".to_owned()));
    let locked = api::send(&house, ("PATCH", "/sign-in"), &token, &json!({ "password_sign_in": false })).await;
    assert_eq!(api::problem(&locked), (409, "locked_out".to_owned()));
    let auditor = api::token_as(&house, Role::Auditor).await;
    api::call(&house, "GET", "/sign-in", &auditor).send().await.expect(200);
    assert_eq!(api::problem(&api::send(&house, ("PATCH", "/sign-in"), &auditor, &json!({})).await).0, 403);
    let manager = api::token_as(&house, Role::AppManager).await;
    assert_eq!(api::problem(&api::call(&house, "GET", "/sign-in", &manager).send().await).0, 403);
}
