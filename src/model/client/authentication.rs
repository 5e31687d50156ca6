//! How a client authenticates, and what is kept of its secrets.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::SigningAlgorithm;
use crate::support::{Digest, Random, Secret, Timestamp, opaque, random};

/// How a client authenticates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authentication {
    /// The registered method, with the keys that it needs.
    #[serde(rename = "authentication")]
    pub method: ClientAuthentication,
    /// Whether a secret counts only in the place that the registered method names. RFC 6749 section 2.3.1 has two places for the same
    /// secret, and libraries do not agree which is the usual one.
    #[serde(default)]
    pub pinned: bool,
    /// The client's secrets, where the method rests on one: the newest first.
    pub secrets: Vec<ClientSecret>,
}

impl Authentication {
    /// The safe default of a kind: nothing where it could not be kept secret, else a secret in the header.
    pub(super) fn of(kind: super::ClientKind) -> Self {
        let method =
            if kind.is_public() { ClientAuthentication::None } else { ClientAuthentication::ClientSecretBasic };
        Self { method, pinned: false, secrets: Vec::new() }
    }

    /// Whether the client may authenticate by a method of this name: by the registered one, and with a secret by either method that
    /// carries one, unless the client is pinned.
    pub fn allows(&self, method: &str) -> bool {
        let either = self.method.uses_secret() && !self.pinned;
        method == self.method.as_str() || (either && ClientAuthentication::WITH_SECRET.contains(&method))
    }
}

/// The method that a client is expected to authenticate with at the token endpoint (`token_endpoint_auth_method`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// A public client: it has no credential.
    None,
    /// RFC 6749 section 2.3.1, HTTP Basic.
    ClientSecretBasic,
    /// RFC 6749 section 2.3.1, in the request body.
    ClientSecretPost,
    /// OpenID Connect Core 1.0 section 9, RFC 7523 section 2.2.
    PrivateKeyJwt {
        /// The client's public keys.
        keys: ClientKeys,
        /// The one algorithm that its assertions are signed with (`token_endpoint_auth_signing_alg`).
        algorithm: SigningAlgorithm,
        /// Whom its assertions may be made out to.
        #[serde(default)]
        audience: AssertionAudience,
    },
}

/// What the `aud` of a client's assertions may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The issuer, or the URL of the endpoint that is called. OpenID Connect Core 1.0 section 9: "The Audience SHOULD be the URL of the
    /// Authorization Server's Token Endpoint"; RFC 7523 section 3 lets that URL stand for the server.
    #[default]
    IssuerOrEndpoint,
    /// The issuer and nothing else, as one text: FAPI 2.0 Security Profile section 5.3.2.1. Another server may name an endpoint of ours as
    /// its own to be sent an assertion that is good here; it cannot name our issuer.
    Issuer,
}

impl ClientAuthentication {
    /// The methods that carry a shared secret.
    const WITH_SECRET: [&str; 2] = ["client_secret_basic", "client_secret_post"];

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
        let kept = Self::of(text.expose(), now);
        (text, kept)
    }

    /// What is kept of a secret that came from elsewhere.
    pub fn of(text: &str, now: Timestamp) -> Self {
        Self { digest: Self::digest_of(text), created_at: now, expires_at: None }
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
