//! What a client registers, as it was written: from text to the model. Whether the parts go together is for `rules`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::rules::{MetadataProblem, MetadataRejected};
use crate::keys::foreign::check_jwks;
use crate::model::client::{
    Client, ClientAuthentication, ClientKeys, ClientKind, ClientLinks, ConsentPolicy, PkcePolicy, SigningAlgorithm,
    TokenLifetimes,
};
use crate::protocol::ScopeSet;
use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::resource::Resource;
use crate::support::line;

/// The longest name of a client, in characters.
const MAX_NAME_CHARS: usize = 100;
/// The longest URL, in bytes.
const MAX_URL_BYTES: usize = 2000;

/// A client to be registered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// Its id; one is made where none is chosen.
    #[serde(default)]
    pub client_id: Option<String>,
    /// What kind of program it is: that never changes.
    pub kind: ClientKind,
    /// Everything else.
    #[serde(default)]
    pub metadata: ClientMetadata,
}

/// What a client may register. A field that is not there keeps its value, or its safe default in a new client. There is
/// nothing else in it to be set: no secret, no state, no date.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientMetadata {
    /// What people see. Every client needs one.
    pub name: Option<String>,
    /// How it proves who it is.
    pub authentication: Option<AuthenticationDraft>,
    /// Where answers may go.
    pub redirect_uris: Option<Vec<String>>,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// The grants it may use.
    pub grant_types: Option<Vec<GrantType>>,
    /// The scopes it may ask for, separated by spaces.
    pub scopes: Option<String>,
    /// The resources it may ask tokens for.
    pub resources: Option<Vec<String>>,
    /// The resources it serves.
    pub serves: Option<Vec<String>>,
    /// Whether people are asked.
    pub consent: Option<ConsentPolicy>,
    /// Whether PKCE is required.
    pub pkce: Option<PkcePolicy>,
    /// The algorithm of its access tokens.
    pub access_token_algorithm: Option<SigningAlgorithm>,
    /// The algorithm of its ID tokens.
    pub id_token_algorithm: Option<SigningAlgorithm>,
    /// How long its tokens live.
    pub lifetimes: Option<LifetimesDraft>,
    /// How many seconds old an authentication may be when the request does not say; 0 takes the bound away.
    pub default_max_age: Option<u64>,
    /// What people see beside its name.
    pub links: Option<LinksDraft>,
}

/// How a client authenticates, by its registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "see ClientAuthentication")]
pub enum AuthenticationMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

/// How a client authenticates, and with which keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationDraft {
    /// The method.
    pub method: AuthenticationMethod,
    /// Its public keys, for `private_key_jwt`.
    #[serde(default)]
    pub jwks: Option<Value>,
    /// Where its public keys are, instead.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// What its assertions are signed with; ES256 where it does not say.
    #[serde(default)]
    pub algorithm: Option<SigningAlgorithm>,
}

/// How long tokens live, in seconds.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "see TokenLifetimes")]
pub struct LifetimesDraft {
    pub access_token: Option<u64>,
    pub refresh_token_idle: Option<u64>,
    pub refresh_token_absolute: Option<u64>,
}

/// Links that pages show; an empty text takes one away.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "see ClientLinks")]
pub struct LinksDraft {
    pub client_uri: Option<String>,
    pub logo_uri: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
}

impl ClientMetadata {
    /// The client with these fields changed.
    pub(super) fn apply(&self, mut client: Client) -> Result<Client, MetadataRejected> {
        if let Some(name) = &self.name {
            client.presentation.name =
                line::parse(name, MAX_NAME_CHARS).map_err(|why| MetadataProblem::Name(why).of("name"))?;
        }
        if let Some(authentication) = &self.authentication {
            client.authentication.method = authentication.parse()?;
        }
        let native = client.kind == ClientKind::Native;
        if let Some(uris) = &self.redirect_uris {
            client.redirects.uris = redirect_uris("redirect_uris", uris, native)?;
        }
        if let Some(uris) = &self.post_logout_redirect_uris {
            client.redirects.post_logout_uris = redirect_uris("post_logout_redirect_uris", uris, native)?;
        }
        if let Some(grants) = &self.grant_types {
            client.policy.grant_types = without_repeats(grants.iter().copied());
        }
        if let Some(scopes) = &self.scopes {
            client.policy.scopes = ScopeSet::parse(scopes).map_err(|why| MetadataProblem::Scope(why).of("scopes"))?;
        }
        if let Some(list) = &self.resources {
            client.policy.resources = resources("resources", list)?;
        }
        if let Some(list) = &self.serves {
            client.policy.serves = resources("serves", list)?;
        }
        self.apply_policies(&mut client);
        if let Some(links) = &self.links {
            client.presentation.links = links.apply(client.presentation.links)?;
        }
        Ok(client)
    }

    fn apply_policies(&self, client: &mut Client) {
        client.policy.consent = self.consent.unwrap_or(client.policy.consent);
        client.policy.pkce = self.pkce.unwrap_or(client.policy.pkce);
        client.tokens.access_token_algorithm =
            self.access_token_algorithm.unwrap_or(client.tokens.access_token_algorithm);
        client.tokens.id_token_algorithm = self.id_token_algorithm.unwrap_or(client.tokens.id_token_algorithm);
        if let Some(seconds) = self.default_max_age {
            client.policy.default_max_age = (seconds > 0).then(|| Duration::from_secs(seconds));
        }
        if let Some(lifetimes) = self.lifetimes {
            let was = client.tokens.lifetimes;
            let set = |seconds: Option<u64>, was| seconds.map_or(was, Duration::from_secs);
            client.tokens.lifetimes = TokenLifetimes {
                access_token: set(lifetimes.access_token, was.access_token),
                refresh_token_idle: set(lifetimes.refresh_token_idle, was.refresh_token_idle),
                refresh_token_absolute: set(lifetimes.refresh_token_absolute, was.refresh_token_absolute),
            };
        }
    }
}

impl AuthenticationDraft {
    fn parse(&self) -> Result<ClientAuthentication, MetadataRejected> {
        if self.method == AuthenticationMethod::PrivateKeyJwt {
            let keys = match (&self.jwks, &self.jwks_uri) {
                (Some(jwks), None) => {
                    check_jwks(jwks).map_err(|why| MetadataProblem::Jwks(why).of("jwks"))?;
                    ClientKeys::Jwks(jwks.clone())
                }
                (None, Some(uri)) => ClientKeys::JwksUri(url("jwks_uri", uri)?),
                // RFC 7591 section 2: "The "jwks_uri" and "jwks" parameters MUST NOT both be present".
                (Some(_), Some(_)) | (None, None) => {
                    return Err(MetadataProblem::OneOfJwksAndJwksUri.of("authentication"));
                }
            };
            return Ok(ClientAuthentication::PrivateKeyJwt {
                keys,
                algorithm: self.algorithm.unwrap_or(SigningAlgorithm::ES256),
            });
        }
        if self.jwks.is_some() || self.jwks_uri.is_some() || self.algorithm.is_some() {
            return Err(MetadataProblem::KeysWithoutUse.of("authentication"));
        }
        Ok(match self.method {
            AuthenticationMethod::ClientSecretBasic => ClientAuthentication::ClientSecretBasic,
            AuthenticationMethod::ClientSecretPost => ClientAuthentication::ClientSecretPost,
            AuthenticationMethod::None | AuthenticationMethod::PrivateKeyJwt => ClientAuthentication::None,
        })
    }
}

impl LinksDraft {
    fn apply(&self, was: ClientLinks) -> Result<ClientLinks, MetadataRejected> {
        let link = |field, text: &Option<String>, was| match text.as_deref() {
            None => Ok(was),
            Some("") => Ok(None),
            Some(text) => url(field, text).map(Some),
        };
        Ok(ClientLinks {
            client_uri: link("client_uri", &self.client_uri, was.client_uri)?,
            logo_uri: link("logo_uri", &self.logo_uri, was.logo_uri)?,
            policy_uri: link("policy_uri", &self.policy_uri, was.policy_uri)?,
            tos_uri: link("tos_uri", &self.tos_uri, was.tos_uri)?,
        })
    }
}

/// An absolute URL with a host and nothing that two parsers could read differently. Which schemes are right is for `rules`.
fn url(field: &'static str, text: &str) -> Result<Url, MetadataRejected> {
    let clean = text.len() <= MAX_URL_BYTES
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`' | b'\''));
    let url = Url::parse(text).ok().filter(|url| {
        clean && url.has_host() && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    });
    url.ok_or_else(|| MetadataProblem::NotAUrl.of(field))
}

fn redirect_uris(
    field: &'static str,
    uris: &[String],
    native: bool,
) -> Result<Vec<RegisteredRedirectUri>, MetadataRejected> {
    let mut parsed: Vec<RegisteredRedirectUri> = Vec::with_capacity(uris.len());
    for (at, text) in uris.iter().enumerate() {
        let uri = RegisteredRedirectUri::parse(text, native)
            .map_err(|why| MetadataProblem::RedirectUri(at, why).of(field))?;
        if !parsed.contains(&uri) {
            parsed.push(uri);
        }
    }
    Ok(parsed)
}

fn resources(field: &'static str, texts: &[String]) -> Result<Vec<Resource>, MetadataRejected> {
    let parse =
        |(at, text): (usize, &String)| Resource::parse(text).map_err(|_| MetadataProblem::Resource(at).of(field));
    Ok(without_repeats(texts.iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?.into_iter()))
}

fn without_repeats<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
