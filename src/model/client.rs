//! An app or service that is registered with Haechi: RFC 6749 section 2, RFC 7591 section 2 for the names.

use std::borrow::Borrow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::resource::Resource;
use crate::protocol::scope::ScopeSet;
use crate::support::id::UserId;
use crate::support::{Digest, Random, Secret, Timestamp, opaque, random};

/// A `client_id`: 1 to 128 characters of `A-Z a-z 0-9 - . _ ~`, never shaped like a person's id, so that a token of a client
/// cannot be taken for one of a person (RFC 9700 section 4.15).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClientId(String);

/// A text that is no `client_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a client id is 1 to 128 characters of A-Z a-z 0-9 - . _ ~ and does not begin with usr_")]
pub struct NotAClientId;

impl ClientId {
    /// Reads a client id.
    pub fn parse(text: &str) -> Result<Self, NotAClientId> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let shaped = (1..=128).contains(&text.len()) && text.bytes().all(legal);
        if shaped && !text.starts_with(UserId::PREFIX) { Ok(Self(text.to_owned())) } else { Err(NotAClientId) }
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ClientId {
    /// Lets a map keyed by client ids be asked with the text that a request carried.
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// What kind of program a client is: decides which redirect URIs it may register and whether it can keep a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// An app with a server side.
    Web,
    /// A program in the browser: public, calls with CORS.
    Browser,
    /// A mobile or desktop program: public, RFC 8252.
    Native,
    /// A program without people: client credentials.
    Service,
}

/// An algorithm that signs: RFC 7518 section 3.1, RFC 8037 section 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// Ed25519.
    #[allow(clippy::upper_case_acronyms, reason = "the registered spelling")]
    EdDSA,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PSS with SHA-256.
    PS256,
}

impl SigningAlgorithm {
    /// Every algorithm that Haechi signs with.
    pub const ALL: &[Self] = &[Self::ES256, Self::EdDSA, Self::RS256, Self::PS256, Self::ES384];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
        }
    }

    /// The algorithm of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|alg| alg.as_str() == text)
    }
}

/// How a client proves who it is at the token endpoint (`token_endpoint_auth_method`). Exactly one, as registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// It cannot: a public client.
    None,
    /// RFC 6749 section 2.3.1, HTTP Basic.
    ClientSecretBasic,
    /// RFC 6749 section 2.3.1, in the request body.
    ClientSecretPost,
    /// OpenID Connect Core 1.0 section 9, RFC 7523 section 2.2.
    PrivateKeyJwt {
        /// Where its public keys are.
        keys: ClientKeys,
        /// The one algorithm its assertions are signed with.
        algorithm: SigningAlgorithm,
    },
}

impl ClientAuthentication {
    /// The registered name of the method.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt { .. } => "private_key_jwt",
        }
    }

    /// Whether the method rests on a shared secret.
    pub const fn uses_secret(&self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// Where a client's public keys come from: `jwks` or `jwks_uri`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// A JWK Set (RFC 7517 section 5), checked when it was registered.
    Jwks(serde_json::Value),
    /// Where the JWK Set is fetched from.
    JwksUri(Url),
}

/// One secret of a client; two overlap while it is rotated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// The digest of the secret: see [`ClientSecret::digest_of`].
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it no longer counts; `None` while it is the current one.
    pub expires_at: Option<Timestamp>,
}

impl ClientSecret {
    /// What the secrets that Haechi makes begin with.
    pub const PREFIX: &'static str = "hcs_";

    /// A new secret: its text, which is shown once, and what is kept of it.
    pub fn generate(now: Timestamp, random: &dyn Random) -> (Secret<String>, Self) {
        let text = Secret::from(opaque::encode(Self::PREFIX, &random::bytes::<32>(random)));
        let kept = Self { digest: Self::digest_of(text.expose()), created_at: now, expires_at: None };
        (text, kept)
    }

    /// The digest of a secret's whole text, which also allows secrets that came from elsewhere.
    pub fn digest_of(text: &str) -> Digest {
        Digest::of("client_secret", text.as_bytes())
    }

    /// Whether it still counts.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Whether people are asked before an app learns who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPolicy {
    /// They are, once for each scope.
    Ask,
    /// The app belongs to the operator: they are not, unless the app itself asks for it.
    FirstParty,
}

/// Whether an authorization request must carry a code challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PkcePolicy {
    /// It must: RFC 9700 section 2.1.1.
    Required,
    /// An administrator exempted this confidential client by name.
    Exempt,
}

/// How long the tokens of a client live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLifetimes {
    /// Access tokens and ID tokens.
    pub access_token: Duration,
    /// A refresh token that nobody uses.
    pub refresh_token_idle: Duration,
    /// A refresh-token family, from the authorization on.
    pub refresh_token_absolute: Duration,
}

impl Default for TokenLifetimes {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            access_token: Duration::from_mins(10),
            refresh_token_idle: Duration::from_secs(30 * DAY),
            refresh_token_absolute: Duration::from_secs(180 * DAY),
        }
    }
}

/// The links and the picture that people see beside a client's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClientLinks {
    /// Its home page.
    pub client_uri: Option<Url>,
    /// Its picture.
    pub logo_uri: Option<Url>,
    /// Its privacy policy.
    pub policy_uri: Option<Url>,
    /// Its terms of service.
    pub tos_uri: Option<Url>,
}

/// A registered client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Its `client_id`.
    pub id: ClientId,
    /// What people see.
    pub name: String,
    /// What kind of program it is.
    pub kind: ClientKind,
    /// A disabled client can do nothing, and nothing that it was granted works.
    pub enabled: bool,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// Its secrets, where the method needs one.
    pub secrets: Vec<ClientSecret>,
    /// Where answers may go.
    pub redirect_uris: Vec<RegisteredRedirectUri>,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: Vec<RegisteredRedirectUri>,
    /// The grants it may use.
    pub grant_types: Vec<GrantType>,
    /// The scopes it may ask for.
    pub scopes: ScopeSet,
    /// The resources it may ask tokens for.
    pub resources: Vec<Resource>,
    /// The resources it serves: it may introspect tokens made for them.
    pub serves: Vec<Resource>,
    /// Whether people are asked.
    pub consent: ConsentPolicy,
    /// Whether PKCE is required.
    pub pkce: PkcePolicy,
    /// The algorithm of its access tokens.
    pub access_token_algorithm: SigningAlgorithm,
    /// The algorithm of its ID tokens (`id_token_signed_response_alg`).
    pub id_token_algorithm: SigningAlgorithm,
    /// How long its tokens live.
    pub lifetimes: TokenLifetimes,
    /// `default_max_age`: how old an authentication may be when the request does not say.
    pub default_max_age: Option<Duration>,
    /// What people see beside its name.
    pub links: ClientLinks,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes: a change made from a stale copy is refused.
    pub version: i64,
}

impl Client {
    /// A client of a kind with every other field at its safe default: nothing allowed that was not named.
    pub fn new(id: ClientId, name: String, kind: ClientKind, now: Timestamp) -> Self {
        let public = matches!(kind, ClientKind::Browser | ClientKind::Native);
        let interactive = kind != ClientKind::Service;
        Self {
            id,
            name,
            kind,
            enabled: true,
            authentication: if public { ClientAuthentication::None } else { ClientAuthentication::ClientSecretBasic },
            secrets: Vec::new(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: if interactive {
                vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
            } else {
                vec![GrantType::ClientCredentials]
            },
            scopes: ScopeSet::default(),
            resources: Vec::new(),
            serves: Vec::new(),
            consent: ConsentPolicy::Ask,
            pkce: PkcePolicy::Required,
            access_token_algorithm: SigningAlgorithm::ES256,
            id_token_algorithm: SigningAlgorithm::RS256,
            lifetimes: TokenLifetimes::default(),
            default_max_age: None,
            links: ClientLinks::default(),
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    /// Whether it may use a grant.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// Whether it cannot keep a secret.
    pub fn is_public(&self) -> bool {
        self.authentication == ClientAuthentication::None
    }

    /// Whether a browser page of this origin may call the endpoints on the client's behalf (CORS).
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.redirect_uris.iter().any(|uri| uri.origin().as_deref() == Some(origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_never_shaped_like_a_persons() {
        assert!(ClientId::parse("shop").is_ok());
        for bad in ["", "usr_1", "a b", "a/b", "한", &"x".repeat(129)] {
            assert_eq!(ClientId::parse(bad), Err(NotAClientId), "{bad}");
        }
    }
}
