//! Second factors without pages: an app on somebody's phone, and its codes.

use std::time::Duration;

use haechi::identity::accounts::{Adder, NewFactor};
use haechi::identity::second_factor::TotpSecret;
use haechi::model::User;
use haechi::model::session::SignIn;
use haechi::model::user_edit::UserEdit;
use haechi::support::Clock;
use haechi::support::id::SignInId;

use super::app::{PASSWORD, TestApp};
use super::browser::{Browser, Page};

/// How long a code is shown.
pub const STEP: Duration = Duration::from_secs(30);

/// An app on somebody's phone, and the recovery codes that came with it.
pub struct Phone {
    secret: TotpSecret,
    pub codes: Vec<String>,
    /// The account, as it is since.
    pub user: User,
}

impl Phone {
    /// The code that it shows now.
    pub fn code(&self, house: &TestApp) -> String {
        self.secret.code_at(house.clock.now())
    }

    /// The code of so many steps from now.
    pub fn code_in(&self, house: &TestApp, steps: i64) -> String {
        let at = house.clock.now().seconds() + steps * 30;
        self.secret.code_at(haechi::support::Timestamp::from_seconds(at))
    }

    /// That of a secret which a page shows.
    pub fn reading(page: &Page, user: &User) -> Self {
        Self { secret: read(&page.text("secret")), codes: Vec::new(), user: user.clone() }
    }
}

/// Reads a secret in groups, as somebody types it: RFC 4648 section 6.
#[allow(clippy::format_collect, reason = "a few letters of a test")]
fn read(text: &str) -> TotpSecret {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| format!("{:05b}", alphabet.find(c).unwrap_or_else(|| panic!("{c} is no letter of base32"))))
        .collect();
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    TotpSecret::of(&bytes).unwrap()
}

impl TestApp {
    /// Gives an account an app. Its next code works: the one that it was added with is over.
    pub async fn phone_of(&self, user: &User) -> Phone {
        let secret = self.accounts.draw_totp_secret();
        let code = secret.code_at(self.app.clock.now());
        let new = NewFactor { secret: &secret, name: "Phone", code: &code };
        // As in a sign-in that has just proved itself: it may have others.
        let now = self.app.clock.now();
        let sign_in = SignIn::new(SignInId::from_bytes([7; 16]), user.id, user.epochs(), now);
        let proof = self.accounts.recent_proof(&SignIn { proved_at: Some(now), ..sign_in }).unwrap();
        let added = self.accounts.add_factor((user, &Adder::Adds(proof)), new).await.unwrap();
        self.clock.advance(STEP);
        let codes = added.codes.iter().map(haechi::identity::second_factor::RecoveryCode::shown).collect();
        Phone { secret, codes, user: added.user }
    }

    /// Makes an account that owns the server.
    pub async fn administrator(&self, email: &str) -> User {
        let user = self.user(email).await;
        let roles = Some(vec![haechi::model::user::Role::Owner]);
        let edit = UserEdit { roles, ..UserEdit::new(user.id, self.app.clock.now()) };
        self.commit(vec![haechi::store::Change::EditUser(edit)]).await;
        self.stores.users.find(user.id).await.unwrap().unwrap()
    }

    /// Types an address and the usual password into the login page, and stops at what comes then.
    pub async fn password_in(&self, browser: &mut Browser, page: &Page, email: &str) -> Page {
        browser.submit(page, "login", &[("email", email), ("password", PASSWORD)]).await
    }

    /// Whether a browser has any session.
    pub async fn has_session(&self, browser: &Browser) -> bool {
        let Some(text) = browser.cookie(browser.session_cookie_name()) else { return false };
        let Some(secret) = haechi::sessions::SessionSecret::parse(text) else { return false };
        self.app.flow.sessions.load(Some(&secret)).await.unwrap().current().is_some()
    }
}
