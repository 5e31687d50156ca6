//! What the server says of itself: OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2, one document for both.
//!
//! Owns which fields there are. What goes into them is handed in by the caller, who knows what is really registered.

use serde::Serialize;

use super::claims;
use super::prompt::{Display, Prompt};
use super::response_mode::ResponseMode;
use super::response_type::ResponseType;
use super::scope::standard;

/// What the server offers, as the layers above know it.
#[derive(Clone, Debug)]
pub struct MetadataInput<'a> {
    /// The issuer, without a slash at its end.
    pub issuer: &'a str,
    /// `grant_types_supported`.
    pub grant_types: Vec<&'static str>,
    /// `token_endpoint_auth_methods_supported`.
    pub authentication_methods: Vec<&'static str>,
    /// The algorithms of client assertions.
    pub assertion_algorithms: Vec<&'static str>,
    /// The algorithms of ID tokens.
    pub signing_algorithms: Vec<&'static str>,
    /// `acr_values_supported`.
    pub acr_values: Vec<String>,
    /// BCP 47 tags of the languages of the pages.
    pub ui_locales: Vec<&'static str>,
}

/// The metadata document. Only fields that a specification defines.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, clippy::struct_excessive_bools, reason = "the fields are the specifications'")]
pub struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: String,
    pub jwks_uri: String,
    pub revocation_endpoint: String,
    pub introspection_endpoint: String,
    /// OpenID Connect RP-Initiated Logout 1.0 section 2.1.
    pub end_session_endpoint: String,
    pub scopes_supported: Vec<&'static str>,
    pub response_types_supported: Vec<&'static str>,
    pub response_modes_supported: Vec<&'static str>,
    pub grant_types_supported: Vec<&'static str>,
    pub acr_values_supported: Vec<String>,
    pub subject_types_supported: Vec<&'static str>,
    pub id_token_signing_alg_values_supported: Vec<&'static str>,
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    pub token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    pub revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    /// Without `none`: a public client may not introspect.
    pub introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    pub display_values_supported: Vec<&'static str>,
    /// Initiating User Registration via OpenID Connect 1.0 section 4.1.2.
    pub prompt_values_supported: Vec<&'static str>,
    pub claim_types_supported: Vec<&'static str>,
    pub claims_supported: Vec<&'static str>,
    pub claims_parameter_supported: bool,
    pub ui_locales_supported: Vec<&'static str>,
    pub request_parameter_supported: bool,
    pub request_uri_parameter_supported: bool,
    pub code_challenge_methods_supported: Vec<&'static str>,
    /// RFC 9207 section 3.
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// The document of this server.
    pub fn new(input: &MetadataInput<'_>) -> Self {
        let at = |path: &str| format!("{}{path}", input.issuer);
        let methods = &input.authentication_methods;
        let algorithms = &input.assertion_algorithms;
        Self {
            issuer: input.issuer.to_owned(),
            authorization_endpoint: at("/authorize"),
            token_endpoint: at("/token"),
            userinfo_endpoint: at("/userinfo"),
            jwks_uri: at("/jwks"),
            revocation_endpoint: at("/revoke"),
            introspection_endpoint: at("/introspect"),
            end_session_endpoint: at("/logout"),
            scopes_supported: standard::ALL.to_vec(),
            response_types_supported: ResponseType::ALL.iter().map(|t| t.as_str()).collect(),
            response_modes_supported: ResponseMode::ALL.iter().map(|m| m.as_str()).collect(),
            grant_types_supported: input.grant_types.clone(),
            acr_values_supported: input.acr_values.clone(),
            subject_types_supported: vec!["public"],
            id_token_signing_alg_values_supported: input.signing_algorithms.clone(),
            token_endpoint_auth_methods_supported: methods.clone(),
            token_endpoint_auth_signing_alg_values_supported: algorithms.clone(),
            revocation_endpoint_auth_methods_supported: methods.clone(),
            revocation_endpoint_auth_signing_alg_values_supported: algorithms.clone(),
            introspection_endpoint_auth_methods_supported: methods.iter().copied().filter(|m| *m != "none").collect(),
            introspection_endpoint_auth_signing_alg_values_supported: algorithms.clone(),
            display_values_supported: Display::SUPPORTED.to_vec(),
            prompt_values_supported: Prompt::SUPPORTED.to_vec(),
            claim_types_supported: vec!["normal"],
            claims_supported: claims_supported(),
            claims_parameter_supported: true,
            ui_locales_supported: input.ui_locales.clone(),
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            code_challenge_methods_supported: vec!["S256"],
            authorization_response_iss_parameter_supported: true,
        }
    }
}

/// Every claim that an ID token or UserInfo may hold.
fn claims_supported() -> Vec<&'static str> {
    const OF_TOKENS: &[&str] =
        &["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];
    [OF_TOKENS, claims::PROFILE, claims::EMAIL, claims::ADDRESS, claims::PHONE, claims::GROUPS, claims::ROLES].concat()
}
