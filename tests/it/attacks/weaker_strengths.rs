//! As in `strengths`, of somebody who administers nothing, and whose session rests on less: on a code that was mailed, on a recovery code, on a provider. And of a login that waits for such a code.

use haechi::admin::connections::{self, CameThrough};
use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::model::client::ClientId;
use haechi::model::connection::Slug;
use haechi::model::mail::MailPurpose;
use haechi::model::policy::FactorPolicy;
use haechi::model::user::{Role, User};
use haechi::store::Change;

use super::strengths::{at, raise_by_role};
use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::{Ask, VERIFIER};
use crate::support::browser::{Browser, Page};
use crate::support::emulator::Emulator;
use crate::support::factors::Phone;
use crate::support::mailbox;
use crate::upstream::Abroad;

const OPERATOR: ProvenAuthority = Authority::operator();
const KIM: &str = "kim@example.com";
/// Whom the provider names.
const MINJI: &str = "minji.kim@gmail.com";

/// What a session rests on, or will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// A password and a mailed code, where a second factor is required and there is none.
    MailedCode,
    /// A password and a recovery code, of an account with an app on a phone.
    RecoveryCode,
    /// A provider, of an account that has nothing else.
    Provider,
    /// A provider and a code of an app on a phone.
    ProviderAndPhone,
}

/// What happens while a session lives, or a login waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happens {
    Nothing,
    /// Mailed codes are taken no more.
    MailedCodesOff,
    /// The person draws new recovery codes in another browser.
    CodesRenewed,
    /// The person adds an app in another browser.
    FactorAdded,
    /// The person takes it away there.
    FactorRemoved,
    /// An administrator takes it away.
    FactorReset,
    PersonDisabled,
    /// A second factor is required.
    PolicyRaised,
    /// Nobody may add a second factor any more.
    PolicyOff,
    /// The person administers from now on.
    RoleGiven,
    /// A second factor is required by a role in apps, which the person has by a group.
    RoleRaised,
    /// The app asks for two factors.
    AppRaised,
    /// The connection to the provider is switched off.
    ConnectionOff,
}

/// Somebody at the last step of a sign-in.
struct Somebody {
    house: TestApp,
    /// Kept: it answers as long as it is.
    _provider: Option<Emulator>,
    browser: Browser,
    /// Where the code is typed; of who comes through a provider alone, where they are then.
    page: Page,
    /// The code.
    types: String,
    user: User,
}

impl Somebody {
    async fn begins(holds: Holds) -> Self {
        match holds {
            Holds::MailedCode => Self::waits_for_a_mailed_code().await,
            Holds::RecoveryCode => Self::types_a_recovery_code().await,
            Holds::Provider => Self::comes_back_from_a_provider(false).await,
            Holds::ProviderAndPhone => Self::comes_back_from_a_provider(true).await,
        }
    }

    async fn waits_for_a_mailed_code() -> Self {
        let house = mailbox::house(|_| ()).await;
        house.first_party("app").await;
        house
            .decide_sign_in(|policy| (policy.second_factor, policy.mailed_codes) = (FactorPolicy::Required, true))
            .await;
        let kim = house.user(KIM).await;
        house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim })]).await;
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let asked = house.password_in(&mut browser, &login, KIM).await;
        let page = browser.submit(&asked, "mail-code", &[]).await;
        let types = house.mails_for(KIM, MailPurpose::Code).await[0].code().unwrap().to_owned();
        let user = house.user_of(KIM).await;
        Self { house, _provider: None, browser, page, types, user }
    }

    async fn types_a_recovery_code() -> Self {
        let house = TestApp::new().await;
        house.first_party("app").await;
        let kim = house.user(KIM).await;
        let Phone { codes, user, .. } = house.phone_of(&kim).await;
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let asked = house.password_in(&mut browser, &login, KIM).await;
        let page = browser.get(&asked.link("to-recovery")).await;
        let types = codes[0].clone();
        Self { house, _provider: None, browser, page, types, user }
    }

    async fn comes_back_from_a_provider(has_a_phone: bool) -> Self {
        let abroad = Abroad::to("google").await;
        abroad.app.first_party("app").await;
        let mut browser = abroad.app.browser();
        let mut page = abroad.go(&mut browser, "google").await;
        let mut user = abroad.app.user_of(MINJI).await;
        let mut types = String::new();
        if has_a_phone {
            let phone = abroad.app.phone_of(&user).await;
            page = abroad.go(&mut browser, "google").await;
            (types, user) = (phone.code(&abroad.app), phone.user);
        }
        let Abroad { app: house, emulator } = abroad;
        Self { house, _provider: Some(emulator), browser, page, types, user }
    }

    /// Takes the last step. Whether somebody is signed in then.
    async fn enters(&mut self) -> bool {
        if !self.types.is_empty() {
            self.page = self.browser.submit(&self.page, "second", &[("code", &self.types)]).await;
        }
        self.house.has_session(&self.browser).await
    }

    async fn happens(&self, what: Happens) {
        let (house, id) = (&self.house, self.user.id);
        match what {
            Happens::Nothing => {}
            Happens::MailedCodesOff => house.decide_sign_in(|policy| policy.mailed_codes = false).await,
            Happens::CodesRenewed => {
                house.accounts.renew_recovery_codes(&house.proof_of(&self.user)).await.unwrap();
            }
            Happens::FactorAdded => {
                house.phone_of(&self.user).await;
            }
            Happens::FactorRemoved => {
                let factor = house.accounts.factors(id).await.unwrap().all.remove(0);
                house.accounts.remove_factor(&house.proof_of(&self.user), factor.id).await.unwrap();
            }
            Happens::FactorReset => {
                users::reset_factors(&house.admin, &OPERATOR, id, "phone lost").await.unwrap();
            }
            Happens::PersonDisabled => {
                users::set_enabled(&house.admin, &OPERATOR, id, false).await.unwrap();
            }
            Happens::PolicyRaised => {
                house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
            }
            Happens::PolicyOff => house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Off).await,
            Happens::RoleGiven => {
                users::set_roles(&house.admin, &OPERATOR, id, vec![Role::Owner]).await.unwrap();
            }
            Happens::RoleRaised => raise_by_role(house, &self.user).await,
            Happens::AppRaised => raise_by_app(house).await,
            Happens::ConnectionOff => {
                let google = Slug::parse("google").unwrap();
                connections::set_enabled(&house.admin, &OPERATOR, &google, false, CameThrough::Ends).await.unwrap();
            }
        }
    }
}

async fn raise_by_app(house: &TestApp) {
    let mut client = house.stores.clients.find(&ClientId::parse("app").unwrap()).await.unwrap().unwrap();
    client.policy.second_factor_required = true;
    house.commit(vec![Change::UpdateClient(client)]).await;
    house.clients.poll().await.unwrap();
}

fn ask() -> Ask {
    Ask::of("app").with("scope", "openid offline_access")
}

/// What an app has of a session: its tokens, and a code that it has not redeemed yet.
struct Granted {
    access: String,
    refresh: String,
    code: String,
}

impl Granted {
    async fn to_an_app(house: &TestApp, browser: &mut Browser) -> Self {
        let code = browser.get(&ask().url()).await.answer().remove("code").unwrap();
        let tokens = house.redeem("app", &code).await;
        let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
        let code = browser.get(&ask().url()).await.answer().remove("code").unwrap();
        Self { access: token("access_token"), refresh: token("refresh_token"), code }
    }

    /// What each surface answers to it.
    async fn surfaces(&self, house: &TestApp) -> [String; 3] {
        let at_token = async |fields: &[(&str, &str)]| {
            let fields = [fields, &[("client_id", "app")]].concat();
            house.browser().post_once("/token", &fields).await.status.as_u16().to_string()
        };
        let code = [("code", self.code.as_str()), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        let code = [&[("grant_type", "authorization_code")], &code[..]].concat();
        let userinfo = house.get("/userinfo").bearer(&self.access).send().await.status.as_u16().to_string();
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", self.refresh.as_str())];
        [userinfo, at_token(&refresh[..]).await, at_token(&code[..]).await]
    }
}

/// The answers of: an app's request, the same without a page, the account; UserInfo, a refresh, and a code that was issued before and is redeemed now.
type Surfaces = [&'static str; 6];

const ALL: Surfaces = ["code", "code", "/account", "200", "200", "200"];
const GONE: Surfaces = ["/login", "login_required", "/login", "401", "400", "400"];
/// Wherever somebody acts, they are asked to add what is missing. What an app was granted goes on as it says it was granted.
const LACKS: Surfaces = ["/second-step", "interaction_required", "/second-step", "200", "200", "200"];
/// Only the app asks for it.
const AT_THE_APP: Surfaces = ["/second-step", "interaction_required", "/account", "200", "200", "200"];

async fn each(holds: Holds, rows: &[(&[Happens], Surfaces)]) {
    for (happens, expected) in rows {
        let mut somebody = Somebody::begins(holds).await;
        assert!(somebody.enters().await, "{holds:?}: {}", somebody.page.body);
        let granted = Granted::to_an_app(&somebody.house, &mut somebody.browser).await;
        for &one in *happens {
            somebody.happens(one).await;
        }
        let browser = &somebody.browser;
        let [userinfo, refreshed, redeemed] = granted.surfaces(&somebody.house).await;
        let found = [
            at(&browser.clone().get(&ask().url()).await),
            at(&browser.clone().get(&ask().with("prompt", "none").url()).await),
            at(&browser.clone().get("/account").await),
            userinfo,
            refreshed,
            redeemed,
        ];
        assert_eq!(found, *expected, "{holds:?}, {happens:?}");
    }
}

/// It was taken in the place of a factor that there was not, and is worth that much as long as the policy says so, of who administers nothing.
#[tokio::test]
async fn sess_017_each_change_of_strength_holds_where_a_session_rests_on_a_mailed_code() {
    each(
        Holds::MailedCode,
        &[
            (&[Happens::Nothing], ALL),
            (&[Happens::MailedCodesOff], LACKS),
            (&[Happens::PolicyOff], ALL),
            (&[Happens::PolicyOff, Happens::MailedCodesOff], ALL),
            (&[Happens::RoleRaised], ALL),
            (&[Happens::RoleRaised, Happens::MailedCodesOff], LACKS),
            // It is no second factor for an app, nor for who administers.
            (&[Happens::AppRaised], AT_THE_APP),
            (&[Happens::RoleGiven], LACKS),
            (&[Happens::FactorAdded], GONE),
            (&[Happens::PersonDisabled], GONE),
        ],
    )
    .await;
}

/// It is the app's that it stands for, and what was proved by it was proved: new ones change nothing.
#[tokio::test]
async fn sess_017_each_change_of_strength_holds_where_a_session_rests_on_a_recovery_code() {
    each(
        Holds::RecoveryCode,
        &[
            (&[Happens::Nothing], ALL),
            (&[Happens::CodesRenewed], ALL),
            (&[Happens::FactorRemoved], ALL),
            (&[Happens::FactorReset], GONE),
            (&[Happens::PolicyRaised], ALL),
            (&[Happens::PolicyOff], ALL),
            (&[Happens::RoleRaised], ALL),
            (&[Happens::AppRaised], ALL),
            (&[Happens::RoleGiven], ALL),
            (&[Happens::PersonDisabled], GONE),
        ],
    )
    .await;
}

/// A provider's word is one factor.
#[tokio::test]
async fn sess_017_each_change_of_strength_holds_where_a_session_rests_on_a_provider_alone() {
    each(
        Holds::Provider,
        &[
            (&[Happens::Nothing], ALL),
            (&[Happens::PolicyRaised], LACKS),
            (&[Happens::PolicyRaised, Happens::PolicyOff], ALL),
            (&[Happens::RoleRaised], LACKS),
            (&[Happens::AppRaised], AT_THE_APP),
            (&[Happens::FactorAdded], GONE),
            (&[Happens::ConnectionOff], GONE),
            (&[Happens::PersonDisabled], GONE),
        ],
    )
    .await;
}

/// While the page waits there is no session, and the code that is typed there then makes one only where what it rests on is as it was.
#[tokio::test]
async fn sess_017_half_a_login_by_each_of_them_ends_with_what_it_rests_on() {
    for (holds, happens, is_in) in [
        (Holds::MailedCode, Happens::Nothing, true),
        (Holds::MailedCode, Happens::MailedCodesOff, false),
        (Holds::MailedCode, Happens::FactorAdded, false),
        (Holds::MailedCode, Happens::RoleGiven, false),
        (Holds::MailedCode, Happens::PersonDisabled, false),
        (Holds::MailedCode, Happens::PolicyOff, true),
        (Holds::RecoveryCode, Happens::Nothing, true),
        (Holds::RecoveryCode, Happens::CodesRenewed, false),
        (Holds::RecoveryCode, Happens::FactorRemoved, false),
        (Holds::RecoveryCode, Happens::FactorReset, false),
        (Holds::RecoveryCode, Happens::PersonDisabled, false),
        (Holds::RecoveryCode, Happens::PolicyRaised, true),
        (Holds::RecoveryCode, Happens::RoleGiven, true),
        (Holds::RecoveryCode, Happens::AppRaised, true),
        (Holds::ProviderAndPhone, Happens::Nothing, true),
        (Holds::ProviderAndPhone, Happens::ConnectionOff, false),
        (Holds::ProviderAndPhone, Happens::FactorReset, false),
        (Holds::ProviderAndPhone, Happens::PolicyRaised, true),
        (Holds::ProviderAndPhone, Happens::PersonDisabled, false),
    ] {
        let mut somebody = Somebody::begins(holds).await;
        somebody.happens(happens).await;
        assert!(!somebody.house.has_session(&somebody.browser).await, "{holds:?}, {happens:?}");
        assert_eq!(somebody.enters().await, is_in, "{holds:?}, {happens:?}: {}", somebody.page.body);
    }
}
