//! The rules of an authorization request, in the order they are asked: one rule a file and a line of [`ALL`], which says where it holds.
//!
//! Which client asks and whether its redirect URI matches was decided before; a rule that fails here is answered to the client.

use std::time::Duration;

use super::AuthorizationRequest;
use crate::protocol::error::OAuthError;
use crate::protocol::params::Params;
use crate::protocol::redirect_uri::RedirectTarget;
use crate::protocol::resource::Resource;
use crate::protocol::response_mode::ResponseMode;
use crate::protocol::scope::ScopeSet;

mod acr_values;
mod claims;
mod code_challenge;
mod display;
mod hints;
mod locales;
mod max_age;
mod nonce;
mod offline_access;
mod prompt;
mod request_object;
mod resource;
mod response_mode;
mod response_type;
mod scope;
mod state;

#[cfg(test)]
mod tests;

/// The longest free text of a request (`acr_values`, `ui_locales`, hints), in bytes.
pub const MAX_TEXT_BYTES: usize = 2048;

/// What the rules need to know of the client.
#[derive(Clone, Debug)]
pub struct ClientPolicy<'a> {
    /// Whether a code challenge is required.
    pub pkce_required: bool,
    /// Whether an authentication request needs a nonce.
    pub nonce_required: bool,
    /// The scopes it may ask for.
    pub scopes: &'a ScopeSet,
    /// The resources it may ask tokens for.
    pub resources: &'a [Resource],
    /// Whether it may use refresh tokens.
    pub may_refresh: bool,
    /// How old an authentication may be where the request has no `max_age` (`default_max_age`, OpenID Connect Registration 1.0 section 2).
    pub default_max_age: Option<Duration>,
}

/// What the rules look at.
#[derive(Clone, Debug)]
pub struct CheckInput<'a> {
    /// The parameters as they were sent, none of them twice.
    pub params: &'a Params,
    /// Where answers go: matched before.
    pub redirect: &'a RedirectTarget,
    /// What was registered of the client that the rules depend on.
    pub client: ClientPolicy<'a>,
    /// What became of the `id_token_hint`: its subject when it was one of our ID tokens.
    pub hinted_subject: Option<&'a str>,
}

/// An endpoint that takes the parameters of an authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The authorization endpoint: RFC 6749 section 3.1.
    Authorization,
    /// Pushed authorization requests: RFC 9126 section 2.1, "Validate the pushed request as it would an authorization request sent to the
    /// authorization endpoint", and "reject the request if the `request_uri` authorization request parameter is provided".
    PushedAuthorization,
    /// The claims of a request object: RFC 9101 section 4, which holds every parameter but `request` and `request_uri`.
    RequestObject,
    /// Device authorization: RFC 8628 section 3.1, which is answered to the device itself, and so has no `redirect_uri`, `response_type`,
    /// `state` or `prompt`, and no code to protect by PKCE.
    DeviceAuthorization,
}

/// The endpoints whose answer travels through a user agent.
const REDIRECTING: &[Endpoint] = &[Endpoint::Authorization, Endpoint::PushedAuthorization, Endpoint::RequestObject];
/// Every endpoint that asks for access.
const ALL_ENDPOINTS: &[Endpoint] =
    &[Endpoint::Authorization, Endpoint::PushedAuthorization, Endpoint::RequestObject, Endpoint::DeviceAuthorization];

/// A rule: what it is about, where it holds, and the function that reads the parameters and fills in its part of the request.
#[derive(Debug)]
pub struct Check {
    /// The parameter, or the group of parameters, that it reads.
    pub name: &'static str,
    /// The endpoints whose requests it holds for.
    pub endpoints: &'static [Endpoint],
    run: fn(&CheckInput<'_>, &mut AuthorizationRequest) -> Result<(), OAuthError>,
}

/// Every rule, in order. How the answer travels comes first, so that later errors travel the same way.
pub const ALL: &[Check] = &[
    Check { name: "state", endpoints: REDIRECTING, run: state::check },
    Check { name: "response_mode", endpoints: REDIRECTING, run: response_mode::check },
    Check { name: "request_object", endpoints: REDIRECTING, run: request_object::check },
    Check { name: "response_type", endpoints: REDIRECTING, run: response_type::check },
    Check { name: "scope", endpoints: ALL_ENDPOINTS, run: scope::check },
    Check { name: "code_challenge", endpoints: REDIRECTING, run: code_challenge::check },
    Check { name: "prompt", endpoints: REDIRECTING, run: prompt::check },
    Check { name: "offline_access", endpoints: ALL_ENDPOINTS, run: offline_access::check },
    Check { name: "nonce", endpoints: REDIRECTING, run: nonce::check },
    Check { name: "max_age", endpoints: REDIRECTING, run: max_age::check },
    Check { name: "display", endpoints: REDIRECTING, run: display::check },
    Check { name: "acr_values", endpoints: REDIRECTING, run: acr_values::check },
    Check { name: "claims", endpoints: REDIRECTING, run: claims::check },
    Check { name: "locales", endpoints: REDIRECTING, run: locales::check },
    Check { name: "hints", endpoints: REDIRECTING, run: hints::check },
    Check { name: "resource", endpoints: ALL_ENDPOINTS, run: resource::check },
];

/// Why a request was refused, and how the app is told.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    /// The rule that was broken: the parameter, or the group of parameters, that it reads.
    pub rule: &'static str,
    /// The error and the description that the client is answered.
    pub error: OAuthError,
    /// How the answer travels: the mode that was asked for, if it could be read before the refusal.
    pub response_mode: ResponseMode,
    /// The `state` to return, when it could be read.
    pub state: Option<String>,
}

/// Asks every rule of the endpoint in order; the first that fails decides, and then there is no request.
pub fn run(endpoint: Endpoint, input: &CheckInput<'_>) -> Result<AuthorizationRequest, Refusal> {
    let redirect_uri_param = input.params.get("redirect_uri").map(str::to_owned);
    let mut request = AuthorizationRequest::unchecked(input.redirect.clone(), redirect_uri_param);
    for check in ALL.iter().filter(|check| check.endpoints.contains(&endpoint)) {
        if let Err(error) = (check.run)(input, &mut request) {
            let rule = check.name;
            return Err(Refusal { rule, error, response_mode: request.response_mode, state: request.state });
        }
    }
    Ok(request)
}

/// Space-delimited values of a parameter, bounded in length and number.
fn words(params: &Params, name: &'static str) -> Result<Vec<String>, OAuthError> {
    const MAX_WORDS: usize = 30;
    let text = params.get(name).unwrap_or_default();
    let words: Vec<String> = text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if text.len() > MAX_TEXT_BYTES || words.len() > MAX_WORDS {
        return Err(OAuthError::quoting(crate::protocol::ErrorCode::InvalidRequest, &format!("{name} is too long")));
    }
    Ok(words)
}
