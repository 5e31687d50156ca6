//! What a login rests on changes while it waits for its second step, and what goes without one while it lives: each is held at the next step.

use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::model::client::ConsentPolicy;
use haechi::model::policy::FactorPolicy;
use haechi::model::user::Role;

use super::strengths::at;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::factors::{Phone, STEP};
use crate::support::furnished::{Furnished, REDIRECT};

const OPERATOR: ProvenAuthority = Authority::operator();
const BOB: &str = "bob@example.com";

/// What happens while the page waits.
#[derive(Clone, Copy, Debug)]
enum Happens {
    Nothing,
    FactorRemoved,
    FactorReset,
    PersonDisabled,
    /// The person ends every session.
    EverythingEnded,
    PolicyRaised,
    /// Nobody may add a second factor any more: those that there are go on being asked for.
    PolicyOff,
    /// The person administers from now on, which asks for a second factor.
    RoleGiven,
    AppRaised,
    TrustOff,
}

/// What comes of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// The app is told who it is.
    In,
    /// The login has ended.
    Gone,
}

fn ask() -> Ask {
    Ask::of("web").with("redirect_uri", REDIRECT).with("scope", "openid offline_access")
}

/// A house with an app of its own, and Bob, who has a phone.
async fn house() -> (Furnished, Phone) {
    let house = TestApp::furnished().await;
    house.change_client("web", |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let bob = house.user(BOB).await;
    let phone = house.phone_of(&bob).await;
    (house, phone)
}

async fn happens(house: &Furnished, phone: &Phone, what: Happens) {
    let bob = phone.user.id;
    match what {
        Happens::Nothing => {}
        Happens::FactorRemoved => {
            let factor = house.accounts.factors(bob).await.unwrap().all.remove(0);
            house.accounts.remove_factor(&house.proof_of(&phone.user), factor.id).await.unwrap();
        }
        Happens::FactorReset => {
            users::reset_factors(&house.admin, &OPERATOR, bob, "phone lost").await.unwrap();
        }
        Happens::PersonDisabled => {
            users::set_enabled(&house.admin, &OPERATOR, bob, false).await.unwrap();
        }
        Happens::EverythingEnded => {
            house.accounts.sign_out_everywhere(bob).await.unwrap();
        }
        Happens::PolicyRaised => {
            house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
        }
        Happens::PolicyOff => house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Off).await,
        Happens::RoleGiven => {
            let required = Some(FactorPolicy::Required);
            house.decide_sign_in(|policy| policy.administrators_second_factor = required).await;
            users::set_roles(&house.admin, &OPERATOR, bob, vec![Role::Owner]).await.unwrap();
        }
        Happens::AppRaised => {
            house.change_client("web", |client| client.policy.second_factor_required = true).await;
        }
        Happens::TrustOff => house.decide_sign_in(|policy| policy.trust_browser_days = 0).await,
    }
}

#[tokio::test]
async fn sess_017_half_a_login_ends_with_what_it_rests_on_and_with_nothing_less() {
    for (what, expected) in [
        (Happens::Nothing, Outcome::In),
        (Happens::FactorRemoved, Outcome::Gone),
        (Happens::FactorReset, Outcome::Gone),
        (Happens::PersonDisabled, Outcome::Gone),
        (Happens::EverythingEnded, Outcome::Gone),
        (Happens::PolicyRaised, Outcome::In),
        (Happens::PolicyOff, Outcome::In),
        (Happens::RoleGiven, Outcome::In),
        (Happens::AppRaised, Outcome::In),
        (Happens::TrustOff, Outcome::In),
    ] {
        let (house, phone) = house().await;
        let mut browser = house.browser();
        let login = browser.get(&ask().url()).await;
        let page = house.password_in(&mut browser, &login, BOB).await;
        assert!(page.has("second-step"), "{}", page.body);
        happens(&house, &phone, what).await;
        assert!(!house.has_session(&browser).await, "{what:?}");
        let done = browser.submit(&page, "second", &[("code", &phone.code(&house))]).await;
        assert_eq!(house.has_session(&browser).await, expected == Outcome::In, "{what:?}: {}", done.body);
        match expected {
            Outcome::In => assert_eq!(at(&done), "code", "{what:?}"),
            Outcome::Gone => assert_eq!(done.problem(), "flow-gone", "{what:?}"),
        }
    }
}

/// A browser that Bob trusts, in which he is signed in without a code.
async fn trusting(house: &Furnished, phone: &Phone) -> Browser {
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, BOB).await;
    browser.submit(&page, "second", &[("code", &phone.code(house)), ("trust", "yes")]).await;
    house.clock.advance(STEP);
    browser.set_cookie(browser.session_cookie_name(), "");
    let login = browser.get("/login").await;
    let account = house.password_in(&mut browser, &login, BOB).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    browser
}

/// Who was let in by a trust that nobody may give any more is asked wherever they act; what apps were granted goes on.
#[tokio::test]
async fn mfa_007_a_session_by_trust_is_asked_as_soon_as_trust_is_switched_off_or_its_person_administers() {
    const IN: [&str; 3] = ["code", "code", "/account"];
    const ASKED: [&str; 3] = ["/second-step", "login_required", "/second-step"];
    for (what, expected) in [
        (Happens::Nothing, IN),
        (Happens::PolicyOff, IN),
        // Trust is in the place of the factor that is required.
        (Happens::PolicyRaised, IN),
        // It goes without for the server, and is no second factor for an app.
        (Happens::AppRaised, ["/second-step", "login_required", "/account"]),
        (Happens::TrustOff, ASKED),
        // Who administers is asked in every browser.
        (Happens::RoleGiven, ASKED),
    ] {
        let (house, phone) = house().await;
        let mut browser = trusting(&house, &phone).await;
        let code = browser.get(&ask().url()).await.answer().remove("code").unwrap();
        let tokens = house.redeeming(&code).basic("web").send().await.tokens();
        let waiting = browser.get(&ask().url()).await.answer().remove("code").unwrap();
        happens(&house, &phone, what).await;
        let shown = [
            at(&browser.clone().get(&ask().url()).await),
            at(&browser.clone().get(&ask().with("prompt", "none").url()).await),
            at(&browser.clone().get("/account").await),
        ];
        assert_eq!(shown, expected, "{what:?}");
        let userinfo = house.get("/userinfo").bearer(&tokens.access_token).send().await.status;
        let refreshed = house.refreshing(tokens.refresh()).basic("web").send().await.status;
        let redeemed = house.redeeming(&waiting).basic("web").send().await.status;
        assert_eq!([userinfo, refreshed, redeemed].map(|status| status.as_u16()), [200; 3], "{what:?}");
    }
}
