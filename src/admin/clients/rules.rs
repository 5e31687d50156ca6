//! Whether the parts of a client's registration go together. Asked of the whole client after every change.

use std::time::Duration;

use url::Url;

use super::ServerCapabilities;
use crate::keys::JwksRejected;
use crate::model::client::{Client, ClientAuthentication, ClientKeys, ClientKind, PkcePolicy, SigningAlgorithm};
use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::RedirectUriRejected;
use crate::protocol::scope::{ScopeRejected, standard};
use crate::support::line::LineRejected;

/// The most redirect URIs, and the most resources, of one client.
const MAX_ENTRIES: usize = 50;
const DAY: Duration = Duration::from_hours(24);
const LONGEST_REFRESH: Duration = Duration::from_hours(24 * 365 * 2);

/// What is wrong with a registration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct MetadataRejected {
    /// The field's name in the document: RFC 7591 section 2.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: MetadataProblem,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataProblem {
    /// `client_name` is no single line of text.
    #[error("{0}")]
    Name(LineRejected),
    /// A redirect URI, by its place in the list.
    #[error("entry {0} {1}")]
    RedirectUri(usize, RedirectUriRejected),
    /// `scope` is no list of scope tokens.
    #[error("{0}")]
    Scope(ScopeRejected),
    /// A resource, by its place in the list.
    #[error("entry {0} must be an absolute URI without a fragment")]
    Resource(usize),
    /// `jwks` is no JWK Set that can be used.
    #[error("{0}")]
    Jwks(JwksRejected),
    /// The text is no absolute URL.
    #[error("must be a URL with a host, without user name and fragment, at most 2000 bytes")]
    NotAUrl,
    /// A URL that is not https.
    #[error("must use https")]
    NotHttps,
    /// `private_key_jwt` with both or neither.
    #[error("private_key_jwt needs jwks or jwks_uri, and not both")]
    OneOfJwksAndJwksUri,
    /// Keys beside a method without keys.
    #[error("jwks, jwks_uri and token_endpoint_auth_signing_alg go with private_key_jwt only")]
    KeysWithoutUse,
    /// A list is empty that must not be.
    #[error("must not be empty")]
    Missing,
    /// A list that has no use.
    #[error("must be empty without the grant authorization_code")]
    NeedsAuthorizationCode,
    /// A list is too long.
    #[error("must have at most {MAX_ENTRIES} entries")]
    TooMany,
    /// RFC 6749 section 2.1: a browser or native client cannot keep a credential.
    #[error("a browser or native client is public: its method is none")]
    MustBePublic,
    /// A client with a server side can keep a credential, and so must have one.
    #[error("a web or service client must authenticate: its method is not none")]
    MustAuthenticate,
    /// RFC 6749 section 4.4: "The client credentials grant type MUST only be used by confidential clients."
    #[error("a public client must not use client_credentials")]
    PublicClientCredentials,
    /// A service acts for itself.
    #[error("a service client uses client_credentials only")]
    ServiceGrant,
    /// A refresh token comes of an authorization.
    #[error("refresh_token needs authorization_code")]
    RefreshWithoutCode,
    /// `offline_access` asks for a refresh token.
    #[error("offline_access needs the grant refresh_token")]
    OfflineWithoutRefresh,
    /// A service has no person whom a scope could tell of.
    #[error("a service client has no person: it cannot have the scopes of OpenID Connect")]
    PersonsScope,
    /// RFC 9700 section 2.1.1: "Public clients MUST use PKCE".
    #[error("a public client must use PKCE")]
    PublicWithoutPkce,
    /// The server has no key of the algorithm.
    #[error("the server does not sign with this algorithm")]
    AlgorithmNotOffered,
    /// `application_type` contradicts the kind.
    #[error("follows from kind: leave it out, or as it follows")]
    OtherThanKind,
    /// `response_types` contradicts `grant_types`.
    #[error("follows from grant_types: leave it out, or as it follows")]
    OtherThanGrantTypes,
    /// An update names a field that it cannot change, with another value than it has.
    #[error("cannot be changed by an update: leave it out, or as it is")]
    ReadOnly,
    /// A lifetime is not between these two.
    #[error("must be between {} and {} seconds", .0.as_secs(), .1.as_secs())]
    Lifetime(Duration, Duration),
}

impl MetadataProblem {
    /// The problem of a field.
    pub(super) const fn of(self, field: &'static str) -> MetadataRejected {
        MetadataRejected { field, problem: self }
    }
}

type Checked = Result<(), MetadataRejected>;

/// Checks the whole client.
pub(super) fn check(client: &Client, capabilities: &ServerCapabilities) -> Checked {
    if client.presentation.name.is_empty() {
        return Err(MetadataProblem::Name(LineRejected::Empty).of("client_name"));
    }
    check_authentication(client, capabilities.http_allowed)?;
    check_grants(client)?;
    check_lists(client)?;
    check_scopes(client)?;
    check_algorithms(client, &capabilities.algorithms)?;
    check_lifetimes(client)?;
    check_links(client)
}

fn check_authentication(client: &Client, http_allowed: bool) -> Checked {
    let field = "token_endpoint_auth_method";
    let public_kind = matches!(client.kind, ClientKind::Browser | ClientKind::Native);
    match &client.authentication.method {
        ClientAuthentication::None if !public_kind => Err(MetadataProblem::MustAuthenticate.of(field)),
        ClientAuthentication::None if client.policy.pkce == PkcePolicy::Exempt => {
            Err(MetadataProblem::PublicWithoutPkce.of("require_pkce"))
        }
        ClientAuthentication::None => Ok(()),
        _ if public_kind => Err(MetadataProblem::MustBePublic.of(field)),
        ClientAuthentication::PrivateKeyJwt { keys: ClientKeys::JwksUri(uri), .. } => {
            check_https("jwks_uri", uri, http_allowed)
        }
        _ => Ok(()),
    }
}

fn check_grants(client: &Client) -> Checked {
    let field = "grant_types";
    let uses = |grant| client.may_use(grant);
    if client.policy.grant_types.is_empty() {
        return Err(MetadataProblem::Missing.of(field));
    }
    if client.kind == ClientKind::Service && client.policy.grant_types != [GrantType::ClientCredentials] {
        return Err(MetadataProblem::ServiceGrant.of(field));
    }
    if client.is_public() && uses(GrantType::ClientCredentials) {
        return Err(MetadataProblem::PublicClientCredentials.of(field));
    }
    if uses(GrantType::RefreshToken) && !uses(GrantType::AuthorizationCode) {
        return Err(MetadataProblem::RefreshWithoutCode.of(field));
    }
    Ok(())
}

fn check_lists(client: &Client) -> Checked {
    let sizes = [
        ("redirect_uris", client.redirects.uris.len()),
        ("post_logout_redirect_uris", client.redirects.post_logout_uris.len()),
        ("resources", client.policy.resources.len()),
        ("serves", client.policy.serves.len()),
    ];
    if let Some((field, _)) = sizes.into_iter().find(|(_, size)| *size > MAX_ENTRIES) {
        return Err(MetadataProblem::TooMany.of(field));
    }
    if client.may_use(GrantType::AuthorizationCode) {
        // An authorization never learns a redirect URI: there must be one.
        return if client.redirects.uris.is_empty() {
            Err(MetadataProblem::Missing.of("redirect_uris"))
        } else {
            Ok(())
        };
    }
    match sizes.into_iter().take(2).find(|(_, size)| *size > 0) {
        Some((field, _)) => Err(MetadataProblem::NeedsAuthorizationCode.of(field)),
        None => Ok(()),
    }
}

fn check_scopes(client: &Client) -> Checked {
    let field = "scope";
    let offline = client.policy.scopes.contains(standard::OFFLINE_ACCESS);
    if !client.may_use(GrantType::AuthorizationCode) && client.policy.scopes.iter().any(|s| standard::ALL.contains(&s))
    {
        return Err(MetadataProblem::PersonsScope.of(field));
    }
    if offline && !client.may_use(GrantType::RefreshToken) {
        return Err(MetadataProblem::OfflineWithoutRefresh.of(field));
    }
    Ok(())
}

fn check_algorithms(client: &Client, offered: &[SigningAlgorithm]) -> Checked {
    if !offered.contains(&client.tokens.access_token_algorithm) {
        return Err(MetadataProblem::AlgorithmNotOffered.of("access_token_signed_response_alg"));
    }
    let signs_in = client.may_use(GrantType::AuthorizationCode);
    if signs_in && !offered.contains(&client.tokens.id_token_algorithm) {
        return Err(MetadataProblem::AlgorithmNotOffered.of("id_token_signed_response_alg"));
    }
    Ok(())
}

fn check_lifetimes(client: &Client) -> Checked {
    let lifetimes = &client.tokens.lifetimes;
    let minute = Duration::from_mins(1);
    let bounds = [
        // A stolen access token is good until it expires, so a day is long already.
        ("access_token_lifetime", lifetimes.access_token, minute, DAY),
        ("refresh_token_idle_lifetime", lifetimes.refresh_token_idle, minute, LONGEST_REFRESH),
        (
            "refresh_token_lifetime",
            lifetimes.refresh_token_absolute,
            lifetimes.refresh_token_idle.max(minute),
            LONGEST_REFRESH,
        ),
    ];
    match bounds.into_iter().find(|(_, span, least, most)| span < least || span > most) {
        Some((field, _, least, most)) => Err(MetadataProblem::Lifetime(least, most).of(field)),
        None => Ok(()),
    }
}

/// Pages make links and pictures of these: https and nothing that a browser would run.
fn check_links(client: &Client) -> Checked {
    let links = &client.presentation.links;
    let all = [
        ("client_uri", &links.client_uri),
        ("logo_uri", &links.logo_uri),
        ("policy_uri", &links.policy_uri),
        ("tos_uri", &links.tos_uri),
    ];
    for (field, link) in all {
        if let Some(url) = link {
            check_https(field, url, false)?;
        }
    }
    Ok(())
}

fn check_https(field: &'static str, url: &Url, http_allowed: bool) -> Checked {
    match url.scheme() {
        "https" => Ok(()),
        "http" if http_allowed => Ok(()),
        _ => Err(MetadataProblem::NotHttps.of(field)),
    }
}
