//! What can be wrong with a field of what was sent: one vocabulary for accounts, clients and connections.
//!
//! Owns the stable codes and their texts. Leaves finding what is wrong to the rules of each aggregate, and other languages to the pages.

use std::time::Duration;

use crate::identity::accounts::{AttributeRejected, ClaimRejected};
use crate::identity::password::PasswordRejected;
use crate::keys::JwksRejected;
use crate::model::branding::color::NotAColor;
use crate::model::branding::{Color, Scheme};
use crate::model::client::NotAClientId;
use crate::model::logo::NotALogo;
use crate::protocol::redirect_uri::RedirectUriRejected;
use crate::protocol::scope::ScopeRejected;
use crate::support::line::LineRejected;
use crate::upstream::claims::Field;

mod claims;
mod codes;
mod conversions;
mod keys;

pub use claims::ClaimProblem;
use codes::{code_of_attribute, code_of_line};
pub use keys::KeyProblem;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {}{error}", .value.as_ref().map(|value| format!("{value:?} ")).unwrap_or_default())]
pub struct FieldProblem {
    /// The path of the field in what was sent: `client_id`, `claim_map.email`.
    pub field: String,
    /// Which of its values it is about, where it has several. Never a secret.
    pub value: Option<String>,
    /// What is wrong with it. [`FieldError::code`] is for programs, its text for operators.
    pub error: FieldError,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// There is nothing where something must be.
    #[error("must not be empty")]
    Missing,
    /// A line of text that other users read.
    #[error("{0}")]
    Line(LineRejected),
    /// Neither a URL nor one that every parser reads alike.
    #[error("must be a URL with a host, without user name and fragment, at most 2000 bytes")]
    NotAUrl,
    /// A URL without TLS.
    #[error("must use https")]
    NotHttps,
    /// A URL that this server calls, at a port where no web server is.
    #[error("must be at port 80, 443, 8080 or 8443, or at one that the setting ports or network.outgoing_ports names")]
    Port,
    /// Ports.
    #[error("must be port numbers, separated by spaces")]
    NotPorts,
    /// RFC 6749 section 3.3: not a list of `scope-token`s.
    #[error("{0}")]
    Scope(ScopeRejected),
    /// Scopes with commas between them.
    #[error("scopes are separated by spaces, without commas")]
    ScopeSeparator,
    /// A list with more entries than this.
    #[error("must have at most {0} entries")]
    TooMany(usize),
    /// An update names a field that it cannot change, with another value than it has.
    #[error("cannot be changed by an update: leave it out, or as it is")]
    ReadOnly,

    /// A number outside of its range.
    #[error("must be between {0} and {1}")]
    Between(u32, u32),
    /// More would be open than the operator configured.
    #[error("the configuration does not allow it")]
    ClosedByConfiguration,
    /// Accounts that could not be signed in to any more, and nobody said that this is meant.
    #[error("{0} accounts are signed in to by a passkey and nothing else: say passkey_only_confirmed if that is meant")]
    OnlyPasskeys(u64),
    /// Domains that nothing is limited to.
    #[error("goes with sign_up domains only")]
    DomainsWithoutUse,

    /// A colour.
    #[error("{0}")]
    Color(NotAColor),
    /// A colour that cannot be read where it is to be: its contrast in hundredths, where it is to be, and the nearest shade that can be.
    #[error(
        "has a contrast of {}.{:02}:1 on {} pages and needs 4.5:1 (WCAG 2.2, 1.4.3): the nearest shade that has it is {}",
        .0 / 100, .0 % 100, .1.as_str(), .2
    )]
    Contrast(u16, Scheme, Color),
    /// A picture that was uploaded to be a logo.
    #[error("{0}")]
    Logo(NotALogo),

    /// The e-mail address of an account.
    #[error("not an e-mail address")]
    Email,
    /// The language of an account: not a tag of BCP 47.
    #[error("not a language tag")]
    Locale,
    /// A claim about the end-user, of a shape that it cannot have.
    #[error("{0}")]
    Claim(ClaimRejected),
    /// A custom attribute of an account, of a value that it cannot have.
    #[error("{0}")]
    Attribute(AttributeRejected),
    /// The name of a custom attribute.
    #[error("must be a letter, then up to 63 letters, digits, _ and -")]
    AttributeName,
    /// The name of a group or of a role in apps.
    #[error("must be a lower-case letter or a digit, then up to 63 lower-case letters, digits, ., _ and -")]
    GroupName,
    /// A group or a role that there is not.
    #[error("there is none of this name")]
    NoSuchGroup,
    /// A client that there is not.
    #[error("there is no such client")]
    NoSuchClient,
    /// What is said of claims.
    #[error("{0}")]
    ClaimRule(ClaimProblem),
    /// A value of another type where a text must be.
    #[error("must be a text")]
    NotAText,
    /// The password of an account.
    #[error("{0}")]
    Password(PasswordRejected),

    /// The chosen id of a client.
    #[error("{0}")]
    ClientId(NotAClientId),
    /// A redirect URI, by its place in the list.
    #[error("{1}")]
    RedirectUri(usize, RedirectUriRejected),
    /// RFC 8707 section 2: a resource, by its place in the list.
    #[error("must be an absolute URI without a fragment")]
    Resource(usize),
    /// A resource that is this server itself.
    #[error("is this server's own: it needs no declaration")]
    OwnResource,
    /// A scope whose words are this server's.
    #[error("is a scope of this server's own, for end-users' claims or its administration: an API has other ones")]
    OwnScope,
    /// It is in the list already.
    #[error("is there twice")]
    Repeated,
    /// RFC 7517 section 5: a JWK Set.
    #[error("{0}")]
    Jwks(JwksRejected),
    /// RFC 7591 section 2: `jwks_uri` and `jwks` "MUST NOT both be present in the same request or response".
    #[error("private_key_jwt needs jwks or jwks_uri, and not both")]
    OneOfJwksAndJwksUri,
    /// Keys beside a method without keys.
    #[error(
        "jwks, jwks_uri, token_endpoint_auth_signing_alg and client_assertion_audience go with private_key_jwt only"
    )]
    KeysWithoutUse,
    /// RFC 6749 appendix A.2: a secret that a client brings along, with the fewest and the most bytes it can have.
    #[error("must be {0} to {1} printable ASCII characters: leave it out, and one is made")]
    ClientSecret(usize, usize),
    /// RFC 6749 section 10.10: a secret that a client brings along, and that was plainly not drawn at random.
    #[error("can be guessed, and must be drawn at random: leave it out, and one is made")]
    GuessableSecret,
    /// A secret beside a method without one.
    #[error("goes with client_secret_basic and client_secret_post only")]
    SecretWithoutUse,
    /// A pin beside a method without a secret.
    #[error("goes with client_secret_basic and client_secret_post only")]
    PinWithoutSecret,
    /// A list that has no use.
    #[error("must be empty without the grant authorization_code")]
    NeedsAuthorizationCode,
    /// RFC 6749 section 2.1: a browser or native client cannot keep a credential.
    #[error("a browser or native client is public: its method is none")]
    MustBePublic,
    /// A client with a server side can keep a credential, and so must have one.
    #[error("a web or service client must authenticate: its method is not none")]
    MustAuthenticate,
    /// RFC 6749 section 4.4: "The client credentials grant type MUST only be used by confidential clients."
    #[error("a public client must not use client_credentials")]
    PublicClientCredentials,
    /// Rights of a client that gets no tokens for itself.
    #[error("needs the grant client_credentials")]
    NeedsClientCredentials,
    /// A service acts for itself.
    #[error("a service client uses client_credentials only")]
    ServiceGrant,
    /// A refresh token comes of an authorization.
    #[error("refresh_token needs authorization_code")]
    RefreshWithoutCode,
    /// `offline_access` asks for a refresh token.
    #[error("offline_access needs the grant refresh_token")]
    OfflineWithoutRefresh,
    /// A service has no end-user whom a scope could tell of.
    #[error("a service client has no end-user: it cannot have the scopes of OpenID Connect")]
    EndUserScope,
    /// RFC 9700 section 2.1.1: "Public clients MUST use PKCE".
    #[error("a public client must use PKCE: required")]
    PublicWithoutPkce,
    /// The server has no key of the algorithm, and makes none.
    #[error("the server does not offer it: see keys.algorithms, keys.on_request and `haechi keys algorithms`")]
    AlgorithmNotOffered,
    /// `application_type` contradicts the kind.
    #[error("follows from kind: leave it out, or as it follows")]
    OtherThanKind,
    /// `response_types` contradicts `grant_types`.
    #[error("follows from grant_types: leave it out, or as it follows")]
    OtherThanGrantTypes,
    /// `token_endpoint_auth_method` of a connection contradicts its preset.
    #[error("follows from preset: leave it out, or as it follows")]
    OtherThanPreset,
    /// A lifetime, with the shortest and the longest that there can be.
    #[error("must be between {} and {} seconds", .0.as_secs(), .1.as_secs())]
    Lifetime(Duration, Duration),

    /// It has characters that cannot be in it, or more than this.
    #[error("must be at most {0} printable ASCII characters without spaces around them")]
    Text(usize),
    /// The name of a connection in URLs.
    #[error("must be 1 to 40 characters of a-z 0-9 - and not begin or end with -")]
    Slug,
    /// The name in URLs is another connection's.
    #[error("is the name of another connection")]
    SlugTaken,
    /// A setting that this kind of provider does not have.
    #[error("is not a setting of this preset")]
    NoSuchSetting,
    /// OpenID Connect Discovery 1.0 section 3: an issuer is a URL "with no query or fragment components".
    #[error("must be a URL without query, as the provider itself writes it")]
    NotAnIssuer,
    /// A tenant at the provider.
    #[error("must be the tenant's id, a UUID in lower case")]
    NotATenant,
    /// An id of Apple's.
    #[error("must be ten letters and digits")]
    NotTenCharacters,
    /// OpenID Connect Core 1.0 section 3.1.2.1: "OpenID Connect requests MUST contain the `openid` scope value."
    #[error("must contain openid")]
    NoOpenid,
    /// There is no such field of a profile.
    #[error("is no field of a profile; there are {}", Field::ALL.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", "))]
    NoSuchField,
    /// Neither a claim's name nor a JSON pointer.
    #[error("must be a claim's name or a JSON pointer such as /account/email")]
    NotAPointer,
    /// A value of a provider's that says of which claim it is.
    #[error("must be acr: or amr: and a value of the provider's, without spaces")]
    UpstreamValue,
    /// Whose account it is would be read from something that changes hands.
    #[error("must not be read from an address, or from anything that can change hands")]
    SubjectChangesHands,
    /// OpenID Connect Core 1.0 section 5.7: only `iss` and `sub` together identify an end-user.
    #[error("is always `sub` with OpenID Connect")]
    SubjectIsFixed,
    /// A domain of e-mail addresses.
    #[error("must be domains such as example.com")]
    Domain,
    /// End-users of that domain are sent to another connection already.
    #[error("another connection has one of these domains already")]
    RoutedElsewhere,
    /// Every end-user who can make an account at the provider would administer this server.
    #[error(
        "must be empty unless sign-up is limited to allowed_domains and the provider's e-mail verification is trusted"
    )]
    RolesWithoutLimit,
    /// ID tokens under the client secret beside others.
    #[error("HS256 does not go with other algorithms here")]
    MixedAlgorithms,
    /// Plain OAuth 2 has no ID tokens.
    #[error("must be empty: there are no ID tokens")]
    NoIdTokens,
    /// Plain OAuth 2 tells nothing of how its users signed in.
    #[error("must be empty: without ID tokens the provider says neither acr nor amr, so nothing would ever count")]
    NothingSaid,
    /// RFC 6749 appendix A.2: a client secret of printable ASCII.
    #[error("must be the secret as the provider shows it, in printable ASCII characters")]
    NotASecret,
    /// Standard Webhooks 1.0.0: a secret that a receiver has already.
    #[error("{0}")]
    WebhookSecret(crate::webhooks::NotASecret),
    /// A key of Apple's.
    #[error("must be the content of the .p8 file with the private key")]
    NotAKey,
    /// A signing key that is brought, or an algorithm that is to be switched off.
    #[error("{0}")]
    Key(KeyProblem),
    /// Where the connection leads changes, and with it where the secret would go.
    #[error("must be given again when the connection leads elsewhere")]
    SecretAgain,
    /// Accounts are linked, by subjects that could be another end-user's elsewhere.
    #[error("cannot change while accounts are linked: make another connection")]
    AccountsLinked,
}

impl FieldError {
    /// The problem of this field.
    pub(super) fn of(self, field: impl Into<String>) -> FieldProblem {
        FieldProblem { field: field.into(), value: None, error: self }
    }

    /// The problem of one of the values of this field.
    pub(super) fn at(self, field: &str, value: &str) -> FieldProblem {
        FieldProblem { field: field.to_owned(), value: Some(value.to_owned()), error: self }
    }

    /// What a program tells these errors apart by. A code never changes its meaning.
    #[allow(clippy::too_many_lines, reason = "a line for each error")]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Line(why) | Self::Claim(ClaimRejected::Line(why)) => code_of_line(why),
            Self::NotAUrl => "not_a_url",
            Self::NotHttps => "not_https",
            Self::Port => "port_not_allowed",
            Self::NotPorts => "not_ports",
            Self::Scope(_) | Self::ScopeSeparator => "not_a_scope",
            Self::TooMany(_) => "too_many",
            Self::ReadOnly => "read_only",
            Self::Between(..) => "out_of_range",
            Self::OnlyPasskeys(_) => "only_passkeys",
            Self::ClosedByConfiguration => "closed_by_configuration",
            Self::DomainsWithoutUse => "domains_without_use",
            Self::Color(_) => "not_a_color",
            Self::Contrast(..) => "low_contrast",
            Self::Logo(_) => "not_a_logo",
            Self::Email => "not_an_email_address",
            Self::GroupName => "not_a_group_name",
            Self::NoSuchGroup => "no_such_group",
            Self::NoSuchClient => "no_such_client",
            Self::Locale => "not_a_locale",
            Self::Claim(_) => "not_a_claim_value",
            Self::Attribute(why) => code_of_attribute(why),
            Self::AttributeName => "not_an_attribute_name",
            Self::ClaimRule(why) => why.code(),
            Self::NotAText => "not_a_text",
            Self::Password(_) => "weak_password",
            Self::ClientId(_) => "not_a_client_id",
            Self::RedirectUri(..) => "not_a_redirect_uri",
            Self::Resource(_) => "not_a_resource",
            Self::OwnResource => "own_resource",
            Self::OwnScope => "own_scope",
            Self::Repeated => "repeated",
            Self::Jwks(_) => "not_a_jwk_set",
            Self::WebhookSecret(_) => "not_a_webhook_secret",
            Self::Key(why) => why.code(),
            Self::OneOfJwksAndJwksUri => "one_of_jwks_and_jwks_uri",
            Self::KeysWithoutUse => "keys_without_use",
            Self::ClientSecret(..) => "not_a_client_secret",
            Self::GuessableSecret => "guessable_client_secret",
            Self::SecretWithoutUse => "secret_without_use",
            Self::PinWithoutSecret => "pin_without_secret",
            Self::NeedsAuthorizationCode => "needs_authorization_code",
            Self::MustBePublic => "must_be_public",
            Self::MustAuthenticate => "must_authenticate",
            Self::PublicClientCredentials => "public_client_credentials",
            Self::NeedsClientCredentials => "needs_client_credentials",
            Self::ServiceGrant => "service_grant",
            Self::RefreshWithoutCode => "refresh_without_code",
            Self::OfflineWithoutRefresh => "offline_without_refresh",
            Self::EndUserScope => "end_user_scope",
            Self::PublicWithoutPkce => "public_without_pkce",
            Self::AlgorithmNotOffered => "algorithm_not_offered",
            Self::OtherThanKind => "other_than_kind",
            Self::OtherThanGrantTypes => "other_than_grant_types",
            Self::OtherThanPreset => "other_than_preset",
            Self::Lifetime(..) => "lifetime",
            Self::Text(_) => "not_plain_text",
            Self::Slug => "not_a_slug",
            Self::SlugTaken => "taken",
            Self::NoSuchSetting => "no_such_setting",
            Self::NotAnIssuer => "not_an_issuer",
            Self::NotATenant => "not_a_tenant",
            Self::NotTenCharacters => "not_ten_characters",
            Self::NoOpenid => "no_openid",
            Self::NoSuchField => "no_such_field",
            Self::NotAPointer => "not_a_pointer",
            Self::UpstreamValue => "upstream_value",
            Self::SubjectChangesHands => "subject_changes_hands",
            Self::SubjectIsFixed => "subject_is_fixed",
            Self::Domain => "not_a_domain",
            Self::RoutedElsewhere => "routed_elsewhere",
            Self::RolesWithoutLimit => "roles_without_limit",
            Self::MixedAlgorithms => "mixed_algorithms",
            Self::NoIdTokens => "no_id_tokens",
            Self::NothingSaid => "nothing_said",
            Self::NotASecret => "not_a_secret",
            Self::NotAKey => "not_a_key",
            Self::SecretAgain => "secret_again",
            Self::AccountsLinked => "accounts_linked",
        }
    }
}

#[cfg(test)]
mod tests;
