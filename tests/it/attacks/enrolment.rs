//! The first factor of an account is a way in: a session that somebody took along adds none.

use std::time::Duration;

use haechi::model::User;
use haechi::model::policy::FactorPolicy;
use serde_json::json;

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, options};
use crate::support::browser::{Browser, Page};
use crate::support::factors::Phone;

/// By what an account is made to add a factor.
#[derive(Clone, Copy, Debug)]
enum Asks {
    Policy,
    App,
}

struct House {
    app: TestApp,
    alice: User,
    asks: Asks,
}

impl House {
    /// Alice has no factor.
    async fn new(asks: Asks) -> Self {
        let app = TestApp::new().await;
        app.first_party("app").await;
        let alice = app.user("alice@example.com").await;
        Self { app, alice, asks }
    }

    async fn begin(&self) {
        if matches!(self.asks, Asks::Policy) {
            self.app.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
        }
    }

    /// Where a session is asked for one.
    async fn asked(&self, browser: &mut Browser) -> Page {
        let demand = json!({ "id_token": { "acr": { "essential": true, "value": "urn:haechi:acr:2fa" } } });
        let path = match self.asks {
            Asks::Policy => "/account/profile".to_owned(),
            Asks::App => Ask::of("app").with("claims", &demand.to_string()).url(),
        };
        browser.get(&path).await
    }

    async fn has_nothing(&self) -> bool {
        let factors = self.app.accounts.factors(self.alice.id).await.unwrap();
        !factors.any() && !factors.passkey
    }

    /// Sends what the page asks for: a new passkey, or a code of a new app.
    async fn add(&self, browser: &mut Browser, page: &Page, by_app: bool) -> Page {
        if by_app {
            let phone = Phone::reading(page, &self.alice);
            browser.submit(page, "second", &[("code", &phone.code(&self.app)), ("name", "Phone")]).await
        } else {
            let answer = Authenticator::new(ISSUER, "new").create(&options(page));
            browser.submit(page, "passkey", &[("answer", &answer)]).await
        }
    }
}

#[tokio::test]
async fn pk_007_a_session_alone_adds_no_first_factor() {
    for (asks, by_app) in [(Asks::Policy, false), (Asks::Policy, true), (Asks::App, false), (Asks::App, true)] {
        let house = House::new(asks).await;
        let mut browser = house.app.signed_in(&house.alice).await;
        house.begin().await;
        house.app.clock.advance(Duration::from_mins(5));
        let fresh = house.asked(&mut browser).await;
        assert!(fresh.has("second-step-add"), "{asks:?}: {}", fresh.body);
        // The proof is too old by now, and the page still there.
        house.app.clock.advance(Duration::from_mins(6));
        let refused = house.add(&mut browser, &fresh, by_app).await;
        assert!(refused.has("step-up") && !refused.has("second-step-add"), "{asks:?} {by_app}: {}", refused.body);
        assert!(house.has_nothing().await, "{asks:?} {by_app}");
        // It is come back to as it was.
        let back = browser.submit(&refused, "confirm", &[("current", PASSWORD)]).await;
        assert!(back.has("second-step-add"), "{asks:?} {by_app}: {}", back.body);
        assert_eq!(back.text("secret"), fresh.text("secret"));
        let added = house.add(&mut browser, &back, by_app).await;
        assert!(!house.has_nothing().await, "{asks:?} {by_app}: {}", added.body);
    }
}

#[tokio::test]
async fn pk_007_who_took_a_session_along_is_asked_who_they_are_and_who_it_is_goes_on() {
    for asks in [Asks::Policy, Asks::App] {
        let house = House::new(asks).await;
        let mut browser = house.app.signed_in(&house.alice).await;
        let mut elsewhere = house.app.signed_in(&house.alice).await;
        house.app.clock.advance(Duration::from_hours(24));
        house.begin().await;
        let asked = house.asked(&mut browser).await;
        assert!(asked.has("step-up") && !asked.has("passkey") && !asked.has("second"), "{asks:?}: {}", asked.body);
        assert_eq!(asked.link("cancel"), "/logout", "every page leads here until then");
        let proved = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
        assert!(proved.has("second-step-add"), "{asks:?}: {}", proved.body);
        let done = house.add(&mut browser, &proved, false).await;
        match asks {
            Asks::Policy => assert_eq!(done.url.path(), "/account/profile", "{}", done.body),
            Asks::App => assert!(done.answer().contains_key("code")),
        }
        assert_eq!(elsewhere.get("/account").await.url.path(), "/login", "what was signed in without it has ended");
    }
}

/// A second step of somebody else's is not gone on with by a proof of one's own.
#[tokio::test]
async fn pk_007_a_proof_is_of_the_account_whose_factor_is_added() {
    let house = House::new(Asks::Policy).await;
    let mut browser = house.app.signed_in(&house.alice).await;
    house.app.clock.advance(Duration::from_mins(20));
    house.begin().await;
    let asked = house.asked(&mut browser).await;
    let mallory = house.app.user("mallory@example.com").await;
    house.app.sign_in(&mut browser, &mallory).await;
    let sent = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(sent.has("other-sign-in"), "{}", sent.body);
    let again = browser.get(asked.url.as_str()).await;
    assert!(again.has("step-up") && again.body.contains("alice@example.com"), "{}", again.body);
    assert!(house.has_nothing().await);
}
