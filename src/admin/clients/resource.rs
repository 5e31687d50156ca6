//! A client as a document: what is shown of it and what is said of it are one type, in the words of RFC 7591 section 2, OpenID Connect
//! Dynamic Client Registration 1.0 section 2 and RP-Initiated Logout 1.0 section 3.1 where these have one.
//!
//! Owns the names and the way between the document and the model; a field of either that the other forgets does not compile. Leaves
//! reading it into the model to `apply`, and whether the parts go together to `rules`.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use super::logins::RecentLogins;
use super::members;
use super::security::{Finding, SecurityView};
use super::values::{ApplicationType, AuthenticationMethod, Pkce};
use crate::admin::document::{Document, Verdict, never_shown};
use crate::model::client::{
    AccessPolicy, AccessTokenType, AssertionAudience, Authentication, Client, ClientAuthentication, ClientKeys,
    ClientKind, ClientLinks, ClientSecret, ConsentPolicy, IdTokenClaims, NoncePolicy, Presentation, Redirects,
    SigningAlgorithm, Software, TokenLifetimes, TokenPolicy,
};
use crate::model::logo::LogoId;
use crate::model::user::Role;
use crate::protocol::grant_type::GrantType;
use crate::protocol::issuer::Issuer;
use crate::support::Secret;

/// A client as a document. A field that is not there keeps its value, or has its safe default in a new client. Fields that only the
/// server sets may be there as long as they say what is so; in a new client they are passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct ClientResource {
    /// RFC 7591 section 3.2.1. Chosen once: a new client without one gets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// RFC 7591 section 3.2.1, in seconds since 1970. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id_issued_at: Option<i64>,
    /// RFC 7591 section 3.2.1. A secret that a new client has already. Read and never shown; without one it gets one, where it needs one.
    #[serde(skip_serializing_if = "never_shown::always", serialize_with = "never_shown::serialize")]
    #[schema(value_type = Option<String>, write_only, default = json!(null))]
    pub client_secret: Option<Secret<String>>,
    /// RFC 7591 section 2. What end-users see; every client needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// What kind of program the client is, more precisely than `application_type` says. It never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ClientKind>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2: `native` or `web`. Follows from `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_type: Option<ApplicationType>,
    /// Whether the client may be used. A new one may be made switched off; later `enable` and `disable` change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// RFC 7591 section 2. With a secret it is the method that the client is expected to use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<AuthenticationMethod>,
    /// Whether a secret is taken by `token_endpoint_auth_method` alone, and not by the other method that carries one (RFC 6749 section
    /// 2.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method_pinned: Option<bool>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2, for `private_key_jwt`; ES256 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<SigningAlgorithm>,
    /// For `private_key_jwt`: whom its assertions may be made out to (RFC 7523 section 3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_assertion_audience: Option<AssertionAudience>,
    /// RFC 7591 section 2, for `private_key_jwt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// RFC 7591 section 2, for `private_key_jwt`, instead of `jwks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// That the client has secrets, the newest first, never what they are. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<SecretView>>,
    /// RFC 7591 section 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uris: Option<Vec<String>>,
    /// RP-Initiated Logout 1.0 section 3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// RFC 7591 section 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<GrantType>>,
    /// RFC 7591 section 2. Follows from `grant_types`: `code` goes with `authorization_code` (section 2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    /// RFC 7591 section 2: what the client may ask for, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The resources that the client may ask tokens for: values of RFC 8707's `resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<String>>,
    /// The resources that the client serves: it may introspect tokens made for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serves: Option<Vec<String>>,
    /// What the client itself may do to Haechi, by tokens of its own for the administration API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    /// Whether end-users are asked for consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentPolicy>,
    /// Whether every authorization request must carry a code challenge (RFC 7636), or one counts when it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pkce: Option<Pkce>,
    /// Whether every authentication request must carry a nonce (OpenID Connect Core 1.0 section 3.1.2.1), or one counts when it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<NoncePolicy>,
    /// The algorithm of access tokens (RFC 9068), named as `id_token_signed_response_alg` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_signed_response_alg: Option<SigningAlgorithm>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<SigningAlgorithm>,
    /// The `typ` header of access tokens: `at+jwt` (RFC 9068), or `JWT` for resource servers that know no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_type: Option<AccessTokenType>,
    /// What ID tokens say of the end-user: `minimal`, as the rest is UserInfo's to answer (OpenID Connect Core 1.0 section 5.4), or `profile`,
    /// the claims of the granted scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_claims: Option<IdTokenClaims>,
    /// Seconds that access tokens and ID tokens live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_lifetime: Option<u64>,
    /// Seconds that a refresh token lives without being used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_idle_lifetime: Option<u64>,
    /// Seconds after an authorization at which its refresh tokens end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_lifetime: Option<u64>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2, in seconds; 0 takes the bound away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u64>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2: the authentication context classes that it prefers, where a request does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_acr_values: Option<Vec<String>>,
    /// Whether nobody signs in to it without a second factor: who has none adds one on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_second_factor: Option<bool>,
    /// RFC 7591 section 2; an empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// RFC 7591 section 2; an empty text takes it away. Where a logo was uploaded, it is the address of that here; it is never fetched by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// RFC 7591 section 2; an empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// RFC 7591 section 2; an empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// RFC 7591 section 2: how to reach who answers for the client, typically by e-mail. A list that is said replaces the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<String>>,
    /// RFC 7591 section 2: which software it is, the same for every instance; an empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// RFC 7591 section 2; an empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2: where others begin a login at it (Core 1.0 section 4); https. An empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// What the client does without, and the command that requires it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<Vec<SecurityView>>,
    /// What the last logins of the client had. Seen by the server, and passed over where it is said: it goes on by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recent_logins: Option<RecentLogins>,
    /// When the client last changed, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// `client_name` in further languages, `client_name#ko`: RFC 7591 section 2.2. An empty text takes one away.
    #[serde(flatten, deserialize_with = "names_in_languages")]
    #[schema(ignore)]
    pub names: BTreeMap<String, String>,
}

/// Reads what is left of a document once all other fields are taken: names in languages, and nothing else that asks for anything.
fn names_in_languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let mut names = BTreeMap::new();
    for (member, value) in BTreeMap::<String, Value>::deserialize(deserializer)? {
        match (members::verdict(&member, &value), value) {
            (Verdict::Passed, _) => {}
            (Verdict::Known, Value::String(name)) => {
                names.insert(member, name);
            }
            (Verdict::Refused(instead), _) => return Err(D::Error::custom(format!("{member}: {instead}"))),
            (Verdict::Known, _) => return Err(D::Error::custom(format!("{member} must be a text"))),
            (Verdict::Unknown, _) => return Err(D::Error::custom(format!("unknown field `{member}`"))),
        }
    }
    Ok(names)
}

/// That there is a secret, and until when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretView {
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// From when it no longer counts, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl Document for ClientResource {
    const SECRETS: &'static [&'static str] = &["client_secret"];

    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.iter().copied().filter(|name| *name != "names").collect()
    }

    fn others() -> Vec<&'static str> {
        members::names().collect()
    }

    fn verdict(member: &str, value: &Value) -> Verdict {
        if Self::members().contains(&member) {
            members::verdict_of_known(member, value)
        } else {
            members::verdict(member, value)
        }
    }
}

impl ClientResource {
    /// The same as others than our own pages read it: the address of a logo that was uploaded is a URL.
    pub fn at(self, issuer: &Issuer) -> Self {
        let logo_uri = self.logo_uri.map(|uri| if uri.starts_with('/') { issuer.url(&uri) } else { uri });
        Self { logo_uri, ..self }
    }
}

impl From<&ClientSecret> for SecretView {
    fn from(secret: &ClientSecret) -> Self {
        let ClientSecret { digest: _, created_at, expires_at } = secret;
        Self { created_at: created_at.to_string(), expires_at: expires_at.map(|at| at.to_string()) }
    }
}

impl From<&Client> for ClientResource {
    #[allow(clippy::too_many_lines, reason = "a line for each member")]
    fn from(client: &Client) -> Self {
        let Client {
            id,
            kind,
            enabled,
            presentation,
            software,
            authentication,
            redirects,
            policy,
            tokens,
            managed_by,
            created_at,
            updated_at,
            version,
            // Counts what was ended: nothing that an administrator says or reads.
            epoch: _,
        } = client;
        let Presentation { name, names, links: ClientLinks { client_uri, logo_uri, logo, policy_uri, tos_uri } } =
            presentation;
        let Software { contacts, software_id, software_version, initiate_login_uri } = software;
        let Authentication { method, pinned, secrets } = authentication;
        let Redirects { uris, post_logout_uris } = redirects;
        let AccessPolicy {
            grant_types,
            scopes,
            resources,
            serves,
            consent,
            pkce,
            nonce,
            default_max_age,
            default_acr_values,
            second_factor_required,
            roles,
        } = policy;
        let TokenPolicy { access_token_algorithm, id_token_algorithm, access_token_type, id_token_claims, lifetimes } =
            tokens;
        let TokenLifetimes { access_token, refresh_token_idle, refresh_token_absolute } = lifetimes;
        let (jwks, jwks_uri, signing_alg, audience) = of_assertions(method);
        let link = |url: &Option<Url>| url.as_ref().map(ToString::to_string);
        Self {
            client_id: Some(id.to_string()),
            client_id_issued_at: Some(created_at.seconds()),
            client_secret: None,
            client_name: Some(name.clone()),
            kind: Some(*kind),
            application_type: Some(ApplicationType::of(*kind)),
            enabled: Some(*enabled),
            token_endpoint_auth_method: Some(AuthenticationMethod::of(method)),
            token_endpoint_auth_method_pinned: method.uses_secret().then_some(*pinned),
            token_endpoint_auth_signing_alg: signing_alg,
            client_assertion_audience: audience,
            jwks,
            jwks_uri,
            secrets: Some(secrets.iter().map(SecretView::from).collect()),
            redirect_uris: Some(uris.iter().map(|uri| uri.as_str().to_owned()).collect()),
            post_logout_redirect_uris: Some(post_logout_uris.iter().map(|uri| uri.as_str().to_owned()).collect()),
            grant_types: Some(grant_types.clone()),
            response_types: Some(response_types(client)),
            scope: Some(scopes.to_string()),
            resources: Some(resources.iter().map(|resource| resource.as_str().to_owned()).collect()),
            serves: Some(serves.iter().map(|resource| resource.as_str().to_owned()).collect()),
            roles: Some(roles.clone()),
            consent: Some(*consent),
            pkce: Some(Pkce::from(*pkce)),
            nonce: Some(*nonce),
            access_token_signed_response_alg: Some(*access_token_algorithm),
            id_token_signed_response_alg: Some(*id_token_algorithm),
            access_token_type: Some(*access_token_type),
            id_token_claims: Some(*id_token_claims),
            access_token_lifetime: Some(access_token.as_secs()),
            refresh_token_idle_lifetime: Some(refresh_token_idle.as_secs()),
            refresh_token_lifetime: Some(refresh_token_absolute.as_secs()),
            default_max_age: default_max_age.map(|age| age.as_secs()),
            default_acr_values: Some(default_acr_values.clone()),
            require_second_factor: Some(*second_factor_required),
            client_uri: link(client_uri),
            logo_uri: logo.as_ref().map(LogoId::path).or_else(|| link(logo_uri)),
            policy_uri: link(policy_uri),
            tos_uri: link(tos_uri),
            contacts: (!contacts.is_empty()).then(|| contacts.clone()),
            software_id: software_id.clone(),
            software_version: software_version.clone(),
            initiate_login_uri: link(initiate_login_uri),
            security: Some(Finding::all(client).into_iter().map(|finding| SecurityView::of(finding, id)).collect()),
            recent_logins: None,
            managed_by: managed_by.as_ref().map(ToString::to_string),
            updated_at: Some(updated_at.to_string()),
            version: Some(*version),
            names: names.iter().map(|(tag, name)| (format!("client_name#{tag}"), name.clone())).collect(),
        }
    }
}

/// What is said of a client's assertions, where it signs some: `jwks`, `jwks_uri`, their algorithm and their audience.
fn of_assertions(
    method: &ClientAuthentication,
) -> (Option<Value>, Option<String>, Option<SigningAlgorithm>, Option<AssertionAudience>) {
    let ClientAuthentication::PrivateKeyJwt { keys, algorithm, audience } = method else {
        return (None, None, None, None);
    };
    let (jwks, jwks_uri) = match keys {
        ClientKeys::Jwks(jwks) => (Some(jwks.clone()), None),
        ClientKeys::JwksUri(uri) => (None, Some(uri.to_string())),
    };
    (jwks, jwks_uri, Some(*algorithm), Some(*audience))
}

/// RFC 7591 section 2.1: the response type that goes with each grant type.
pub(super) fn response_types(client: &Client) -> Vec<String> {
    if client.may_use(GrantType::AuthorizationCode) { vec!["code".to_owned()] } else { Vec::new() }
}
