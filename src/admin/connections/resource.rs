//! A connection as a document: what is shown of it and what is said of it are one type, in the words of OpenID Connect Discovery 1.0
//! section 3 for the provider and of RFC 7591 section 2 for the client that we are there, where these have one.
//!
//! Owns the names and the way between the document and the model; a field of either that the other forgets does not compile. Leaves
//! reading it into the model to `apply`, and whether the parts go together to `rules`.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::clients::{AuthenticationMethod, SecretView};
use crate::admin::document::{Document, never_shown};
use crate::model::Connection;
use crate::model::connection::{SealedSecret, Slug, UpstreamAlgorithm};
use crate::model::user::Role;
use crate::protocol::issuer::Issuer;
use crate::support::Secret;
use crate::upstream::presets::{self, ClientAuthentication, Preset};

/// A connection as a document. A field that is not there keeps its value, or has its default in a new connection; an empty text takes a
/// value away. Fields that only the server sets may be there as long as they say what is so; in a new connection they are passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConnectionResource {
    /// Its name in URLs, a part of the redirect URI. Chosen once: a new connection without one is named after its preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// What kind of provider it leads to. It never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// What end-users read on its button; empty for the provider's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether end-users may sign in with it. A new one is switched off; `enable` and `disable` change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// RFC 7591 section 2: what the provider must know. Follows from the slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uris: Option<Vec<String>>,
    /// RFC 7591 section 3.2.1: who we are at the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// RFC 7591 section 3.2.1: how we prove it. Read and never shown; one that is there replaces all that there were, at once.
    #[serde(skip_serializing_if = "never_shown::always", serialize_with = "never_shown::serialize")]
    #[schema(value_type = Option<String>, write_only, default = json!(null))]
    pub client_secret: Option<Secret<String>>,
    /// That there are secrets, the newest first, never what they are. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<SecretView>>,
    /// RFC 7591 section 2. Follows from the preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<AuthenticationMethod>,
    /// OpenID Connect Discovery 1.0 section 3, where the preset asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// OpenID Connect Discovery 1.0 section 3, where the preset asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// OpenID Connect Discovery 1.0 section 3, where the preset asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// OpenID Connect Discovery 1.0 section 3, or where plain OAuth 2 has the profile: the setting `profile_endpoint` of the preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// The tenant at Entra, a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The id of our team at Apple.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    /// The id of our key at Apple.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// The ports besides 80, 443, 8080 and 8443 where the provider's endpoints may be, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ports: Option<String>,
    /// RFC 7591 section 2: what is asked for, separated by spaces; empty for what the preset asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// OpenID Connect Discovery 1.0 section 3: what ID tokens may be signed with; empty for what the preset says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signing_alg_values_supported: Option<Vec<UpstreamAlgorithm>>,
    /// Where fields of the profile are, by claim name or JSON pointer; an empty text is for the preset's own place. Those that are not
    /// named stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_map: Option<BTreeMap<String, String>>,
    /// Only end-users whose trusted address is of one of these domains are let in; empty for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<Vec<String>>,
    /// End-users whose address is of one of these domains are sent here at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routed_domains: Option<Vec<String>>,
    /// What of the provider's word counts as two factors: values of its ID tokens, as `acr:value` and `amr:value`. Empty: its word is one factor, whatever it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_factors: Option<Vec<String>>,
    /// What of it counts as phishing-resistant, and so as two factors, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phishing_resistant: Option<Vec<String>>,
    /// Whether end-users may make an account with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<bool>,
    /// Whether the provider's word counts that an address is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_email: Option<bool>,
    /// Whether the provider's tokens are kept, sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_tokens: Option<bool>,
    /// What accounts that are made with it may do to Haechi itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_roles: Option<Vec<Role>>,
    /// Whether the provider may be on a private or loopback address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_private_network: Option<bool>,
    /// Where its button stands: small numbers first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// When it was made, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// The one setting of presets that the document has under another name.
const PROFILE_ENDPOINT: &str = "profile_endpoint";

/// The field of the document that says a setting of a preset.
pub fn field_of_setting(setting: &str) -> &str {
    if setting == PROFILE_ENDPOINT { "userinfo_endpoint" } else { setting }
}

impl Document for ConnectionResource {
    const SECRETS: &'static [&'static str] = &["client_secret"];

    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.to_vec()
    }
}

impl ConnectionResource {
    /// The connection as it is shown at this issuer. Never a secret, sealed or not.
    pub fn of(connection: &Connection, issuer: &Issuer) -> Self {
        let Connection {
            // It is known by its slug.
            id: _,
            slug,
            label,
            preset,
            settings,
            client_id,
            secrets,
            scopes,
            claim_map,
            allowed_domains,
            sign_up,
            trust_email,
            keep_tokens,
            default_roles,
            routed_domains,
            two_factors,
            phishing_resistant,
            allow_private_network,
            algorithms,
            position,
            enabled,
            managed_by,
            // Counts what was ended: nothing that an administrator says or reads.
            epoch: _,
            created_at,
            version,
        } = connection;
        let mut shown = Self {
            slug: Some(slug.to_string()),
            preset: Some(preset.clone()),
            label: Some(label.clone()),
            enabled: Some(*enabled),
            redirect_uris: Some(vec![redirect_uri(issuer, slug)]),
            client_id: Some(client_id.clone()),
            client_secret: None,
            secrets: Some(secrets.iter().map(SecretView::from).collect()),
            token_endpoint_auth_method: presets::find(preset).map(authentication_method),
            issuer: None,
            authorization_endpoint: None,
            token_endpoint: None,
            userinfo_endpoint: None,
            tenant: None,
            team_id: None,
            key_id: None,
            ports: None,
            scope: Some(scopes.join(" ")),
            id_token_signing_alg_values_supported: Some(algorithms.clone()),
            claim_map: Some(claim_map.clone()),
            allowed_domains: Some(allowed_domains.clone()),
            routed_domains: Some(routed_domains.clone()),
            two_factors: Some(two_factors.iter().map(ToString::to_string).collect()),
            phishing_resistant: Some(phishing_resistant.iter().map(ToString::to_string).collect()),
            sign_up: Some(*sign_up),
            trust_email: Some(*trust_email),
            keep_tokens: Some(*keep_tokens),
            default_roles: Some(default_roles.clone()),
            allow_private_network: Some(*allow_private_network),
            position: Some(*position),
            managed_by: managed_by.as_ref().map(ToString::to_string),
            created_at: Some(created_at.to_string()),
            version: Some(*version),
        };
        for (name, value) in settings {
            if let Some(field) = shown.setting_mut(name) {
                *field = Some(value.clone());
            }
        }
        shown
    }

    /// What the document says of each setting that a preset may ask for, by the preset's name for it.
    pub(super) fn settings(&self) -> [(&'static str, Option<&str>); 8] {
        [
            ("issuer", self.issuer.as_deref()),
            ("authorization_endpoint", self.authorization_endpoint.as_deref()),
            ("token_endpoint", self.token_endpoint.as_deref()),
            (PROFILE_ENDPOINT, self.userinfo_endpoint.as_deref()),
            ("tenant", self.tenant.as_deref()),
            ("team_id", self.team_id.as_deref()),
            ("key_id", self.key_id.as_deref()),
            ("ports", self.ports.as_deref()),
        ]
    }

    /// The field that says a setting of a preset; `None` where no preset has such a setting.
    pub fn setting_mut(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "issuer" => &mut self.issuer,
            "authorization_endpoint" => &mut self.authorization_endpoint,
            "token_endpoint" => &mut self.token_endpoint,
            PROFILE_ENDPOINT => &mut self.userinfo_endpoint,
            "tenant" => &mut self.tenant,
            "team_id" => &mut self.team_id,
            "key_id" => &mut self.key_id,
            "ports" => &mut self.ports,
            _ => return None,
        })
    }
}

impl From<&SealedSecret> for SecretView {
    fn from(secret: &SealedSecret) -> Self {
        let SealedSecret { sealed: _, created_at, expires_at } = secret;
        Self { created_at: created_at.to_string(), expires_at: expires_at.map(|at| at.to_string()) }
    }
}

/// Where the provider sends end-users back to. Each connection has one of its own: RFC 9700 section 4.4.2.2.
pub fn redirect_uri(issuer: &Issuer, slug: &Slug) -> String {
    issuer.url(&format!("/upstream/{slug}/callback"))
}

/// How we prove who we are at the token endpoint of a provider.
fn authentication_method(preset: &Preset) -> AuthenticationMethod {
    match preset.client_authentication {
        ClientAuthentication::SecretBasic => AuthenticationMethod::ClientSecretBasic,
        ClientAuthentication::SecretPost | ClientAuthentication::AppleSecret => AuthenticationMethod::ClientSecretPost,
    }
}
