//! Accounts and clients as pages show them.

use crate::http::redirect::encoded;
use crate::i18n::{Key, Texts, keys};
use crate::model::Locale;
use crate::model::client::Client;
use crate::model::logo::LogoId;
use crate::model::user::{Role, User};

/// An app: its name, its picture, its links.
pub(super) struct AppBadge {
    pub(super) name: String,
    /// Where the picture is that was uploaded to us: one of our own paths, without the issuer's.
    pub(super) own_logo: Option<String>,
    /// Where it is elsewhere.
    pub(super) logo: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) terms: Option<String>,
}

impl AppBadge {
    /// The app as it is registered, by its name in a language; only https links get through.
    pub(super) fn of(client: &Client, locale: Locale) -> Self {
        let https =
            |url: &Option<url::Url>| url.as_ref().filter(|url| url.scheme() == "https").map(ToString::to_string);
        Self {
            name: client.presentation.name_in(locale).to_owned(),
            own_logo: client.presentation.links.logo.as_ref().map(LogoId::path),
            logo: https(&client.presentation.links.logo_uri),
            policy: https(&client.presentation.links.policy_uri),
            terms: https(&client.presentation.links.tos_uri),
        }
    }

    /// An app that there is not, for pages that are only looked at.
    pub(super) fn sample(t: &Texts) -> Self {
        Self { name: t.get(keys::branding::SAMPLE_APP), own_logo: None, logo: None, policy: None, terms: None }
    }

    /// What stands where the picture would.
    pub(super) fn letter(&self) -> String {
        first_letter(&self.name)
    }
}

/// A user: name and address.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
}

impl Person {
    pub(super) fn of(user: &User) -> Self {
        Self { name: user.display_name().to_owned(), email: user.email.to_string() }
    }

    pub(super) fn letter(&self) -> String {
        first_letter(&self.name)
    }
}

pub(super) fn first_letter(text: &str) -> String {
    text.chars().find(|c| c.is_alphanumeric()).map(String::from).unwrap_or_default()
}

/// What a role is called, and what it is for.
pub(super) const fn role_words(role: Role) -> (Key, Key) {
    match role {
        Role::Owner => (keys::role::OWNER, keys::role::OWNER_HINT),
        Role::Administrator => (keys::role::ADMINISTRATOR, keys::role::ADMINISTRATOR_HINT),
        Role::PeopleManager => (keys::role::PEOPLE_MANAGER, keys::role::PEOPLE_MANAGER_HINT),
        Role::AppManager => (keys::role::APP_MANAGER, keys::role::APP_MANAGER_HINT),
        Role::Auditor => (keys::role::AUDITOR, keys::role::AUDITOR_HINT),
    }
}

/// Roles by their names, as a line has them.
pub(super) fn named_roles(t: &Texts, roles: &[Role]) -> String {
    roles.iter().map(|role| t.get(role_words(*role).0)).collect::<Vec<_>>().join(", ")
}

/// The hidden fields of a page's form.
pub(super) struct Form {
    pub(super) csrf: String,
    pub(super) flow: Option<String>,
}

impl Form {
    /// That of a page which is only looked at.
    pub(super) const fn sample() -> Self {
        Self { csrf: String::new(), flow: None }
    }

    /// The query that takes the pending authorization along to another page.
    pub(super) fn query(&self) -> String {
        self.flow.as_ref().map(|flow| format!("?flow={}", encoded(flow))).unwrap_or_default()
    }
}
