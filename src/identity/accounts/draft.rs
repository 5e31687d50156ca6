//! A new account: from what was typed to what is stored.

use serde::Deserialize;
use serde_json::Value;

use super::{AccountRules, Accounts};
use crate::identity::password::{Password, PasswordRejected};
use crate::model::User;
use crate::model::user::EmailAddress;
use crate::store::StoreResult;
use crate::support::Secret;
use crate::support::id::UserId;
use crate::support::line::{self, LineRejected};

/// The longest `name` of a user, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// The longest language tag, in bytes (RFC 5646 section 4.4.1 recommends room for 35).
const MAX_LOCALE_BYTES: usize = 35;

/// What an end-user types to get an account. There is nothing else in it to be set: no role, no verified address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The e-mail address that will sign in.
    pub email: String,
    /// The `name` claim.
    #[serde(default)]
    pub name: Option<String>,
    /// The password as typed, not yet checked.
    pub password: Secret<String>,
    /// The language of the page it was typed on.
    #[serde(default)]
    pub locale: Option<String>,
}

/// What is wrong with a [`NewAccount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountRejected {
    /// It is no e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// The `name` is no single line of text.
    #[error("name: {0}")]
    Name(LineRejected),
    /// The password breaks a rule.
    #[error("{0}")]
    Password(PasswordRejected),
    /// It is no language tag.
    #[error("locale: not a language tag")]
    Locale,
}

/// What an end-user types besides a way to sign in.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// The e-mail address that will be theirs.
    pub email: &'a str,
    /// The `name` claim.
    pub name: Option<&'a str>,
    /// The language of the page it was typed on.
    pub locale: Option<&'a str>,
}

/// The same, after it passed the rules.
#[derive(Debug)]
pub(crate) struct CheckedPerson {
    pub(crate) email: EmailAddress,
    pub(crate) name: Option<String>,
    pub(crate) locale: Option<String>,
}

impl NewPerson<'_> {
    /// Says all that is wrong at once, as [`NewAccount::check`] does.
    pub(crate) fn check(&self) -> Result<CheckedPerson, Vec<AccountRejected>> {
        let email = EmailAddress::parse(self.email).map_err(|_| AccountRejected::Email);
        let name = check_name(self.name).map_err(AccountRejected::Name);
        match (email, name, self.locale.map(check_locale).transpose()) {
            (Ok(email), Ok(name), Ok(locale)) => Ok(CheckedPerson { email, name, locale }),
            (email, name, locale) => Err([email.err(), name.err(), locale.err()].into_iter().flatten().collect()),
        }
    }
}

/// A new account that passed the rules.
#[derive(Debug)]
pub(crate) struct CheckedAccount {
    pub(crate) email: EmailAddress,
    pub(crate) name: Option<String>,
    pub(crate) password: Password,
    pub(crate) locale: Option<String>,
}

impl NewAccount {
    /// Checks everything that can be checked without a store, and says all that is wrong at once: whoever filled in a form mends it in one go.
    pub(crate) fn check(&self, rules: &AccountRules) -> Result<CheckedAccount, Vec<AccountRejected>> {
        let email = EmailAddress::parse(&self.email).map_err(|_| AccountRejected::Email);
        let name = check_name(self.name.as_deref()).map_err(AccountRejected::Name);
        let locale = self.locale.as_deref().map(check_locale).transpose();
        // A password is held against what was typed, as far as that can be.
        let (typed, called) =
            (email.as_ref().map_or("", EmailAddress::as_str), name.as_ref().ok().and_then(Option::as_deref));
        let password = rules.check_password(&self.password, typed, called).map_err(AccountRejected::Password);
        match (email, name, locale, password) {
            (Ok(email), Ok(name), Ok(locale), Ok(password)) => Ok(CheckedAccount { email, name, password, locale }),
            (email, name, locale, password) => {
                Err([email.err(), name.err(), locale.err(), password.err()].into_iter().flatten().collect())
            }
        }
    }
}

/// A name that was left empty is no name.
pub(crate) fn check_name(name: Option<&str>) -> Result<Option<String>, LineRejected> {
    match name.map(|text| line::parse(text, MAX_NAME_CHARS)) {
        None | Some(Err(LineRejected::Empty)) => Ok(None),
        Some(Ok(name)) => Ok(Some(name)),
        Some(Err(why)) => Err(why),
    }
}

/// Checks a BCP 47 language tag and gives it its usual spelling.
pub(crate) fn check_locale(tag: &str) -> Result<String, AccountRejected> {
    if tag.len() > MAX_LOCALE_BYTES {
        return Err(AccountRejected::Locale);
    }
    tag.parse::<unic_langid::LanguageIdentifier>().map(|tag| tag.to_string()).map_err(|_| AccountRejected::Locale)
}

impl Accounts {
    /// A new, active account without any role, for an end-user who signs in to it in the epoch that the server is in now.
    pub(crate) async fn new_user(
        &self,
        email: EmailAddress,
        name: Option<String>,
        locale: Option<String>,
    ) -> StoreResult<User> {
        let server_epoch = self.stores.server.epoch().await?;
        let now = self.clock.now();
        let profile = name.map(|name| ("name".to_owned(), Value::String(name))).into_iter().collect();
        let blank = User::new(UserId::new(now, &*self.random), email, now);
        Ok(User { profile, locale, server_epoch, ..blank })
    }
}
