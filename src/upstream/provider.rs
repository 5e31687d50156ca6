//! Where a connection's provider is: its preset, the administrator's settings, and its discovery document put together.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::presets::{self, Issuer, Kind, OAuth2Endpoints, OidcEndpoints, Preset, ProfileCall};
use super::{Reason, Upstream};
use crate::model::connection::{Connection, UpstreamAlgorithm};
use crate::outgoing::{Caller, PortGuard, ports};

/// Where discovery documents are: OpenID Connect Discovery 1.0 section 4.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// A provider that can be asked.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) preset: &'static Preset,
    pub(super) authorization: Url,
    pub(super) token: Url,
    /// What is read after the tokens, in order.
    pub(super) profile: Vec<Url>,
    pub(super) oidc: Option<Oidc>,
}

/// What only an OpenID provider has.
#[derive(Debug)]
pub(super) struct Oidc {
    pub(super) issuer: Issuer,
    /// The administrator's part of the issuer.
    pub(super) named: Option<String>,
    pub(super) jwks: Url,
    pub(super) algorithms: Vec<UpstreamAlgorithm>,
    /// Whether every answer names its issuer: RFC 9207 section 3.
    pub(super) iss_in_answers: bool,
    /// Whether ID tokens say when the user authenticated, so that `max_age` can be asked for.
    pub(super) auth_time: bool,
    /// Where users sign out there: RP-Initiated Logout 1.0 section 2.1.
    pub(super) end_session: Option<Url>,
}

impl Oidc {
    /// Whether it has no preset of a known provider: such a provider is the administrator's own, and its `acr` values may be the app's.
    pub(super) fn is_generic(&self) -> bool {
        self.issuer == Issuer::Asked
    }
}

/// What is read of a discovery document: OpenID Connect Discovery 1.0 section 3.
#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    claims_supported: Vec<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
}

/// Whether something fetched is a discovery document.
pub(super) fn is_discovery(document: &Value) -> bool {
    Discovered::deserialize(document).is_ok()
}

/// How far calls of a connection may reach.
pub(super) const fn caller(connection: &Connection) -> Caller {
    Caller::Connection { private: connection.allow_private_network }
}

impl Upstream {
    /// Finds everything that a login needs to know of the provider.
    pub(super) async fn provider(&self, connection: &Connection) -> Result<Provider, Reason> {
        let preset = presets::find(&connection.preset).ok_or(Reason::Misconfigured("the preset does not exist"))?;
        let reach = Reach { http_allowed: self.http_allowed, ports: self.ports.with(&ports(connection)) };
        match preset.kind {
            Kind::OAuth2 { endpoints } => oauth2(preset, endpoints, connection, &reach),
            Kind::Oidc { issuer, endpoints, profile } => {
                let named = named(issuer, connection);
                match endpoints {
                    Some(known) => known_provider(preset, (issuer, named), known, profile, (connection, &reach)),
                    None => self.discovered(preset, (issuer, named), profile, (connection, &reach)).await,
                }
            }
        }
    }

    async fn discovered(
        &self,
        preset: &'static Preset,
        (issuer, named): (Issuer, Option<String>),
        profile: ProfileCall,
        (connection, reach): (&Connection, &Reach),
    ) -> Result<Provider, Reason> {
        let wrong = Reason::Misconfigured("the issuer is missing, or not of the right form");
        let at = issuer.discovered(named.as_deref()).ok_or(wrong)?;
        let url = reach.url(&format!("{}{WELL_KNOWN}", at.trim_end_matches('/')))?;
        let document: Arc<Value> =
            self.discovery.get(caller(connection), &url, self.clock.now()).await.ok_or(Reason::Unreachable)?;
        let found = Discovered::deserialize(document.as_ref()).map_err(|_| Reason::Unreachable)?;
        // Section 4.3: "The `issuer` value returned MUST be identical to the Issuer URL that was used as the prefix".
        if issuer.announced(named.as_deref()).as_deref() != Some(found.issuer.as_str()) {
            return Err(Reason::Misconfigured("the discovery document is of another issuer"));
        }
        Ok(Provider {
            preset,
            authorization: reach.url(&found.authorization_endpoint)?,
            token: reach.url(&found.token_endpoint)?,
            profile: reach.profile(profile, found.userinfo_endpoint.as_deref())?,
            oidc: Some(Oidc {
                issuer,
                named,
                jwks: reach.url(&found.jwks_uri)?,
                algorithms: algorithms(connection, preset, &found.id_token_signing_alg_values_supported),
                iss_in_answers: found.authorization_response_iss_parameter_supported,
                end_session: found.end_session_endpoint.as_deref().and_then(|url| reach.url(url).ok()),
                auth_time: found.claims_supported.iter().any(|claim| claim == "auth_time"),
            }),
        })
    }
}

fn oauth2(
    preset: &'static Preset,
    endpoints: Option<OAuth2Endpoints>,
    connection: &Connection,
    reach: &Reach,
) -> Result<Provider, Reason> {
    let setting = |name: &str| connection.settings.get(name).map(String::as_str).unwrap_or_default();
    let (authorization, token, profile) = match &endpoints {
        Some(known) => (known.authorization, known.token, known.profile),
        None => (setting("authorization_endpoint"), setting("token_endpoint"), setting("profile_endpoint")),
    };
    let extra = endpoints.and_then(|known| known.extra).map(|extra| reach.url(extra)).transpose()?;
    let mut profile = vec![reach.url(profile)?];
    profile.extend(extra);
    Ok(Provider { preset, authorization: reach.url(authorization)?, token: reach.url(token)?, profile, oidc: None })
}

fn known_provider(
    preset: &'static Preset,
    (issuer, named): (Issuer, Option<String>),
    endpoints: OidcEndpoints,
    profile: ProfileCall,
    (connection, reach): (&Connection, &Reach),
) -> Result<Provider, Reason> {
    let algorithms = algorithms(connection, preset, &[]);
    let jwks = reach.url(endpoints.jwks)?;
    Ok(Provider {
        preset,
        authorization: reach.url(endpoints.authorization)?,
        token: reach.url(endpoints.token)?,
        profile: reach.profile(profile, None)?,
        oidc: Some(Oidc {
            issuer,
            named,
            jwks,
            algorithms,
            iss_in_answers: false,
            auth_time: false,
            end_session: None,
        }),
    })
}

/// Which URLs a connection may lead to.
struct Reach {
    /// Whether without TLS, in the ranges that the configuration names.
    http_allowed: bool,
    ports: PortGuard,
}

impl Reach {
    fn profile(&self, call: ProfileCall, userinfo: Option<&str>) -> Result<Vec<Url>, Reason> {
        let url = match call {
            ProfileCall::Nothing => None,
            ProfileCall::UserInfo => userinfo,
            ProfileCall::Endpoint(url) => Some(url),
        };
        url.map(|url| self.url(url)).into_iter().collect()
    }

    /// An address to send users or requests to: https, or http where the configuration allows that for outgoing calls; and a port of the web,
    /// or one that the connection or the configuration names.
    fn url(&self, text: &str) -> Result<Url, Reason> {
        let url = Url::parse(text).ok();
        let fits = |url: &Url| url.scheme() == "https" || (self.http_allowed && url.scheme() == "http");
        let url = url.filter(fits).ok_or(Reason::Misconfigured("an endpoint is missing, or not https"))?;
        if self.ports.allows(&url) {
            Ok(url)
        } else {
            Err(Reason::Misconfigured("an endpoint is at a port that is not allowed"))
        }
    }
}

/// The ports that the administrator named for a connection.
fn ports(connection: &Connection) -> Vec<u16> {
    connection.settings.get(presets::PORTS.name).and_then(|text| ports::parse(text)).unwrap_or_default()
}

/// The administrator's part of an issuer.
fn named(issuer: Issuer, connection: &Connection) -> Option<String> {
    let setting = match issuer {
        Issuer::Fixed(_) | Issuer::AnyTenant { .. } => return None,
        Issuer::OfTenant(_) => "tenant",
        Issuer::Asked | Issuer::Usually(_) => "issuer",
    };
    connection.settings.get(setting).filter(|value| !value.is_empty()).cloned()
}

/// What ID tokens may be signed with: what the administrator pinned, else the preset, else what the provider says it uses, of the
/// asymmetric kind. A document that names none is of a provider that has RS256, which section 3 makes every one support.
fn algorithms(connection: &Connection, preset: &Preset, announced: &[String]) -> Vec<UpstreamAlgorithm> {
    if !connection.algorithms.is_empty() {
        return connection.algorithms.clone();
    }
    let parse = |name: &str| UpstreamAlgorithm::parse(name);
    if !preset.algorithms.is_empty() {
        return preset.algorithms.iter().filter_map(|name| parse(name)).collect();
    }
    let found = announced.iter().filter_map(|name| parse(name)).filter(|found| *found != UpstreamAlgorithm::HS256);
    let found: Vec<_> = found.collect();
    if found.is_empty() { vec![UpstreamAlgorithm::RS256] } else { found }
}
