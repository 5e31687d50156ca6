//! What is taken from somebody, or switched off, is so at once: on every page and at every door of the console, of the API, of the account and of apps, and on
//! a node that knows it only from the database. What clients, connections and consents rest on: see `matrix`.

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::policy::{self, SignInResource};
use haechi::admin::users::{self, MembershipsResource};
use haechi::admin::{Authority, ProvenAuthority, clients, sessions};
use haechi::config::mail::MailTransport;
use haechi::model::User;
use haechi::model::client::ClientId;
use haechi::model::mail::MailPurpose;
use haechi::model::user::{EmailAddress, Role};
use haechi::protocol::ScopeSet;
use haechi::store::Change;
use serde_json::{Value, json};

use crate::admin::affiliations::define;
use crate::admin::api::{call, house_with, own_api, send, somebody};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::upstream::is_signed_in;

const OPERATOR: ProvenAuthority = Authority::operator();

/// The surfaces, in the order of the columns: of an administrator a page and a form of the console, reading and writing by the API, and the pages of the
/// account; the doors: a password, a passkey, a mail, a new account; and what an app hears of a role that somebody has, of one that a group brings, and of the
/// group.
const SURFACES: [&str; 12] = [
    "console", "form", "read", "write", "account", "password", "passkey", "mail", "sign-up", "role", "brought", "group",
];
/// The pages of an account.
const ACCOUNT: [&str; 8] = ["", "/profile", "/security", "/sessions", "/apps", "/preferences", "/data", "/delete"];

/// What happened, and what is still served: `x` where it is, `-` where it is not.
const TABLE: &[(&str, &str)] = &[
    ("nothing", "x x x x x x x x x x x x"),
    ("administrator no more", "- - - - x x x x x x x x"),
    ("auditor from now on", "x - x - x x x x x x x x"),
    ("role taken", "x x x x x x x x x - x x"),
    ("role deleted", "x x x x x x x x x - x x"),
    ("group left", "x x x x x x x x x x - -"),
    ("group without the role", "x x x x x x x x x x - x"),
    ("group deleted", "x x x x x x x x x x - -"),
    ("people disabled", "- - - - - - - - x - - -"),
    ("people deleted", "- - - - - - - - x - - -"),
    ("people signed out", "- - - - - x x x x - - -"),
    ("everybody signed out", "- - - - - x x x x - - -"),
    // What is granted offline outlives the session, and proves nothing any more.
    ("session ended", "- - x - - x x x x x x x"),
    ("client of the API disabled", "x x - - x x x x x x x x"),
    ("client of the API without the scope", "x x x - x x x x x x x x"),
    ("app disabled", "x x x x x x x x x - - -"),
    ("consent withdrawn", "x x x x x x x x x - - -"),
    ("app without the scopes", "x x x x x x x x x - - -"),
    ("passkeys switched off", "x x x x x x - x x x x x"),
    ("mail switched off", "x x x x x x x - x x x x"),
    ("sign-up switched off", "x x x x x x x x - x x x"),
];

/// An administrator in a browser and with a token; somebody with a passkey, who has a role and is in a group; somebody whose address is confirmed. On two
/// nodes, one of which is asked; its pages were open before.
struct Scene {
    here: TestApp,
    other: TestApp,
    at_other: bool,
    chief: User,
    kim: User,
    lee: User,
    browser: Browser,
    form: Page,
    token: String,
    device: Authenticator,
    login: (Browser, Page),
    sign_up: (Browser, Page),
    told: String,
}

fn shop() -> ClientId {
    ClientId::parse("shop").unwrap()
}

async fn decide(house: &TestApp, document: Value) {
    let document: SignInResource = serde_json::from_value(document).unwrap();
    policy::set_sign_in(&house.admin, &OPERATOR, (), &document).await.unwrap();
}

async fn give(house: &TestApp, user: &User, document: Value) {
    let document: MembershipsResource = serde_json::from_value(document).unwrap();
    users::set_memberships(&house.admin, &OPERATOR, user.id, &document).await.unwrap();
}

/// An app that hears of roles and groups, and what there is to hear of.
async fn furnish(house: &TestApp) {
    decide(house, json!({ "email_sign_in": true })).await;
    somebody(house, "owner", &[Role::Owner]).await;
    let scopes = ScopeSet::parse("openid groups roles").unwrap();
    house.client("shop", |client| client.policy.scopes = scopes).await;
    define::<RoleResource>(house, json!({ "name": "reader" })).await;
    define::<RoleResource>(house, json!({ "name": "editor" })).await;
    define::<GroupResource>(house, json!({ "name": "staff", "roles": ["editor"] })).await;
}

/// The access token that an app gets in a browser in which somebody is signed in.
async fn token_in(house: &TestApp, browser: &mut Browser, client: &str, ask: &Ask) -> String {
    let answer = browser.get(&ask.url()).await.answer();
    let tokens = house.redeem(client, &answer["code"]).await;
    tokens["access_token"].as_str().unwrap_or_else(|| panic!("no token: {tokens}")).to_owned()
}

/// A browser at a node, at one of its pages.
async fn at(node: &TestApp, path: &str) -> (Browser, Page) {
    let mut browser = node.browser();
    let page = browser.get(path).await;
    (browser, page)
}

/// What nodes do four times a second.
async fn look(node: &TestApp) {
    node.clients.poll().await.unwrap();
    node.policies.poll().await.unwrap();
}

impl Scene {
    async fn new(at_other: bool) -> Self {
        let here = house_with(|config| config.mail.transport = Some(MailTransport::File)).await;
        furnish(&here).await;
        let chief = somebody(&here, "chief", &[Role::Administrator]).await;
        let (kim, lee) = (somebody(&here, "kim", &[]).await, somebody(&here, "lee", &[]).await);
        here.commit(vec![Change::UpdateUser(User { email_verified: true, ..lee.clone() })]).await;
        give(&here, &kim, json!({ "groups": ["staff"], "roles": ["reader"] })).await;
        here.consented(&kim, "shop", "openid groups roles").await;
        let mut device = Authenticator::new(here.issuer(), "kim");
        let mut of_kim = here.signed_in(&kim).await;
        assert!(of_kim.add_passkey(&mut device, "").await.has("saved"));
        let ask = Ask::of("shop").with("scope", "openid groups roles");
        let told = token_in(&here, &mut of_kim, "shop", &ask).await;
        let mut browser = here.signed_in(&chief).await;
        let ask = Ask::of("tool").with("scope", "openid offline_access haechi:write");
        let ask = ask.with("resource", &own_api(&here));
        let token = token_in(&here, &mut browser, "tool", &ask).await;
        let other = here.second_node().await;
        let node = if at_other { &other } else { &here };
        look(&here).await;
        look(&other).await;
        browser.turn_to(&node.router);
        let form = browser.get("/admin/people/new").await;
        let (login, sign_up) = (at(node, "/login").await, at(node, "/signup").await);
        Self { here, other, at_other, chief, kim, lee, browser, form, token, device, login, sign_up, told }
    }

    fn node(&self) -> &TestApp {
        if self.at_other { &self.other } else { &self.here }
    }

    fn people(&self) -> [&User; 3] {
        [&self.chief, &self.kim, &self.lee]
    }

    /// It happens at the first node, and both look what is new.
    async fn happens(&self, what: &str) {
        let (house, admin) = (&self.here, &self.here.admin);
        match what {
            "nothing" => {}
            "administrator no more" => drop(users::set_roles(admin, &OPERATOR, self.chief.id, vec![]).await.unwrap()),
            "auditor from now on" => {
                users::set_roles(admin, &OPERATOR, self.chief.id, vec![Role::Auditor]).await.unwrap();
            }
            "people disabled" => {
                for user in self.people() {
                    users::set_enabled(admin, &OPERATOR, user.id, false).await.unwrap();
                }
            }
            "people deleted" => {
                for user in self.people() {
                    users::delete(admin, &OPERATOR, user.id).await.unwrap();
                }
            }
            "people signed out" => {
                for user in self.people() {
                    users::revoke_sessions(admin, &OPERATOR, user.id).await.unwrap();
                }
            }
            "everybody signed out" => drop(sessions::end_all(admin, &OPERATOR).await.unwrap()),
            "session ended" => {
                let session = house.flow.sessions.load(self.browser.visitor().session.as_ref()).await.unwrap();
                let id = session.current().unwrap().id;
                assert!(house.flow.sessions.end_elsewhere(self.chief.id, id).await.unwrap());
            }
            "client of the API disabled" => self.switch_off("tool").await,
            "app disabled" => self.switch_off("shop").await,
            "consent withdrawn" => house.accounts.withdraw_consent(self.kim.id, shop()).await.unwrap(),
            "client of the API without the scope" => self.narrow("tool", "openid offline_access haechi:read").await,
            "app without the scopes" => self.narrow("shop", "openid").await,
            "passkeys switched off" => decide(house, json!({ "passkey_sign_in": false })).await,
            "mail switched off" => decide(house, json!({ "email_sign_in": false })).await,
            "sign-up switched off" => decide(house, json!({ "sign_up": "closed" })).await,
            of_groups => self.happens_to_groups(of_groups).await,
        }
        look(&self.here).await;
        look(&self.other).await;
    }

    async fn happens_to_groups(&self, what: &str) {
        let (house, admin) = (&self.here, &self.here.admin);
        let staff = affiliations::find::<GroupResource>(admin, &OPERATOR, "staff").await.unwrap().unwrap();
        let staff = staff.affiliation.id;
        match what {
            "role taken" => give(house, &self.kim, json!({ "roles": [] })).await,
            "role deleted" => {
                let reader = affiliations::find::<RoleResource>(admin, &OPERATOR, "reader").await.unwrap().unwrap();
                affiliations::delete::<RoleResource>(admin, &OPERATOR, reader.affiliation.id).await.unwrap();
            }
            "group left" => give(house, &self.kim, json!({ "groups": [] })).await,
            "group without the role" => {
                let without: GroupResource = serde_json::from_value(json!({ "roles": [] })).unwrap();
                affiliations::update(admin, &OPERATOR, staff, &without).await.unwrap();
            }
            "group deleted" => affiliations::delete::<GroupResource>(admin, &OPERATOR, staff).await.unwrap(),
            other => panic!("{other}"),
        }
    }

    async fn switch_off(&self, client: &str) {
        clients::set_enabled(&self.here.admin, &OPERATOR, ClientId::parse(client).unwrap(), false).await.unwrap();
    }

    async fn narrow(&self, client: &str, scope: &str) {
        let id = ClientId::parse(client).unwrap();
        let mut client = self.here.stores.clients.find(&id).await.unwrap().unwrap();
        client.policy.scopes = ScopeSet::parse(scope).unwrap();
        self.here.commit(vec![Change::UpdateClient(client)]).await;
    }

    async fn serves(&mut self, surface: &str) -> bool {
        match surface {
            "console" => self.browser.get_once("/admin/people").await.status == 200,
            "form" => {
                let filled = [("email", "by-form@example.com"), ("password", PASSWORD)];
                self.browser.submit(&self.form, "create", &filled).await;
                self.is_there("by-form@example.com").await
            }
            "read" => call(self.node(), "GET", "/users", &self.token).send().await.status == 200,
            "write" => {
                let new = json!({ "email": "by-api@example.com" });
                send(self.node(), ("POST", "/users"), &self.token, &new).await;
                self.is_there("by-api@example.com").await
            }
            "account" => self.account().await,
            "password" => {
                let (mut browser, page) = at(self.node(), "/login").await;
                let filled = [("email", self.chief.email.as_str()), ("password", PASSWORD)];
                browser.submit(&page, "login", &filled).await;
                is_signed_in(&browser)
            }
            "passkey" => {
                let (browser, page) = &mut self.login;
                browser.use_passkey(page, &mut self.device).await;
                is_signed_in(browser)
            }
            "mail" => self.mail().await,
            "sign-up" => {
                let (browser, page) = &mut self.sign_up;
                browser.submit(page, "signup", &[("email", "new@example.com"), ("password", PASSWORD)]).await;
                let is = is_signed_in(browser);
                assert_eq!(self.is_there("new@example.com").await, is);
                is
            }
            "role" => self.hears("roles", "reader").await,
            "brought" => self.hears("roles", "editor").await,
            "group" => self.hears("groups", "staff").await,
            other => panic!("{other}"),
        }
    }

    /// Whether there is an account of this address.
    async fn is_there(&self, email: &str) -> bool {
        let email = EmailAddress::parse(email).unwrap();
        self.here.stores.users.find_by_email(&email).await.unwrap().is_some()
    }

    /// Whether the pages of the account are shown: all of them, or none.
    async fn account(&mut self) -> bool {
        let mut shown = Vec::new();
        for page in ACCOUNT {
            if self.browser.get_once(&format!("/account{page}")).await.status == 200 {
                shown.push(page);
            }
        }
        assert!(shown.is_empty() || shown.len() == ACCOUNT.len(), "only {shown:?}");
        !shown.is_empty()
    }

    /// Whether somebody is mailed a link, and it signs them in.
    async fn mail(&self) -> bool {
        let (mut browser, page) = at(self.node(), "/login").await;
        let filled = [("email", self.lee.email.as_str()), ("password", ""), ("mail", "yes")];
        browser.submit(&page, "login", &filled).await;
        let letters = self.node().mails_for(self.lee.email.as_str(), MailPurpose::SignIn).await;
        let Some(letter) = letters.first() else { return false };
        let page = browser.get(&letter.link("/login/link")).await;
        if page.has("use-link") {
            browser.submit(&page, "use-link", &[]).await;
        }
        is_signed_in(&browser)
    }

    /// Whether the app hears of one of these.
    async fn hears(&self, claim: &str, of: &str) -> bool {
        let answer = self.node().get("/userinfo").bearer(&self.told).send().await;
        let told = if answer.status == 200 { answer.json()[claim].clone() } else { Value::Null };
        told.as_array().is_some_and(|all| all.iter().any(|one| one == of))
    }
}

#[tokio::test]
async fn what_is_taken_or_switched_off_is_so_on_every_surface_and_every_node() {
    let mut wrong = Vec::new();
    for at_other in [false, true] {
        for (what, expected) in TABLE {
            let mut scene = Scene::new(at_other).await;
            scene.happens(what).await;
            for (surface, expected) in SURFACES.iter().zip(expected.split(' ')) {
                let served = if scene.serves(surface).await { "x" } else { "-" };
                if served != expected {
                    let node = if at_other { "other node" } else { "same node" };
                    wrong.push(format!("{what}, {surface}, {node}: {served} instead of {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
