//! MAIL-004: what is mailed does what it is for, for the account that it was mailed to, where and as long as it should; nothing else of it, in no other order, and with
//! no other flow.

use axum::http::StatusCode;
use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::model::User;
use haechi::model::mail::MailPurpose;
use haechi::model::policy::Verification;
use haechi::store::{Change, UserQuery};
use serde_json::json;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;

const OPERATOR: ProvenAuthority = Authority::operator();
pub(super) const KIM: &str = "kim@example.com";
const NEW: &str = "kim@new.example";
const GUEST: &str = "guest@example.com";
pub(super) const MALLORY: &str = "mallory@example.com";
const NEW_PASSWORD: &str = "a boat between two green hills";

/// What is mailed with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mailed {
    Reset,
    Verify,
    NewAddress,
    Undo,
    SignIn,
    SignUp,
    Invitation,
}

/// Where a link is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Password,
    Address,
    Undo,
    Login,
    SignUp,
}

const MAILED: [Mailed; 7] = [
    Mailed::Reset,
    Mailed::Verify,
    Mailed::NewAddress,
    Mailed::Undo,
    Mailed::SignIn,
    Mailed::SignUp,
    Mailed::Invitation,
];
const DOORS: [Door; 5] = [Door::Password, Door::Address, Door::Undo, Door::Login, Door::SignUp];

impl Door {
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Password => "/reset",
            Self::Address => "/verify-email",
            Self::Undo => "/undo-email",
            Self::Login => "/login/link",
            Self::SignUp => "/signup/link",
        }
    }
}

impl Mailed {
    /// The door that its link leads to.
    const fn door(self) -> Door {
        match self {
            Self::Reset | Self::Invitation => Door::Password,
            Self::Verify | Self::NewAddress => Door::Address,
            Self::Undo => Door::Undo,
            Self::SignIn => Door::Login,
            Self::SignUp => Door::SignUp,
        }
    }

    /// The model: what opens what. Whoever is mailed to prove an address that another made an account with sets a password by the same link: it is theirs.
    fn opens(self, door: Door) -> bool {
        self.door() == door || (self, door) == (Self::Verify, Door::Password)
    }
}

/// A link that somebody got, and the browser in which they asked for it.
struct Drawn {
    house: TestApp,
    browser: Browser,
    token: String,
}

pub(super) async fn house() -> TestApp {
    let house = mailbox::house(|config| {
        config.throttling.mails_per_account = 10_000;
        config.throttling.mails_per_address = 10_000;
        config.throttling.authorizations_per_address = 100_000;
    })
    .await;
    house.decide_sign_in(|policy| policy.by_mail = true).await;
    house.first_party("app").await;
    house
}

pub(super) async fn verified(house: &TestApp, email: &str) -> User {
    let user = house.user(email).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..user })]).await;
    house.user_of(email).await
}

pub(super) fn token_in(link: &str) -> String {
    link.split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

/// The token in the newest mail to an address.
pub(super) async fn newest(house: &TestApp, email: &str, purpose: MailPurpose, door: Door) -> String {
    token_in(&house.mails_for(email, purpose).await[0].link(door.path()))
}

impl Drawn {
    async fn of(mailed: Mailed) -> Self {
        let house = house().await;
        let (to, purpose) = match mailed {
            Mailed::Reset => (KIM, MailPurpose::ResetPassword),
            Mailed::Verify => (KIM, MailPurpose::VerifyAddress),
            Mailed::NewAddress => (NEW, MailPurpose::NewAddress),
            Mailed::Undo => (KIM, MailPurpose::AddressChanged),
            Mailed::SignIn => (KIM, MailPurpose::SignIn),
            Mailed::SignUp => (GUEST, MailPurpose::SignUp),
            Mailed::Invitation => (GUEST, MailPurpose::Invitation),
        };
        // Whoever made an account whose address nobody proved is signed in to it; the others are anybody.
        let kim = if mailed == Mailed::Verify { house.user(KIM).await } else { verified(&house, KIM).await };
        let mut browser = match mailed {
            Mailed::Verify | Mailed::NewAddress | Mailed::Undo => house.signed_in(&kim).await,
            Mailed::Reset | Mailed::SignIn | Mailed::SignUp | Mailed::Invitation => house.browser(),
        };
        browser.ensure_cookie().await;
        match mailed {
            Mailed::Reset => drop(post(&house, &mut browser, "/forgot", &[("email", KIM)]).await),
            Mailed::SignIn => drop(post(&house, &mut browser, "/login", &[("email", KIM), ("mail", "yes")]).await),
            Mailed::SignUp => {
                house.decide_sign_in(|policy| policy.verification = Verification::BeforeLogin).await;
                drop(post(&house, &mut browser, "/signup", &[("email", GUEST), ("password", PASSWORD)]).await);
            }
            Mailed::Invitation => {
                let new = serde_json::from_value(json!({ "email": GUEST, "name": "Guest" })).unwrap();
                users::invite(&house.admin, &OPERATOR, new).await.unwrap();
            }
            Mailed::Verify => {
                let page = browser.get("/account/security").await;
                browser.submit(&page, "account-verify", &[]).await;
            }
            Mailed::NewAddress | Mailed::Undo => {
                let page = browser.get("/account/security").await;
                browser.submit(&page, "account-email", &[("email", NEW)]).await;
            }
        }
        if mailed == Mailed::Undo {
            let token = newest(&house, NEW, MailPurpose::NewAddress, Door::Address).await;
            present(&house, &mut browser, Door::Address, &[("token", &token)]).await;
            assert!(house.user_of(NEW).await.email_verified);
        }
        let token = newest(&house, to, purpose, mailed.door()).await;
        Self { house, browser, token }
    }
}

/// Posts a form of our own that acts for no account, whoever is signed in.
pub(super) async fn post(house: &TestApp, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut anybody = browser.clone();
    anybody.set_cookie(browser.session_cookie_name(), "");
    let csrf = house.csrf(&anybody, path).await;
    browser.post_once(path, &[&[("csrf", csrf.as_str())][..], fields].concat()).await
}

/// Presents a link, and a password where one is set.
async fn present(house: &TestApp, browser: &mut Browser, door: Door, fields: &[(&str, &str)]) -> Page {
    let password = [("password", NEW_PASSWORD)];
    let fields = if door == Door::Password { [&password[..], fields].concat() } else { fields.to_vec() };
    post(house, browser, door.path(), &fields).await
}

/// All that a link could change of anybody's account.
pub(super) async fn state(house: &TestApp) -> Vec<String> {
    let people = house.stores.users.list(&UserQuery::default(), 100).await.unwrap().items;
    let mut all = Vec::new();
    for one in people {
        let password = house.stores.users.password(one.id).await.unwrap().map(|password| password.phc.expose().clone());
        all.push(format!("{} {} {:?} {password:?}", one.email, one.email_verified, one.epochs()));
    }
    all
}

/// What came of a link: whether anything of an account changed, and whether somebody is signed in who was not.
async fn effect(drawn: &mut Drawn, door: Door, fields: &[(&str, &str)]) -> (Page, bool) {
    let before = (state(&drawn.house).await, drawn.house.has_session(&drawn.browser).await);
    let page = present(&drawn.house, &mut drawn.browser, door, fields).await;
    let after = (state(&drawn.house).await, drawn.house.has_session(&drawn.browser).await);
    (page, before != after)
}

#[tokio::test]
async fn mail_004_each_link_opens_its_own_door_and_no_other() {
    for mailed in MAILED {
        for door in DOORS {
            let mut drawn = Drawn::of(mailed).await;
            let token = drawn.token.clone();
            let looked = drawn.browser.get_once(&format!("{}?token={token}", door.path())).await;
            let gone = !mailed.opens(door);
            assert_eq!(looked.status == StatusCode::GONE, gone, "{mailed:?} at {door:?}: {}", looked.body);
            let (page, did) = effect(&mut drawn, door, &[("token", &token)]).await;
            assert_eq!((page.status == StatusCode::GONE, did), (gone, !gone), "{mailed:?} at {door:?}: {}", page.body);
            // Refused, it is as good as it was; used, it is good for nothing.
            let own = mailed.door();
            let (page, did) = effect(&mut drawn, own, &[("token", &token)]).await;
            assert_eq!(
                (page.status == StatusCode::GONE, did),
                (!gone, gone),
                "{mailed:?} after {door:?}: {}",
                page.body
            );
            let (page, did) = effect(&mut drawn, own, &[("token", &token)]).await;
            assert_eq!((page.status, did), (StatusCode::GONE, false), "{mailed:?} twice");
        }
    }
}

#[tokio::test]
async fn mail_004_without_a_link_no_step_is_taken() {
    let mut drawn = Drawn::of(Mailed::Reset).await;
    let half = drawn.token[..drawn.token.len() / 2].to_owned();
    for door in DOORS {
        for token in ["", "hott_", "hott_made-up", half.as_str(), "null", "0"] {
            for fields in [vec![("token", token)], vec![], vec![("token", token), ("email", KIM), ("username", KIM)]] {
                let (page, did) = effect(&mut drawn, door, &fields).await;
                assert_eq!((page.status, did), (StatusCode::GONE, false), "{door:?} {fields:?}");
            }
        }
    }
    // Two of them are none.
    let token = drawn.token.clone();
    let (page, did) = effect(&mut drawn, Door::Password, &[("token", &token), ("token", "")]).await;
    assert!(page.status.is_client_error() && !did, "{}", page.status);
    let (_, did) = effect(&mut drawn, Door::Password, &[("token", &token)]).await;
    assert!(did, "the one that was mailed works all the same");
}

/// An app's request of Alice's browser, and two of Mallory's: a link that was asked for in one is used with each of them.
#[tokio::test]
async fn mail_004_a_link_goes_on_with_no_flow_of_another_browser() {
    for (mailed, purpose) in [(Mailed::Reset, MailPurpose::ResetPassword), (Mailed::SignIn, MailPurpose::SignIn)] {
        for with in ["none", "own", "own other", "alice's", "made up"] {
            let house = house().await;
            let (alice, mallory) = (verified(&house, KIM).await, verified(&house, MALLORY).await);
            let begin = async |browser: &mut Browser| {
                let page = browser.get(&Ask::of("app").url()).await;
                page.form("login").field("flow").unwrap().to_owned()
            };
            let (mut hers, mut browser) = (house.browser(), house.browser());
            let waits = begin(&mut hers).await;
            let (own, other) = (begin(&mut browser).await, begin(&mut browser).await);
            let (path, more) =
                if mailed == Mailed::Reset { ("/forgot", vec![]) } else { ("/login", vec![("mail", "yes")]) };
            let fields = [vec![("email", MALLORY), ("flow", own.as_str())], more].concat();
            post(&house, &mut browser, path, &fields).await;
            let token = newest(&house, MALLORY, purpose, mailed.door()).await;
            let flow = match with {
                "own" => own.as_str(),
                "own other" => other.as_str(),
                "alice's" => waits.as_str(),
                "made up" => "azn_00000000000000000000000000000000",
                _ => "",
            };
            let id = alice.id.to_string();
            let forged = [("token", token.as_str()), ("flow", flow), ("email", KIM), ("user", &id), ("sub", &id)];
            let before = house.stores.users.password(alice.id).await.unwrap().unwrap().phc.expose().clone();
            let page = present(&house, &mut browser, mailed.door(), &forged).await;
            let page = browser.follow(page).await;
            // Whoever goes on is Mallory, with a request of her own browser or with none.
            if with.starts_with("own") {
                let (_, claims) = house.id_token("app", &page.answer()["code"]).await;
                assert_eq!(claims["sub"], mallory.id.to_string(), "{mailed:?} {with}");
            } else {
                assert_eq!(page.url.path(), "/account", "{mailed:?} {with}: {}", page.body);
                assert!(page.body.contains(MALLORY) && !page.body.contains(KIM));
            }
            // Nothing of Alice's went on.
            assert!(!house.has_session(&hers).await);
            assert!(hers.get(&format!("/continue?flow={waits}")).await.has("login"), "{mailed:?} {with}");
            let after = house.stores.users.password(alice.id).await.unwrap().unwrap().phc.expose().clone();
            assert_eq!((before, house.user_of(KIM).await.epochs()), (after, alice.epochs()), "{mailed:?} {with}");
        }
    }
}
