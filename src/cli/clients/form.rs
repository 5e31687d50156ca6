//! The fields of a registration as arguments.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use crate::admin::clients::{AuthenticationMethod, ClientResource, Pkce};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{self, Argument};
use crate::cli::possible::one_of;
use crate::model::client::{
    AccessTokenType, AssertionAudience, ConsentPolicy, IdTokenClaims, NoncePolicy, SigningAlgorithm,
};
use crate::model::user::Role;
use crate::protocol::grant_type::GrantType;

/// The fields of the document, the arguments that fill them in, and what would be right.
pub(super) const ARGUMENTS: &[Argument] = &[
    ("client_id", "--client-id", "shop"),
    ("kind", "--kind", "web"),
    ("client_name", "--name", "Shop"),
    ("client_name#", "--name-in", "ko=가게"),
    (
        "redirect_uris",
        "--redirect-uri",
        "https://shop.example/callback, http://localhost:3000/callback while you develop, or com.example.shop:/callback (native)",
    ),
    ("post_logout_redirect_uris", "--post-logout-redirect-uri", "https://shop.example/"),
    ("scope", "--scope", "'openid profile email'"),
    ("grant_types", "--grant", "authorization_code"),
    ("resources", "--resource", "https://api.example"),
    ("serves", "--serves", "https://api.example"),
    ("roles", "--role", "auditor"),
    ("token_endpoint_auth_method", "--auth", "client_secret_basic"),
    ("token_endpoint_auth_method_pinned", "--pin-auth", "true"),
    ("pkce", "--pkce", "required"),
    ("nonce", "--nonce", "required"),
    ("client_assertion_audience", "--assertion-audience", "issuer"),
    ("jwks_uri", "--jwks-uri", "https://shop.example/jwks.json"),
    ("jwks", "--jwks", "keys.json"),
    ("consent", "--first-party", "first_party"),
    ("access_token_signed_response_alg", "--access-token-algorithm", "ES256"),
    ("id_token_signed_response_alg", "--id-token-algorithm", "RS256"),
    ("access_token_type", "--access-token-type", "JWT"),
    ("id_token_claims", "--id-token-claims", "profile"),
    ("access_token_lifetime", "--access-token-seconds", "300"),
];

/// What most clients need. A JSON file can say everything.
#[derive(Args, Debug)]
#[group(id = "Form", multiple = true)]
pub(super) struct Form {
    /// The name that end-users see.
    #[arg(long)]
    name: Option<String>,
    /// The name in one more language, as ko=가게; may be given several times.
    #[arg(long = "name-in", value_name = "TAG=NAME", value_parser = name_in)]
    names: Vec<(String, String)>,
    /// Where answers may go; may be given several times.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where end-users may go after signing out; may be given several times.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// The scopes it may ask for, separated by spaces. A new one with end-users that names none: openid profile email.
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Option<String>,
    /// A grant it may use: authorization_code, refresh_token or client_credentials; may be given several times.
    #[arg(long = "grant", value_name = "GRANT", value_parser = one_of::<GrantType>(), hide_possible_values = true)]
    grants: Vec<GrantType>,
    /// A resource it may ask tokens for; may be given several times.
    #[arg(long = "resource", value_name = "URI")]
    resources: Vec<String>,
    /// A resource it serves, whose tokens it may introspect; may be given several times.
    #[arg(long = "serves", value_name = "URI")]
    serves: Vec<String>,
    /// What it may do to Haechi itself by tokens of its own, for the administration API: owner, administrator, people_manager, app_manager or
    /// auditor; may be given several times.
    #[arg(long = "role", value_name = "ROLE", value_parser = one_of::<Role>(), hide_possible_values = true)]
    roles: Vec<Role>,
    /// How it authenticates: none, client_secret_basic, client_secret_post or private_key_jwt.
    #[arg(long = "auth", value_name = "METHOD", value_parser = one_of::<AuthenticationMethod>(), hide_possible_values = true)]
    authentication: Option<AuthenticationMethod>,
    /// Take its secret by the method of --auth alone, and not by the other one that carries a secret.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    pin_auth: Option<bool>,
    /// Whether every authorization request must carry PKCE: required, or when_sent (confidential clients only).
    #[arg(long, value_name = "POLICY", value_parser = one_of::<Pkce>(), hide_possible_values = true)]
    pkce: Option<Pkce>,
    /// Whether every request for an ID token must carry a nonce: required, or when_sent.
    #[arg(long, value_name = "POLICY", value_parser = one_of::<NoncePolicy>(), hide_possible_values = true)]
    nonce: Option<NoncePolicy>,
    /// For private_key_jwt: whom its assertions may be made out to, issuer_or_endpoint or issuer alone.
    #[arg(long, value_name = "AUDIENCE", value_parser = one_of::<AssertionAudience>(), hide_possible_values = true)]
    assertion_audience: Option<AssertionAudience>,
    /// For private_key_jwt: where its public keys are.
    #[arg(long, value_name = "URL", requires = "authentication", conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    /// For private_key_jwt: a file with its public keys, a JWK Set.
    #[arg(long, value_name = "FILE", requires = "authentication")]
    jwks: Option<PathBuf>,
    /// It is your own: end-users are not asked before it learns who they are.
    #[arg(long)]
    first_party: bool,
    /// What its access tokens are signed with: ES256, ES384, EdDSA, RS256 or PS256.
    #[arg(long, value_name = "ALGORITHM", value_parser = one_of::<SigningAlgorithm>(), hide_possible_values = true)]
    access_token_algorithm: Option<SigningAlgorithm>,
    /// What its ID tokens are signed with.
    #[arg(long, value_name = "ALGORITHM", value_parser = one_of::<SigningAlgorithm>())]
    id_token_algorithm: Option<SigningAlgorithm>,
    /// The `typ` header of its access tokens: at+jwt, or JWT for resource servers that know no other.
    #[arg(long, value_name = "TYPE", value_parser = one_of::<AccessTokenType>(), hide_possible_values = true)]
    access_token_type: Option<AccessTokenType>,
    /// What its ID tokens say of the end-user: minimal (UserInfo says the rest), or profile (the claims of the granted scopes).
    #[arg(long, value_name = "CLAIMS", value_parser = one_of::<IdTokenClaims>(), hide_possible_values = true)]
    id_token_claims: Option<IdTokenClaims>,
    /// Seconds that its access tokens live.
    #[arg(long, value_name = "SECONDS")]
    access_token_seconds: Option<u64>,
}

/// A member of the document: `client_name#ko`.
fn name_in(text: &str) -> Result<(String, String), String> {
    let (tag, name) = text.split_once('=').ok_or("must be a language tag and a name, as ko=가게")?;
    Ok((format!("client_name#{tag}"), name.to_owned()))
}

/// A JWK Set in a file. What is in it is looked at by administration.
fn jwk_set(file: &Path) -> Outcome<Value> {
    let (text, name) = frame::text_of(file)?;
    serde_json::from_str(&text).map_err(|error| Failure::usage(format!("{name} is no JWK Set in JSON: {error}")))
}

impl Form {
    /// The document: what was named, and nothing else.
    pub(super) fn read(self) -> Outcome<ClientResource> {
        let some = |list: Vec<String>| if list.is_empty() { None } else { Some(list) };
        let jwks = self.jwks.as_deref().map(jwk_set).transpose()?;
        let by_key = self.authentication == Some(AuthenticationMethod::PrivateKeyJwt);
        if !by_key && (jwks.is_some() || self.jwks_uri.is_some()) {
            return Err(Failure::usage("--jwks and --jwks-uri go with --auth private_key_jwt"));
        }
        Ok(ClientResource {
            client_name: self.name,
            names: self.names.into_iter().collect(),
            token_endpoint_auth_method: self.authentication,
            token_endpoint_auth_method_pinned: self.pin_auth,
            client_assertion_audience: self.assertion_audience,
            pkce: self.pkce,
            nonce: self.nonce,
            jwks,
            jwks_uri: self.jwks_uri,
            redirect_uris: some(self.redirect_uris),
            post_logout_redirect_uris: some(self.post_logout_redirect_uris),
            grant_types: if self.grants.is_empty() { None } else { Some(self.grants) },
            scope: self.scopes,
            resources: some(self.resources),
            serves: some(self.serves),
            roles: if self.roles.is_empty() { None } else { Some(self.roles) },
            consent: self.first_party.then_some(ConsentPolicy::FirstParty),
            access_token_signed_response_alg: self.access_token_algorithm,
            id_token_signed_response_alg: self.id_token_algorithm,
            access_token_type: self.access_token_type,
            id_token_claims: self.id_token_claims,
            access_token_lifetime: self.access_token_seconds,
            ..ClientResource::default()
        })
    }
}
