//! What a session and its tokens rest on changes while they live: each change of a person's strength, on every surface that takes a session or a token.

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::users;
use haechi::admin::{Authority, ProvenAuthority};
use haechi::model::AffiliationKind;
use haechi::model::client::ConsentPolicy;
use haechi::model::policy::FactorPolicy;
use haechi::model::user::User;
use haechi::protocol::ScopeSet;
use haechi::protocol::resource::Resource;
use serde_json::json;

use crate::admin::affiliations::define;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::call::Answer;
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
    /// The person removes their passkey in another browser.
    PasskeyRemoved,
    /// An administrator removes it.
    PasskeyTaken,
    /// Nobody signs in by passkey any more.
    PasskeysOff,
    PersonDisabled,
    /// A second factor is required, and the session was begun without one.
    PolicyRaised,
    /// The same of who administers the server.
    AdministratorsRaised,
    /// Nobody may add a second factor any more.
    PolicyOff,
    /// The app asks for two factors from now on.
    AppRaised,
    /// The person signs in to another browser, with their password.
    SignsInElsewhere,
    /// A second factor is required by a role in apps, which the person has by a group.
    RoleRaised,
}

/// What an account has besides its password, and by what it is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Nothing,
    /// An app on a phone, whose code was typed.
    Phone,
    /// A passkey, which was used.
    Passkey,
    /// A passkey, but the password was typed and nothing else.
    PasskeyUnused,
}

/// Somebody who owns the server, signed in to a browser, with an app's tokens and with those for the administration API.
struct Somebody {
    house: Furnished,
    user: User,
    device: Authenticator,
    browser: Browser,
    tokens: TokenSet,
    /// Of the same app, and not redeemed yet.
    code: String,
    api: String,
}

fn ask() -> Ask {
    Ask::of("web").with("redirect_uri", REDIRECT).with("scope", "openid offline_access")
}

impl Somebody {
    async fn signed_in(holds: Holds) -> Self {
        let house = haechi_house().await;
        let mut user = house.administrator(OWNER).await;
        let mut device = Authenticator::new(house.issuer(), "owner");
        if matches!(holds, Holds::Passkey | Holds::PasskeyUnused) {
            let added = house.signed_in(&user).await.add_passkey(&mut device, "Key").await;
            assert!(added.has("saved"), "{}", added.body);
        }
        let phone: Option<Phone> = if holds == Holds::Phone { Some(house.phone_of(&user).await) } else { None };
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let page = match holds {
            Holds::Passkey => browser.use_passkey(&login, &mut device).await,
            _ => browser.submit(&login, "login", &[("email", OWNER), ("password", PASSWORD)]).await,
        };
        if let Some(phone) = &phone {
            browser.submit(&page, "second", &[("code", &phone.code(&house))]).await;
            user = phone.user.clone();
        }
        let tokens = redeemed(&house, &mut browser, &ask(), "web").await;
        let code = browser.get(&ask().url()).await.answer().remove("code").unwrap();
        let resource = format!("{}/api/v1", house.issuer());
        let for_api =
            ask().with("client_id", "posting").with("scope", "openid haechi:write").with("resource", &resource);
        let api = redeemed(&house, &mut browser, &for_api, "posting").await.access_token;
        Self { house, user, device, browser, tokens, code, api }
    }

    async fn happens(&mut self, what: Happens) {
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
            Happens::PasskeyRemoved => {
                let mut other = house.browser();
                let login = other.get("/login").await;
                other.use_passkey(&login, &mut self.device).await;
                let page = other.get("/account/security").await;
                let form = page.form_to("/account/passkeys/change");
                let sent = other.send_form(&page, form, &[("do", "remove")]).await;
                let done = other.follow(sent).await;
                assert!(done.has("saved"), "{}", done.body);
            }
            Happens::PasskeyTaken => {
                let passkey = house.passkeys.of(self.user.id).await.unwrap().remove(0);
                assert!(
                    users::remove_passkey(&house.admin, &OPERATOR, self.user.id, passkey.id, "seen in person")
                        .await
                        .unwrap()
                );
            }
            Happens::PasskeysOff => house.decide_sign_in(|policy| policy.passkeys = false).await,
            Happens::PersonDisabled => {
                // Somebody else is left who owns the server.
                house.administrator("other@example.com").await;
                users::set_enabled(&house.admin, &OPERATOR, self.user.id, false).await.unwrap();
            }
            Happens::PolicyRaised => {
                house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
            }
            Happens::AdministratorsRaised => {
                let required = Some(FactorPolicy::Required);
                house.decide_sign_in(|policy| policy.administrators_second_factor = required).await;
            }
            Happens::PolicyOff => house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Off).await,
            Happens::AppRaised => {
                house.change_client("web", |client| client.policy.second_factor_required = true).await;
            }
            Happens::SignsInElsewhere => {
                let mut other = house.browser();
                let login = other.get("/login").await;
                let account = house.password_in(&mut other, &login, OWNER).await;
                assert_eq!(account.url.path(), "/account", "{}", account.body);
            }
            Happens::RoleRaised => raise_by_role(house, &self.user).await,
        }
    }

    /// What each surface answers.
    async fn surfaces(mut self) -> Surfaces {
        let authorize = at(&self.browser.clone().get(&ask().url()).await);
        let silent = at(&self.browser.clone().get(&ask().with("prompt", "none").url()).await);
        let account = at(&self.browser.clone().get("/account").await);
        let console = at(&self.browser.get("/admin").await);
        let house = &self.house;
        let userinfo = house.get("/userinfo").bearer(&self.tokens.access_token).send().await.status;
        let active = house.is_active(&self.tokens.access_token).await;
        let refreshed = house.refreshing(self.tokens.refresh_token.as_deref().unwrap()).basic("web").send().await;
        let redeemed = house.redeeming(&self.code).basic("web").send().await;
        let read = house.get("/api/v1/users").bearer(&self.api).send().await;
        let group = json!({ "name": "crew" }).to_string();
        let write = house.post("/api/v1/groups").bearer(&self.api).body("application/json", &group).send().await;
        [
            authorize,
            silent,
            account,
            console,
            userinfo.as_u16().to_string(),
            active.to_string(),
            refreshed.status.as_u16().to_string(),
            redeemed.status.as_u16().to_string(),
            of_api(&read),
            of_api(&write),
        ]
    }
}

/// Gives a person a role in apps by a group, and has the role ask for a second factor.
pub(super) async fn raise_by_role(house: &TestApp, user: &User) {
    let role = define::<RoleResource>(&house.app, json!({ "name": "treasurer" })).await;
    let group = json!({ "name": "board", "roles": ["treasurer"] });
    let group = define::<GroupResource>(&house.app, group).await.affiliation.id;
    users::join(&house.admin, &OPERATOR, user.id, (AffiliationKind::Group, group)).await.unwrap();
    let asks = RoleResource { require_second_factor: Some(true), ..RoleResource::default() };
    affiliations::update(&house.admin, &OPERATOR, role.affiliation.id, &asks).await.unwrap();
}

/// Where a browser is now: at an app, with a code or an error, or at a page.
pub(super) fn at(page: &Page) -> String {
    match page.location() {
        Some(_) if page.answer().contains_key("code") => "code".to_owned(),
        Some(_) => page.error(),
        None => page.url.path().to_owned(),
    }
}

fn of_api(answer: &Answer) -> String {
    match answer.status.as_u16() {
        status @ (200 | 201) => status.to_string(),
        status => format!("{status} {}", answer.json()["code"].as_str().unwrap()),
    }
}

/// A house whose client `web` is the operator's own, and whose client `posting` administers it.
async fn haechi_house() -> Furnished {
    let house = TestApp::furnished().await;
    house.change_client("web", |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let own_api = Resource::parse(&format!("{}/api/v1", house.issuer())).unwrap();
    house
        .change_client("posting", |client| {
            client.policy.consent = ConsentPolicy::FirstParty;
            client.policy.scopes = ScopeSet::parse("openid haechi:write").unwrap();
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

/// The answers of: an app's request, the same without a page, the account, the console, UserInfo, introspection, a refresh, a code that was issued before and is
/// redeemed now, and the administration API, to see and to change.
type Surfaces<T = String> = [T; 10];

const ALL: Surfaces<&str> = ["code", "code", "/account", "/admin", "200", "true", "200", "200", "200", "201"];
const GONE: Surfaces<&str> = [
    "/login",
    "login_required",
    "/login",
    "/login",
    "401",
    "false",
    "400",
    "400",
    "401 invalid_token",
    "401 invalid_token",
];
/// Wherever somebody acts, they are asked for what is missing. What an app was granted goes on as it says it was granted (`acr`):
/// docs/second-factors.md says why.
const LACKS: Surfaces<&str> = [
    "/second-step",
    "interaction_required",
    "/second-step",
    "/second-step",
    "200",
    "true",
    "200",
    "200",
    "401 second_factor_needed",
    "401 second_factor_needed",
];
/// The same where the account has what it is asked for.
const UNPROVED: Surfaces<&str> = {
    let mut surfaces = LACKS;
    surfaces[1] = "login_required";
    surfaces
};
/// A passkey is not asked for, but changes are only made by who used it.
const UNUSED: Surfaces<&str> = {
    let mut surfaces = ALL;
    surfaces[9] = "401 proof_needed";
    surfaces
};
/// Only one app asks for what is missing.
const AT_THE_APP: Surfaces<&str> = {
    let mut surfaces = ALL;
    surfaces[0] = "/second-step";
    surfaces[1] = "interaction_required";
    surfaces
};
/// The same where the account has it.
const UNPROVED_AT_THE_APP: Surfaces<&str> = {
    let mut surfaces = UNUSED;
    surfaces[0] = "/second-step";
    surfaces[1] = "login_required";
    surfaces
};

async fn each(rows: &[(Holds, &[Happens], Surfaces<&str>)]) {
    for (holds, happens, expected) in rows {
        let mut somebody = Somebody::signed_in(*holds).await;
        for &one in *happens {
            somebody.happens(one).await;
        }
        assert_eq!(somebody.surfaces().await, *expected, "{holds:?}, {happens:?}");
    }
}

#[tokio::test]
async fn sess_017_each_change_of_strength_holds_on_every_surface() {
    each(&[
        (Holds::Phone, &[Happens::Nothing], ALL),
        (Holds::Nothing, &[Happens::Nothing], ALL),
        // What was proved then was proved. What asks for two factors from now on asks who signs in from now on.
        (Holds::Phone, &[Happens::FactorRemoved], ALL),
        (Holds::Phone, &[Happens::FactorReset], GONE),
        (Holds::Phone, &[Happens::PersonDisabled], GONE),
        (Holds::Nothing, &[Happens::PersonDisabled], GONE),
        // The session has two factors already.
        (Holds::Phone, &[Happens::PolicyRaised], ALL),
        (Holds::Nothing, &[Happens::PolicyRaised], LACKS),
        (Holds::Phone, &[Happens::RoleRaised], ALL),
        (Holds::Nothing, &[Happens::RoleRaised], LACKS),
        (Holds::PasskeyUnused, &[Happens::RoleRaised], UNPROVED),
    ])
    .await;
}

/// Unlike an app, a passkey is a way in by itself: whoever removes it has lost the device, so everything ends that it may have been used for.
#[tokio::test]
async fn sess_017_each_change_of_a_passkey_holds_on_every_surface() {
    each(&[
        (Holds::Passkey, &[Happens::Nothing], ALL),
        (Holds::PasskeyUnused, &[Happens::Nothing], UNUSED),
        (Holds::Passkey, &[Happens::PasskeyRemoved], GONE),
        (Holds::PasskeyUnused, &[Happens::PasskeyRemoved], GONE),
        (Holds::Passkey, &[Happens::PasskeyTaken], GONE),
        (Holds::PasskeyUnused, &[Happens::PasskeyTaken], GONE),
        (Holds::Passkey, &[Happens::PersonDisabled], GONE),
        (Holds::PasskeyUnused, &[Happens::PersonDisabled], GONE),
    ])
    .await;
}

#[tokio::test]
async fn sess_017_switching_passkeys_off_and_raising_the_policy_hold_on_every_surface() {
    each(&[
        // Nobody uses one any more, and what was proved by one was proved.
        (Holds::Passkey, &[Happens::PasskeysOff], ALL),
        (Holds::PasskeyUnused, &[Happens::PasskeysOff], ALL),
        (Holds::Passkey, &[Happens::PolicyRaised], ALL),
        (Holds::Passkey, &[Happens::PasskeysOff, Happens::PolicyRaised], ALL),
        // Who has one proves it; where it counts for nothing, they have none, and add an app.
        (Holds::PasskeyUnused, &[Happens::PolicyRaised], UNPROVED),
        (Holds::PasskeyUnused, &[Happens::PolicyRaised, Happens::PasskeysOff], LACKS),
        (Holds::PasskeyUnused, &[Happens::PasskeysOff, Happens::PolicyRaised], LACKS),
        // An app on a phone is none the worse for it.
        (Holds::Phone, &[Happens::PasskeysOff, Happens::PolicyRaised], ALL),
    ])
    .await;
}

/// What one app asks for is asked there only; who administers is let in once more, and a session of before the policy was raised is that once, until the next sign-in.
#[tokio::test]
async fn sess_017_raising_an_app_and_the_administrators_policy_hold_on_every_surface() {
    each(&[
        (Holds::Phone, &[Happens::AppRaised], ALL),
        (Holds::Passkey, &[Happens::AppRaised], ALL),
        (Holds::Nothing, &[Happens::AppRaised], AT_THE_APP),
        (Holds::PasskeyUnused, &[Happens::AppRaised], UNPROVED_AT_THE_APP),
        (Holds::Phone, &[Happens::AdministratorsRaised], ALL),
        (Holds::Passkey, &[Happens::AdministratorsRaised], ALL),
        (Holds::PasskeyUnused, &[Happens::AdministratorsRaised], UNPROVED),
        (Holds::Nothing, &[Happens::AdministratorsRaised], ALL),
        (Holds::Nothing, &[Happens::AdministratorsRaised, Happens::SignsInElsewhere], LACKS),
    ])
    .await;
}

/// Less than before is asked of nobody who is signed in, and what was proved stays proved.
#[tokio::test]
async fn sess_017_switching_second_factors_off_holds_on_every_surface() {
    each(&[
        (Holds::Nothing, &[Happens::PolicyOff], ALL),
        (Holds::Phone, &[Happens::PolicyOff], ALL),
        (Holds::PasskeyUnused, &[Happens::PolicyOff], UNUSED),
        (Holds::Nothing, &[Happens::PolicyRaised, Happens::PolicyOff], ALL),
        // What a role and an app ask for, they ask for all the same.
        (Holds::Nothing, &[Happens::RoleRaised, Happens::PolicyOff], LACKS),
        (Holds::Nothing, &[Happens::AppRaised, Happens::PolicyOff], AT_THE_APP),
    ])
    .await;
}
