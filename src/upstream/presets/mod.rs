//! Presets: what each provider is like, as data, one small file each.
//!
//! A preset says where a provider is, what to ask it for, where its answers hold what, and which of a closed set of oddities it
//! has. Every file names its source and the day it was read. Leaves all behaviour to the code that reads the data.

use super::claims::Field;
use super::subject::SubjectPlace;
use crate::i18n::{Key, keys};
use crate::model::Localized;
use crate::protocol::response_mode::ResponseMode;

mod apple;
mod discord;
mod entra;
mod facebook;
mod generic_oauth2;
mod generic_oidc;
mod github;
mod gitlab;
mod google;
mod issuer;
mod kakao;
mod line;
mod linkedin;
mod mapping;
mod naver;
mod slack;
mod twitch;
mod x;

pub use issuer::{Issuer, TENANT};
pub use mapping::Mapping;

/// Everything about a provider that data can say.
#[derive(Debug)]
pub struct Preset {
    /// Its name in configuration: never changes.
    pub id: &'static str,
    /// What the provider is called.
    pub label: Localized,
    /// The text of its button, as the provider's brand rules word it.
    pub button: ButtonTexts,
    /// How its button is drawn.
    pub brand: Brand,
    /// Which protocol it speaks, and where.
    pub kind: Kind,
    /// What is asked for.
    pub scopes: &'static [&'static str],
    /// Parameters that its authorization endpoint wants besides.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Where its answers hold the subject, and of which type: one place for the ID token, or the only profile, and one for a profile that is
    /// read besides.
    pub subject: &'static [SubjectPlace],
    /// Where its answers hold everything else.
    pub claims: &'static [(Field, &'static str)],
    /// When its word on an address is worth something.
    pub email_trust: EmailTrust,
    /// What its ID tokens are signed with (registered names of RFC 7518); empty where the discovery document is to say, and for
    /// plain OAuth 2.
    pub algorithms: &'static [&'static str],
    /// How we prove who we are at its token endpoint.
    pub client_authentication: ClientAuthentication,
    /// What is odd about it.
    pub quirks: &'static [Quirk],
    /// Whether PKCE (RFC 7636) is sent. Providers that do not know it ignore it, RFC 6749 section 3.1; off only for those that fail.
    pub pkce: bool,
    /// The `response_mode` of its authorization responses.
    pub response_mode: ResponseMode,
    /// What an administrator is asked for besides client id and secret.
    pub settings: &'static [Setting],
    /// Where apps are registered.
    pub console: &'static str,
}

/// The texts of a preset's button.
#[derive(Clone, Copy, Debug)]
pub struct ButtonTexts {
    /// On the sign-in page.
    pub sign_in: Key,
    /// On the sign-up page.
    pub sign_up: Key,
}

impl ButtonTexts {
    /// The texts of a connection that has a label of its own, and of a provider without brand rules.
    pub const OTHER: Self = Self { sign_in: keys::button::OTHER, sign_up: keys::button::OTHER_SIGN_UP };
}

/// A button's looks. The style sheet has the same colours in the class `on-` and [`Brand::name`]; a test compares them.
#[derive(Clone, Copy, Debug)]
pub struct Brand {
    /// The name of its mark (`upstream-NAME.svg`) and of its class (`on-NAME`).
    pub name: &'static str,
    /// The background colour, as CSS.
    pub ground: &'static str,
    /// The colour of the text, as CSS.
    pub ink: &'static str,
    /// The colour of the border, as CSS.
    pub edge: &'static str,
}

/// Which protocol a provider speaks.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// OpenID Connect: an ID token says who the user is.
    Oidc {
        /// Who issues its ID tokens.
        issuer: Issuer,
        /// Endpoints that are known without asking, where the discovery document is not to be relied on.
        endpoints: Option<OidcEndpoints>,
        /// What is read besides the ID token.
        profile: ProfileCall,
    },
    /// OAuth 2 with a profile endpoint.
    OAuth2 {
        /// Its endpoints; `None` where the administrator names them.
        endpoints: Option<OAuth2Endpoints>,
    },
}

/// What is read after the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileCall {
    /// Nothing: the ID token says it all.
    Nothing,
    /// The `UserInfo` endpoint of the discovery document: OpenID Connect Core 1.0 section 5.3.
    UserInfo,
    /// This endpoint, with the access token.
    Endpoint(&'static str),
}

/// Endpoints of an OpenID provider.
#[derive(Clone, Copy, Debug)]
pub struct OidcEndpoints {
    /// Where users are sent.
    pub authorization: &'static str,
    /// Where codes are redeemed.
    pub token: &'static str,
    /// Where its keys are.
    pub jwks: &'static str,
}

/// Endpoints of an OAuth 2 server.
#[derive(Clone, Copy, Debug)]
pub struct OAuth2Endpoints {
    /// Where users are sent.
    pub authorization: &'static str,
    /// Where codes are redeemed.
    pub token: &'static str,
    /// Where the profile is read.
    pub profile: &'static str,
    /// What is read after the profile, where the profile leaves something out.
    pub extra: Option<&'static str>,
}

/// When a provider's word that an address was verified is sound.
///
/// Sound is only what the provider cannot be wrong about: that an account has a mailbox which it runs itself. That it once sent a
/// mail to an address elsewhere says nothing about whose the address is today. An administrator who sees it otherwise can trust a
/// connection whose preset does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailTrust {
    /// Not at all, unless the administrator says so.
    Off,
    /// For addresses of these domains, and of the domain that the answer names as hosted.
    OwnMailboxes(&'static [&'static str]),
}

impl EmailTrust {
    /// Whether a new connection trusts the provider.
    pub const fn by_default(self) -> bool {
        matches!(self, Self::OwnMailboxes(_))
    }
}

/// How we prove who we are: OpenID Connect Core 1.0 section 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`.
    SecretBasic,
    /// `client_secret_post`.
    SecretPost,
    /// `client_secret_post` with a secret that is a JWT of our own: see [`super::apple`].
    AppleSecret,
}

/// What is odd about a provider. Closed: a new oddity is a new line here and the code that knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quirk {
    /// Flags may be the texts `"true"` and `"1"`, or the number 1.
    StringBooleans,
    /// A second answer came through the browser, unsigned: only names are taken from it.
    UnsignedUser,
    /// An answer is a list of addresses, of which the primary one counts.
    PrimaryEmailInList,
    /// An address is answered only once it was confirmed.
    ConfirmedEmail,
    /// A picture is named by its digest.
    AvatarHash,
    /// The profile answer has a `resultcode`, and is an error unless that is `"00"`.
    ResultCode,
    /// The token endpoint answers errors with status 200.
    ErrorsWithStatusOk,
    /// `scope` in the token answer is an array.
    ScopeAsArray,
    /// `scope` in the token answer has commas.
    ScopeWithCommas,
    /// `expires_in` in the token answer is a text.
    ExpiresInAsString,
    /// The token endpoint wants `state` too.
    StateAtToken,
    /// The ID token comes without the `nonce` that was sent.
    NoNonce,
}

/// Something that an administrator is asked for besides client id and secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in configuration.
    pub name: &'static str,
    /// What the console calls it.
    pub label: Key,
    /// What it looks like.
    pub example: &'static str,
    /// Whether there is no going without it.
    pub required: bool,
}

/// Ports besides those of the web where a provider whose address is the administrator's to name may be.
pub const PORTS: Setting =
    Setting { name: "ports", label: keys::connection::SETTING_PORTS, example: "5556 9443", required: false };

impl Preset {
    /// Whether the provider has this oddity.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }
}

/// Every preset, in the order in which they are offered.
pub const ALL: &[&Preset] = &[
    &google::PRESET,
    &apple::PRESET,
    &kakao::PRESET,
    &kakao::REST,
    &naver::PRESET,
    &line::PRESET,
    &github::PRESET,
    &gitlab::PRESET,
    &entra::ANY_TENANT,
    &entra::ONE_TENANT,
    &entra::CONSUMERS,
    &facebook::PRESET,
    &x::PRESET,
    &linkedin::PRESET,
    &discord::PRESET,
    &slack::PRESET,
    &twitch::PRESET,
    &generic_oidc::PRESET,
    &generic_oauth2::PRESET,
];

/// The preset of that name.
pub fn find(id: &str) -> Option<&'static Preset> {
    ALL.iter().copied().find(|preset| preset.id == id)
}

/// The subject of ID tokens and of `UserInfo`.
const SUB: SubjectPlace = SubjectPlace::text("/sub");

/// What is the same in every preset of standard OpenID Connect: Core 1.0 section 5.1.
const STANDARD_CLAIMS: &[(Field, &str)] = &[
    (Field::Email, "/email"),
    (Field::EmailVerified, "/email_verified"),
    (Field::Name, "/name"),
    (Field::Name, "/preferred_username"),
    (Field::Name, "/nickname"),
    (Field::GivenName, "/given_name"),
    (Field::FamilyName, "/family_name"),
    (Field::Picture, "/picture"),
    (Field::Locale, "/locale"),
    (Field::MiddleName, "/middle_name"),
    (Field::Nickname, "/nickname"),
    (Field::PreferredUsername, "/preferred_username"),
    (Field::Profile, "/profile"),
    (Field::Website, "/website"),
    (Field::Gender, "/gender"),
    (Field::Birthdate, "/birthdate"),
    (Field::Zoneinfo, "/zoneinfo"),
    (Field::Address, "/address"),
    (Field::PhoneNumber, "/phone_number"),
];

#[cfg(test)]
mod tests;
