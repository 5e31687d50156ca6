//! The rules of an authorization request, in the order they are asked: one rule a file.
//!
//! Who the client is and whether its redirect URI matches was decided before; a rule that fails here is answered to the app.

use std::time::Duration;

use super::AuthorizationRequest;
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::error::OAuthError;
use crate::protocol::params::Params;
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::prompt::{Display, Prompt};
use crate::protocol::redirect_uri::RedirectTarget;
use crate::protocol::resource::Resource;
use crate::protocol::response_mode::ResponseMode;
use crate::protocol::response_type::ResponseType;
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
    /// The scopes it may ask for.
    pub scopes: &'a ScopeSet,
    /// The resources it may ask tokens for.
    pub resources: &'a [Resource],
    /// Whether it may use refresh tokens.
    pub may_refresh: bool,
    /// `default_max_age`.
    pub default_max_age: Option<Duration>,
}

/// What the rules look at.
#[derive(Clone, Debug)]
pub struct CheckInput<'a> {
    /// The request.
    pub params: &'a Params,
    /// Where answers go: matched before.
    pub redirect: &'a RedirectTarget,
    /// The client's policy.
    pub client: ClientPolicy<'a>,
    /// What became of the `id_token_hint`: its subject when it was one of our ID tokens.
    pub hinted_subject: Option<&'a str>,
}

/// What the rules have found so far.
#[derive(Debug, Default)]
struct Draft {
    response_mode: ResponseMode,
    scope: ScopeSet,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<CodeChallenge>,
    prompt: Prompt,
    max_age: Option<Duration>,
    acr_values: Vec<String>,
    claims: ClaimsRequest,
    ui_locales: Vec<String>,
    claims_locales: Vec<String>,
    login_hint: Option<String>,
    hinted_subject: Option<String>,
    connection_hint: Option<String>,
    display: Display,
    resources: Vec<Resource>,
}

/// A rule: reads the request, and adds what it found to the draft.
type Check = fn(&CheckInput<'_>, &mut Draft) -> Result<(), OAuthError>;

/// Every rule, in order. How the answer travels comes first, so that later errors travel the same way.
const ALL: &[Check] = &[
    state::check,
    response_mode::check,
    request_object::check,
    response_type::check,
    scope::check,
    code_challenge::check,
    prompt::check,
    offline_access::check,
    nonce::check,
    max_age::check,
    display::check,
    acr_values::check,
    claims::check,
    locales::check,
    hints::check,
    resource::check,
];

/// Why a request was refused, and how the app is told.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    /// What is wrong.
    pub error: OAuthError,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// The `state` to return, when it could be read.
    pub state: Option<String>,
}

/// Asks every rule in order; the first that fails decides.
pub fn run(input: &CheckInput<'_>) -> Result<AuthorizationRequest, Refusal> {
    let mut draft = Draft::default();
    for check in ALL {
        if let Err(error) = check(input, &mut draft) {
            return Err(Refusal { error, response_mode: draft.response_mode, state: draft.state });
        }
    }
    Ok(finish(input, draft))
}

fn finish(input: &CheckInput<'_>, draft: Draft) -> AuthorizationRequest {
    AuthorizationRequest {
        redirect: input.redirect.clone(),
        redirect_uri_param: input.params.get("redirect_uri").map(str::to_owned),
        response_type: ResponseType::Code,
        response_mode: draft.response_mode,
        scope: draft.scope,
        state: draft.state,
        nonce: draft.nonce,
        code_challenge: draft.code_challenge,
        prompt: draft.prompt,
        max_age: draft.max_age,
        acr_values: draft.acr_values,
        claims: draft.claims,
        ui_locales: draft.ui_locales,
        claims_locales: draft.claims_locales,
        login_hint: draft.login_hint,
        hinted_subject: draft.hinted_subject,
        connection_hint: draft.connection_hint,
        display: draft.display,
        resources: draft.resources,
    }
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
