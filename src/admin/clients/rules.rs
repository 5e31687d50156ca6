//! Whether the parts of a client's registration go together. Asked of the whole client after every change.

use std::time::Duration;

use crate::admin::url::{check_called, check_https};
use crate::admin::{FieldError, FieldProblem, ServerCapabilities};
use crate::model::client::{Client, ClientAuthentication, ClientKeys, ClientKind, PkcePolicy, SigningAlgorithm};
use crate::protocol::grant_type::GrantType;
use crate::protocol::scope::standard;
use crate::support::line::LineRejected;

/// The most redirect URIs, the most resources and the most names in further languages, of one client.
const MAX_ENTRIES: usize = 50;
const DAY: Duration = Duration::from_hours(24);
const LONGEST_REFRESH: Duration = Duration::from_hours(24 * 365 * 2);

type Checked = Result<(), FieldProblem>;

/// Checks the whole client.
pub(super) fn check(client: &Client, capabilities: &ServerCapabilities) -> Checked {
    if client.presentation.name.is_empty() {
        return Err(FieldError::Line(LineRejected::Empty).of("client_name"));
    }
    check_authentication(client, capabilities)?;
    check_grants(client)?;
    check_lists(client)?;
    check_scopes(client)?;
    check_roles(client)?;
    check_algorithms(client, &capabilities.algorithms)?;
    check_lifetimes(client)?;
    check_links(client)
}

fn check_authentication(client: &Client, capabilities: &ServerCapabilities) -> Checked {
    let field = "token_endpoint_auth_method";
    let public_kind = matches!(client.kind, ClientKind::Browser | ClientKind::Native);
    match &client.authentication.method {
        ClientAuthentication::None if !public_kind => Err(FieldError::MustAuthenticate.of(field)),
        ClientAuthentication::None if client.policy.pkce != PkcePolicy::Required => {
            Err(FieldError::PublicWithoutPkce.of("pkce"))
        }
        ClientAuthentication::None => Ok(()),
        _ if public_kind => Err(FieldError::MustBePublic.of(field)),
        ClientAuthentication::PrivateKeyJwt { keys: ClientKeys::JwksUri(uri), .. } => {
            check_called("jwks_uri", uri, capabilities)
        }
        _ => Ok(()),
    }
}

fn check_grants(client: &Client) -> Checked {
    let field = "grant_types";
    let uses = |grant| client.may_use(grant);
    if client.policy.grant_types.is_empty() {
        return Err(FieldError::Missing.of(field));
    }
    if client.kind == ClientKind::Service && client.policy.grant_types != [GrantType::ClientCredentials] {
        return Err(FieldError::ServiceGrant.of(field));
    }
    if client.is_public() && uses(GrantType::ClientCredentials) {
        return Err(FieldError::PublicClientCredentials.of(field));
    }
    if uses(GrantType::RefreshToken) && !uses(GrantType::AuthorizationCode) {
        return Err(FieldError::RefreshWithoutCode.of(field));
    }
    Ok(())
}

fn check_lists(client: &Client) -> Checked {
    let names = client.presentation.names.len();
    if names > MAX_ENTRIES {
        return Err(FieldError::TooMany(MAX_ENTRIES).of("client_name"));
    }
    let sizes = [
        ("redirect_uris", client.redirects.uris.len()),
        ("post_logout_redirect_uris", client.redirects.post_logout_uris.len()),
        ("resources", client.policy.resources.len()),
        ("serves", client.policy.serves.len()),
    ];
    if let Some((field, _)) = sizes.into_iter().find(|(_, size)| *size > MAX_ENTRIES) {
        return Err(FieldError::TooMany(MAX_ENTRIES).of(field));
    }
    if client.may_use(GrantType::AuthorizationCode) {
        // An authorization never learns a redirect URI: there must be one.
        return if client.redirects.uris.is_empty() { Err(FieldError::Missing.of("redirect_uris")) } else { Ok(()) };
    }
    match sizes.into_iter().take(2).find(|(_, size)| *size > 0) {
        Some((field, _)) => Err(FieldError::NeedsAuthorizationCode.of(field)),
        None => Ok(()),
    }
}

fn check_scopes(client: &Client) -> Checked {
    let field = "scope";
    let offline = client.policy.scopes.contains(standard::OFFLINE_ACCESS);
    if !client.may_use(GrantType::AuthorizationCode) && client.policy.scopes.iter().any(|s| standard::ALL.contains(&s))
    {
        return Err(FieldError::EndUserScope.of(field));
    }
    if offline && !client.may_use(GrantType::RefreshToken) {
        return Err(FieldError::OfflineWithoutRefresh.of(field));
    }
    Ok(())
}

/// A client has roles of its own by the tokens that it gets for itself.
fn check_roles(client: &Client) -> Checked {
    let acts_itself = client.may_use(GrantType::ClientCredentials);
    if client.policy.roles.is_empty() || acts_itself {
        return Ok(());
    }
    Err(FieldError::NeedsClientCredentials.of("roles"))
}

fn check_algorithms(client: &Client, offered: &[SigningAlgorithm]) -> Checked {
    if !offered.contains(&client.tokens.access_token_algorithm) {
        return Err(FieldError::AlgorithmNotOffered.of("access_token_signed_response_alg"));
    }
    let signs_in = client.may_use(GrantType::AuthorizationCode);
    if signs_in && !offered.contains(&client.tokens.id_token_algorithm) {
        return Err(FieldError::AlgorithmNotOffered.of("id_token_signed_response_alg"));
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
        Some((field, _, least, most)) => Err(FieldError::Lifetime(least, most).of(field)),
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
