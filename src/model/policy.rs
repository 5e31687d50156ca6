//! What administrators decide for the whole server, beside what the operator configured.
//!
//! Owns what can be decided. What is left undecided is as configured; and as the configuration is the operator's word, a decision only ever
//! narrows it: what then holds is `policy`'s to say, and what may be decided `admin`'s.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::branding::Branding;
use super::client::SigningAlgorithm;
use super::manager::Manager;
use super::user::EmailAddress;

/// The most days that a browser may be trusted for.
pub const MOST_TRUST_DAYS: u16 = 30;

/// What administrators decided: one for the whole server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// How end-users come by accounts, and sign in to them.
    pub sign_in: SignInPolicy,
    /// How the pages of end-users present the service.
    pub branding: Branding,
    /// With which algorithms tokens are signed.
    #[serde(skip_serializing_if = "SigningPolicy::is_as_configured")]
    pub signing: SigningPolicy,
    /// Whose files manage its sections.
    pub managed_by: PolicyManagers,
    /// Counts the changes.
    pub version: i64,
}

/// A part of the policy that is decided, and can be declared, by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicySection {
    /// How end-users come by accounts, and sign in to them.
    SignIn,
    /// How the pages of end-users present the service.
    Branding,
    /// With which algorithms tokens are signed.
    Signing,
}

/// Whose files manage each section, where some do: what they say of it is changed by them alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyManagers {
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in: Option<Manager>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branding: Option<Manager>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signing: Option<Manager>,
}

impl PolicySection {
    /// Every one.
    pub const ALL: &[Self] = &[Self::SignIn, Self::Branding, Self::Signing];

    /// Its name in files, and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Branding => "branding",
            Self::Signing => "signing",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|section| section.as_str() == name)
    }
}

impl Policy {
    /// Whose files manage a section.
    pub const fn manager(&self, section: PolicySection) -> Option<&Manager> {
        match section {
            PolicySection::SignIn => self.managed_by.sign_in.as_ref(),
            PolicySection::Branding => self.managed_by.branding.as_ref(),
            PolicySection::Signing => self.managed_by.signing.as_ref(),
        }
    }

    /// The same, with a section that these files manage, or none.
    #[must_use]
    pub fn managed(mut self, section: PolicySection, by: Option<Manager>) -> Self {
        match section {
            PolicySection::SignIn => self.managed_by.sign_in = by,
            PolicySection::Branding => self.managed_by.branding = by,
            PolicySection::Signing => self.managed_by.signing = by,
        }
        self
    }
}

/// With which of the configured algorithms tokens are signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SigningPolicy {
    /// Those that are switched off: no client begins to use one, and the metadata names none.
    pub off: Vec<SigningAlgorithm>,
}

impl SigningPolicy {
    /// Those that cannot be switched off. OpenID Connect Discovery 1.0 section 3: "The algorithm RS256 MUST be included" in what ID tokens are
    /// signed with; and ES256 is what the access tokens of new clients are signed with.
    pub const ALWAYS_ON: [SigningAlgorithm; 2] = [SigningAlgorithm::RS256, SigningAlgorithm::ES256];

    /// Whether clients may be registered with an algorithm, as far as this goes.
    pub fn is_on(&self, algorithm: SigningAlgorithm) -> bool {
        !self.off.contains(&algorithm)
    }

    /// Whether nothing is decided.
    pub fn is_as_configured(&self) -> bool {
        self.off.is_empty()
    }
}

/// How end-users come by accounts, and sign in to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a decision of its own")]
pub struct SignInPolicy {
    /// Who may make an account.
    pub sign_up: SignUp,
    /// Whether accounts sign in by password.
    pub passwords: bool,
    /// Whether accounts sign in by passkey.
    pub passkeys: bool,
    /// The shortest password, in characters; `None` where it is as configured, as is what follows.
    pub password_min_chars: Option<u16>,
    /// Hours after which an unused session ends.
    pub idle_hours: Option<u32>,
    /// Hours after which a session ends even if it is used.
    pub absolute_hours: Option<u32>,
    /// Whether the login page asks if the browser is to stay signed in once it was closed.
    pub remember_me: bool,
    /// The most sign-ins of an account at once; `None` where there is no limit.
    pub most_sessions: Option<u16>,
    /// Whether accounts have second factors.
    pub second_factor: FactorPolicy,
    /// The same of accounts that administer the server; `None` where it is as configured.
    pub administrators_second_factor: Option<FactorPolicy>,
    /// For how many days an account may trust a browser to go without its second factor; 0 for never.
    pub trust_browser_days: u16,
    /// When an end-user has to prove the address of their account.
    pub verification: Verification,
    /// Whether accounts sign in by a mailed link or code.
    pub by_mail: bool,
    /// Whether a mailed code is taken where an account needs a second factor and has none.
    pub mailed_codes: bool,
}

/// Whether accounts have second factors, from the laxest to the strictest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorPolicy {
    /// None can be added. Those that there are go on being asked for.
    Off,
    /// Who wants one adds one.
    #[default]
    Offered,
    /// Nobody signs in without one: who has none adds it on the way.
    Required,
}

impl FactorPolicy {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Off, Self::Offered, Self::Required];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Offered => "offered",
            Self::Required => "required",
        }
    }

    /// The one of this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|policy| policy.as_str() == word)
    }
}

/// When an end-user has to prove the address of their account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Never; who wants to can, on the pages of their account.
    #[default]
    NotAsked,
    /// Before any app is told who they are.
    BeforeLogin,
    /// Before an app is told who they are that asks for their address (the scope `email`).
    WhenAskedFor,
}

impl Verification {
    /// Every one.
    pub const ALL: &[Self] = &[Self::NotAsked, Self::BeforeLogin, Self::WhenAskedFor];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::BeforeLogin => "before_login",
            Self::WhenAskedFor => "when_asked_for",
        }
    }
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self {
            sign_up: SignUp::Open,
            passwords: true,
            passkeys: true,
            password_min_chars: None,
            idle_hours: None,
            absolute_hours: None,
            remember_me: false,
            most_sessions: None,
            second_factor: FactorPolicy::Offered,
            administrators_second_factor: None,
            trust_browser_days: MOST_TRUST_DAYS,
            verification: Verification::NotAsked,
            by_mail: false,
            mailed_codes: false,
        }
    }
}

/// Who may make an account, on a page of ours or by coming from a provider. What administrators make is no sign-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Everybody.
    #[default]
    Open,
    /// Whose e-mail address is of one of these domains, which are in lower case.
    Domains(BTreeSet<String>),
    /// Nobody.
    Closed,
}

/// Which of the three it is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUpMode {
    /// Everybody may make an account.
    Open,
    /// Whose e-mail address is of one of the domains that are named.
    Domains,
    /// Only administrators make accounts.
    Closed,
}

impl SignUp {
    /// Whether somebody may make an account with this address. The domain is compared as a whole: one below it is another.
    pub fn admits(&self, email: &EmailAddress) -> bool {
        match self {
            Self::Open => true,
            Self::Domains(domains) => domains.contains(email.domain()),
            Self::Closed => false,
        }
    }

    /// Whether anybody may.
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }

    /// Which it is.
    pub const fn mode(&self) -> SignUpMode {
        match self {
            Self::Open => SignUpMode::Open,
            Self::Domains(_) => SignUpMode::Domains,
            Self::Closed => SignUpMode::Closed,
        }
    }

    /// The domains that are named.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::Domains(domains) => Some(domains),
            Self::Open | Self::Closed => None,
        }
        .into_iter()
        .flatten()
        .map(String::as_str)
    }
}

impl SignUpMode {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Open, Self::Domains, Self::Closed];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Domains => "domains",
            Self::Closed => "closed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_compared_as_a_whole() {
        let of = |domains: &[&str]| SignUp::Domains(domains.iter().map(|&domain| domain.to_owned()).collect());
        let email = |text: &str| EmailAddress::parse(text).unwrap();
        let example = of(&["example.com"]);
        assert!(example.admits(&email("kim@example.com")) && example.admits(&email("kim@EXAMPLE.com")));
        for other in
            ["kim@sub.example.com", "kim@example.com.evil.example", "kim@notexample.com", "example.com@evil.example"]
        {
            assert!(!example.admits(&email(other)), "{other}");
        }
        assert!(SignUp::Open.admits(&email("kim@evil.example")) && !SignUp::Closed.admits(&email("kim@example.com")));
        assert!(!of(&[]).admits(&email("kim@example.com")));
    }

    #[test]
    fn a_document_of_before_there_were_members_is_one_that_decides_nothing() {
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), Policy::default());
        let sign_in = SignInPolicy { passwords: false, ..SignInPolicy::default() };
        let narrowed = Policy { sign_in, version: 3, ..Policy::default() };
        let written = serde_json::to_string(&narrowed).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&written).unwrap(), narrowed);
    }
}
