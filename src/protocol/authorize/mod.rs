//! The authorization request: what a client asks of its end-user, once every rule has been kept.

pub mod checks;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::claims::{self, ClaimsRequest};
use super::pkce::CodeChallenge;
use super::prompt::{Display, Prompt};
use super::redirect_uri::RedirectTarget;
use super::resource::Resource;
use super::response_mode::ResponseMode;
use super::response_type::ResponseType;
use super::scope::{ScopeSet, standard};

/// A checked authorization request: RFC 6749 section 4.1.1 and OpenID Connect Core 1.0 section 3.1.2.1.
///
/// Made by the ordered [`checks`] alone; every field is already in its own type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::manual_non_exhaustive, reason = "the attribute would keep only other crates from making one")]
pub struct AuthorizationRequest {
    /// Where the answer goes: a URI that the client registered.
    pub redirect: RedirectTarget,
    /// What `redirect_uri` said; `None` when the parameter was left out. The token request must say the same.
    pub redirect_uri_param: Option<String>,
    /// What the answer is made of.
    pub response_type: ResponseType,
    /// How the answer travels to the client.
    pub response_mode: ResponseMode,
    /// What is asked for, already limited to what the client may ask.
    pub scope: ScopeSet,
    /// Returned to the client as it came.
    pub state: Option<String>,
    /// Goes into the ID token as it came.
    pub nonce: Option<String>,
    /// PKCE; `None` only for a client that may leave it out.
    pub code_challenge: Option<CodeChallenge>,
    /// Which pages the end-user must be shown, or must not be.
    pub prompt: Prompt,
    /// How old the authentication may be (`max_age`, else what the client registered).
    pub max_age: Option<Duration>,
    /// The authentication contexts that are asked for, preferred first.
    pub acr_values: Vec<String>,
    /// The claims that are asked for by name (`claims`).
    pub claims: ClaimsRequest,
    /// BCP 47 tags for the pages, preferred first.
    pub ui_locales: Vec<String>,
    /// BCP 47 tags for claims, preferred first.
    pub claims_locales: Vec<String>,
    /// The name or address of the end-user that the client expects: pre-fills the login form.
    pub login_hint: Option<String>,
    /// The `sub` of the `id_token_hint`, once its signature was verified.
    pub hinted_subject: Option<String>,
    /// The slug of the upstream connection that the client wants its end-user to sign in through.
    #[serde(default)]
    pub connection_hint: Option<String>,
    /// How the pages are to be shown.
    pub display: Display,
    /// The resources that access tokens may be for.
    pub resources: Vec<Resource>,
    /// Keeps other modules from writing a request down that was not checked.
    #[serde(skip)]
    checked: (),
}

impl AuthorizationRequest {
    /// What the checks fill in, one after the other: a request that asks for nothing yet.
    fn unchecked(redirect: RedirectTarget, redirect_uri_param: Option<String>) -> Self {
        Self {
            redirect,
            redirect_uri_param,
            response_type: ResponseType::Code,
            response_mode: ResponseMode::default(),
            scope: ScopeSet::default(),
            state: None,
            nonce: None,
            code_challenge: None,
            prompt: Prompt::default(),
            max_age: None,
            acr_values: Vec::new(),
            claims: ClaimsRequest::default(),
            ui_locales: Vec::new(),
            claims_locales: Vec::new(),
            login_hint: None,
            hinted_subject: None,
            connection_hint: None,
            display: Display::default(),
            resources: Vec::new(),
            checked: (),
        }
    }

    /// What the end-user is asked about: the scopes, and those that stand for what the `claims` parameter asks for by name. OpenID Connect
    /// Core 1.0 section 5.5 lets a request name a claim without its scope; no address is told without the end-user having been asked.
    pub fn asked(&self) -> ScopeSet {
        let named = || self.claims.id_token.keys().chain(self.claims.userinfo.keys());
        let behind = |scope: &&str| named().any(|claim| claims::of_scope(scope).contains(&claim.as_str()));
        let added: Vec<&str> = standard::ALL.iter().copied().filter(behind).collect();
        self.scope.union(&ScopeSet::parse(&added.join(" ")).unwrap_or_default())
    }

    /// Whether this is an OpenID Connect request: section 3.1.2.1, "scope: OpenID Connect requests MUST contain the openid
    /// scope value".
    pub fn is_openid(&self) -> bool {
        self.scope.contains(standard::OPENID)
    }
}
