//! What a session and its tokens rest on changes while they live: each change of a person's strength, on every surface that takes a session or a token.

use haechi::admin::users;
use haechi::admin::{Authority, ProvenAuthority};
use haechi::model::client::ConsentPolicy;
use haechi::model::policy::FactorPolicy;
use haechi::model::user::User;
use haechi::protocol::ScopeSet;
use haechi::protocol::resource::Resource;

use crate::support::app::PASSWORD;
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::factors::Phone;
use crate::support::furnished::{Furnished, REDIRECT, TokenSet};

const OPERATOR: ProvenAuthority = Authority::operator();
const OWNER: &str = "owner@example.com";

/// What happens while a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happens {
    Nothing,
    /// The person takes their second factor away in another browser.
    FactorRemoved,
    /// An administrator takes it away.
    FactorReset,
    PersonDisabled,
    /// A second factor is required, and the session was begun without one.
    PolicyRaised,
}

/// Somebody who owns the server, signed in to a browser, with an app's tokens and with those for the administration API.
struct Somebody {
    house: Furnished,
    user: User,
    browser: Browser,
    tokens: TokenSet,
    api: String,
}

fn ask() -> Ask {
    Ask::of("web").with("redirect_uri", REDIRECT).with("scope", "openid offline_access")
}

impl Somebody {
    async fn signed_in(with_phone: bool) -> Self {
        let house = haechi_house().await;
        let mut user = house.administrator(OWNER).await;
        let mut browser = house.browser();
        let phone: Option<Phone> = if with_phone { Some(house.phone_of(&user).await) } else { None };
        let login = browser.get("/login").await;
        let page = browser.submit(&login, "login", &[("email", OWNER), ("password", PASSWORD)]).await;
        if let Some(phone) = &phone {
            browser.submit(&page, "second", &[("code", &phone.code(&house))]).await;
            user = phone.user.clone();
        }
        let tokens = redeemed(&house, &mut browser, &ask(), "web").await;
        let resource = format!("{}/api/v1", house.issuer());
        let for_api =
            ask().with("client_id", "posting").with("scope", "openid haechi:read").with("resource", &resource);
        let api = redeemed(&house, &mut browser, &for_api, "posting").await.access_token;
        Self { house, user, browser, tokens, api }
    }

    async fn happens(&self, what: Happens) {
        let house = &self.house;
        match what {
            Happens::Nothing => {}
            Happens::FactorRemoved => {
                let factor = house.accounts.factors(self.user.id).await.unwrap().all.remove(0);
                house.accounts.remove_factor(&house.proof_of(&self.user), factor.id).await.unwrap();
            }
            Happens::FactorReset => {
                let factors = house.accounts.factors(self.user.id).await.unwrap();
                assert!(factors.any());
                users::reset_factors(&house.admin, &OPERATOR, self.user.id, "phone lost").await.unwrap();
            }
            Happens::PersonDisabled => {
                // Somebody else is left who owns the server.
                house.administrator("other@example.com").await;
                users::set_enabled(&house.admin, &OPERATOR, self.user.id, false).await.unwrap();
            }
            Happens::PolicyRaised => {
                house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
            }
        }
    }

    /// What each surface answers.
    async fn surfaces(mut self) -> [String; 8] {
        let house = &self.house;
        let at = |page: crate::support::browser::Page| match page.location() {
            Some(_) => {
                if page.answer().contains_key("code") {
                    "code".to_owned()
                } else {
                    page.error()
                }
            }
            None => page.url.path().to_owned(),
        };
        let authorize = at(self.browser.clone().get(&ask().url()).await);
        let silent = at(self.browser.clone().get(&ask().with("prompt", "none").url()).await);
        let account = at(self.browser.clone().get("/account").await);
        let console = at(self.browser.get("/admin").await);
        let userinfo = house.get("/userinfo").bearer(&self.tokens.access_token).send().await.status.as_u16();
        let active = house.is_active(&self.tokens.access_token).await;
        let refreshed = house.refreshing(self.tokens.refresh_token.as_deref().unwrap()).basic("web").send().await;
        let api = house.get("/api/v1/users").bearer(&self.api).send().await;
        let api = match api.status.as_u16() {
            200 => "200".to_owned(),
            status => format!("{status} {}", api.json()["code"].as_str().unwrap()),
        };
        [
            authorize,
            silent,
            account,
            console,
            userinfo.to_string(),
            active.to_string(),
            refreshed.status.as_u16().to_string(),
            api,
        ]
    }
}

/// A house whose client `web` is the operator's own, and whose client `posting` administers it.
async fn haechi_house() -> Furnished {
    let house = crate::support::app::TestApp::furnished().await;
    house.change_client("web", |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let own_api = Resource::parse(&format!("{}/api/v1", house.issuer())).unwrap();
    house
        .change_client("posting", |client| {
            client.policy.consent = ConsentPolicy::FirstParty;
            client.policy.scopes = ScopeSet::parse("openid haechi:read").unwrap();
            client.policy.resources = vec![own_api];
        })
        .await;
    house
}

async fn redeemed(house: &Furnished, browser: &mut Browser, ask: &Ask, client: &str) -> TokenSet {
    let answer = browser.get(&ask.url()).await.answer();
    let call = house.redeeming(&answer["code"]);
    let secret = [("client_id", client), ("client_secret", crate::support::call::SECRET)];
    if client == "web" { call.basic(client).send().await.tokens() } else { call.form(&secret).send().await.tokens() }
}

#[tokio::test]
async fn sess_017_each_change_of_strength_holds_on_every_surface() {
    const ALL: [&str; 8] = ["code", "code", "/account", "/admin", "200", "true", "200", "200"];
    const GONE: [&str; 8] =
        ["/login", "login_required", "/login", "/login", "401", "false", "400", "401 invalid_token"];
    for (with_phone, happens, expected) in [
        (true, Happens::Nothing, ALL),
        (false, Happens::Nothing, ALL),
        // What was proved then was proved. What asks for two factors from now on asks who signs in from now on.
        (true, Happens::FactorRemoved, ALL),
        (true, Happens::FactorReset, GONE),
        (true, Happens::PersonDisabled, GONE),
        (false, Happens::PersonDisabled, GONE),
        // The session has two factors already.
        (true, Happens::PolicyRaised, ALL),
        // Wherever somebody acts, they are asked for what is missing. What an app was granted goes on as it says it was granted (`acr`):
        // docs/second-factors.md says why.
        (
            false,
            Happens::PolicyRaised,
            [
                "/second-step",
                "interaction_required",
                "/second-step",
                "/second-step",
                "200",
                "true",
                "200",
                "401 second_factor_needed",
            ],
        ),
    ] {
        let somebody = Somebody::signed_in(with_phone).await;
        somebody.happens(happens).await;
        assert_eq!(somebody.surfaces().await, expected, "{happens:?}, phone: {with_phone}");
    }
}
