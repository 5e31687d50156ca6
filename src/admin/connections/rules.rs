//! Whether the parts of a connection go together. Asked of the whole connection after every change.

use url::Url;

use super::apply::of_setting;
use super::resource::field_of_setting;
use crate::admin::document::{differing, members};
use crate::admin::{FieldError, FieldProblem, ServerCapabilities};
use crate::model::Connection;
use crate::model::connection::UpstreamAlgorithm;
use crate::outgoing::ports;
use crate::protocol::ScopeSet;
use crate::protocol::scope::ScopeRejected;
use crate::support::Secret;
use crate::upstream::apple::AppleApp;
use crate::upstream::claims::Field;
use crate::upstream::presets::{self, ClientAuthentication, Issuer, Kind, Preset};

/// The field that names algorithms.
const ALGORITHMS: &str = "id_token_signing_alg_values_supported";
/// The longest client id, and the longest setting that is no URL.
const MAX_TEXT: usize = 500;
/// The longest client secret.
const MAX_SECRET: usize = 4000;
/// The longest URL, in bytes.
const MAX_URL: usize = 2000;
/// Settings that say where a connection leads, and so where its secret goes.
const PLACES: &[&str] = &["issuer", "tenant", "authorization_endpoint", "token_endpoint", "profile_endpoint"];
/// Names of claims that end-users can change, or that another end-user has some day.
const CHANGES_HANDS: &[&str] = &["email", "mail", "phone", "username", "login", "name", "nickname", "upn"];

/// Looks at a connection that is to be kept.
pub(super) fn check(
    connection: &Connection,
    preset: &Preset,
    capabilities: &ServerCapabilities,
    found: &mut Vec<FieldProblem>,
) {
    match connection.client_id.as_str() {
        "" => found.push(FieldError::Missing.of("client_id")),
        text if !is_plain(text) => found.push(FieldError::Text(MAX_TEXT).of("client_id")),
        _ => {}
    }
    check_settings(connection, preset, capabilities, found);
    check_scopes(connection, preset, found);
    check_claims(connection, preset, found);
    if !connection.default_roles.is_empty()
        && connection.sign_up
        && (connection.allowed_domains.is_empty() || !connection.trust_email)
    {
        found.push(FieldError::RolesWithoutLimit.of("default_roles"));
    }
    let oidc = matches!(preset.kind, Kind::Oidc { .. });
    if !oidc && !connection.algorithms.is_empty() {
        found.push(FieldError::NoIdTokens.of(ALGORITHMS));
    }
    // `acr` and `amr` are claims of ID tokens (OpenID Connect Core 1.0 section 2); what a profile says under these names is nobody's word on a sign-in.
    for (field, values) in
        [("two_factors", &connection.two_factors), ("phishing_resistant", &connection.phishing_resistant)]
    {
        if !oidc && !values.is_empty() {
            found.push(FieldError::NothingSaid.of(field));
        }
    }
    // Where a provider has keys of its own, no party that merely knows the client secret may sign in its name.
    let own = preset.algorithms.is_empty() && connection.algorithms.len() > 1;
    if own && connection.algorithms.contains(&UpstreamAlgorithm::HS256) {
        found.push(FieldError::MixedAlgorithms.of(ALGORITHMS));
    }
}

/// No two connections may be where the same end-users are sent.
pub(super) fn check_routes(connection: &Connection, all: &[Connection], found: &mut Vec<FieldProblem>) {
    let mut others = all.iter().filter(|other| other.id != connection.id);
    if others.any(|other| other.routed_domains.iter().any(|domain| connection.routed_domains.contains(domain))) {
        found.push(FieldError::RoutedElsewhere.of("routed_domains"));
    }
}

fn check_settings(
    connection: &Connection,
    preset: &Preset,
    capabilities: &ServerCapabilities,
    found: &mut Vec<FieldProblem>,
) {
    let named = connection.settings.get(presets::PORTS.name).and_then(|text| ports::parse(text)).unwrap_or_default();
    let capabilities = &ServerCapabilities { ports: capabilities.ports.with(&named), ..capabilities.clone() };
    for (name, value) in &connection.settings {
        let known = preset.settings.iter().any(|setting| setting.name == name);
        let checked =
            if known { check_setting(name, value, preset, capabilities) } else { Err(FieldError::NoSuchSetting) };
        if let Err(problem) = checked {
            found.push(of_setting(problem, name));
        }
    }
    for setting in preset.settings.iter().filter(|setting| setting.required) {
        if !connection.settings.contains_key(setting.name) {
            found.push(of_setting(FieldError::Missing, setting.name));
        }
    }
}

fn check_setting(
    name: &str,
    value: &str,
    preset: &Preset,
    capabilities: &ServerCapabilities,
) -> Result<(), FieldError> {
    match name {
        "issuer" => {
            let url = check_url(value, capabilities)?;
            // OpenID Connect Discovery 1.0 section 4.3: what the provider calls itself is compared to the letter, so there is no
            // spelling but one.
            let exact = url.as_str() == value || url.as_str().strip_suffix('/') == Some(value);
            if url.query().is_none() && exact { Ok(()) } else { Err(FieldError::NotAnIssuer) }
        }
        "tenant" => {
            let Kind::Oidc { issuer, .. } = preset.kind else { return Err(FieldError::NoSuchSetting) };
            let named = matches!(issuer, Issuer::OfTenant(_)) && issuer.discovered(Some(value)).is_some();
            if named { Ok(()) } else { Err(FieldError::NotATenant) }
        }
        "team_id" | "key_id" => {
            let legal = value.len() == 10 && value.bytes().all(|b| b.is_ascii_alphanumeric());
            if legal { Ok(()) } else { Err(FieldError::NotTenCharacters) }
        }
        name if name == presets::PORTS.name => ports::parse(value).map(drop).ok_or(FieldError::NotPorts),
        name if name.ends_with("_endpoint") => check_url(value, capabilities).map(|_| ()),
        _ if is_plain(value) => Ok(()),
        _ => Err(FieldError::Text(MAX_TEXT)),
    }
}

fn check_url(text: &str, capabilities: &ServerCapabilities) -> Result<Url, FieldError> {
    let clean = text.len() <= MAX_URL
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`' | b'\''));
    let url = Url::parse(text).ok().filter(|url| {
        clean && url.has_host() && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    });
    let url = url.ok_or(FieldError::NotAUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if capabilities.http_allowed => {}
        _ => return Err(FieldError::NotHttps),
    }
    if capabilities.ports.allows(&url) { Ok(url) } else { Err(FieldError::Port) }
}

fn check_scopes(connection: &Connection, preset: &Preset, found: &mut Vec<FieldProblem>) {
    let scopes = &connection.scopes;
    // RFC 6749 section 3.3; one by one, as a space would make two of one.
    if scopes.iter().any(|scope| scope.contains(' ') || ScopeSet::parse(scope).is_err()) {
        found.push(FieldError::Scope(ScopeRejected::IllegalCharacter).of("scope"));
    }
    let asks = preset.scopes.contains(&"openid");
    if asks && !scopes.is_empty() && !scopes.iter().any(|scope| scope == "openid") {
        found.push(FieldError::NoOpenid.of("scope"));
    }
}

fn check_claims(connection: &Connection, preset: &Preset, found: &mut Vec<FieldProblem>) {
    for field in [Field::Subject, Field::Tenant] {
        let name = format!("claim_map.{}", field.as_str());
        let Some(pointer) = connection.claim_map.get(field.as_str()) else { continue };
        // Only where the administrator names the endpoints is it not known already which claim identifies an end-user.
        if !matches!(preset.kind, Kind::OAuth2 { endpoints: None }) {
            found.push(FieldError::SubjectIsFixed.of(name));
        } else if is_of_changing_hands(pointer) {
            found.push(FieldError::SubjectChangesHands.of(name));
        }
    }
}

/// Whether a pointer ends in a claim that no end-user owns for ever.
fn is_of_changing_hands(pointer: &str) -> bool {
    let last = pointer.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    CHANGES_HANDS.contains(&last.as_str()) || ["email", "phone", "username"].iter().any(|word| last.contains(word))
}

/// Whether a secret is one for this connection.
pub(super) fn check_secret(
    connection: &Connection,
    preset: &Preset,
    secret: &Secret<String>,
) -> Result<(), FieldError> {
    let text = secret.expose();
    if preset.client_authentication == ClientAuthentication::AppleSecret {
        let setting = |name: &str| connection.settings.get(name).map_or("", String::as_str);
        let app = AppleApp::new(setting("team_id"), &connection.client_id, setting("key_id"), secret);
        return app.map(|_| ()).map_err(|_| FieldError::NotAKey);
    }
    // RFC 6749 appendix A.2: `client-secret = *VSCHAR`.
    let legal = text.len() <= MAX_SECRET && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    if legal { Ok(()) } else { Err(FieldError::NotASecret) }
}

/// Whether the secret would go to another place.
pub(super) fn leads_elsewhere(was: &Connection, is: &Connection) -> bool {
    PLACES.iter().any(|name| was.settings.get(*name) != is.settings.get(*name))
}

/// The field whose change lets the same subject be another end-user.
pub(super) fn identifies_otherwise(was: &Connection, is: &Connection) -> Option<String> {
    let moved = ["issuer", "tenant", "token_endpoint", "profile_endpoint"]
        .into_iter()
        .find(|name| was.settings.get(*name) != is.settings.get(*name));
    let mapped = [Field::Subject, Field::Tenant].into_iter().map(Field::as_str);
    let mapped = mapped.into_iter().find(|name| was.claim_map.get(*name) != is.claim_map.get(*name));
    moved.map(|name| field_of_setting(name).to_owned()).or_else(|| mapped.map(|name| format!("claim_map.{name}")))
}

/// The names of the fields that differ.
pub(super) fn differences(was: &Connection, is: &Connection) -> Vec<String> {
    differing(&members(was), &members(is))
}

/// Printable ASCII without spaces around it: RFC 6749 appendix A.1, `client-id = *VSCHAR`.
fn is_plain(text: &str) -> bool {
    text.len() <= MAX_TEXT && text.trim() == text && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
}
