//! A connection as it is listed: what an administrator may see. Never a secret, sealed or not.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::admin::clients::SecretView;
use crate::model::Connection;
use crate::model::connection::Slug;
use crate::model::user::Role;
use crate::protocol::issuer::Issuer;
use crate::upstream::presets::Preset;

/// A connection as it is listed.
#[allow(clippy::struct_excessive_bools, reason = "see the fields of the connection")]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the connection")]
pub struct ConnectionView {
    pub slug: String,
    pub label: String,
    pub preset: String,
    pub enabled: bool,
    /// What the provider must know.
    pub redirect_uri: String,
    pub client_id: String,
    pub secrets: Vec<SecretView>,
    pub settings: BTreeMap<String, String>,
    pub scopes: Vec<String>,
    pub claim_map: BTreeMap<String, String>,
    pub allowed_domains: Vec<String>,
    pub routed_domains: Vec<String>,
    pub sign_up: bool,
    pub trust_email: bool,
    pub keep_tokens: bool,
    pub default_roles: Vec<Role>,
    pub allow_private_network: bool,
    pub algorithms: Vec<&'static str>,
    pub position: i32,
    /// When the connection was made, as RFC 3339 writes it.
    pub created_at: String,
}

impl ConnectionView {
    /// The connection as it is listed at this issuer.
    pub fn of(connection: &Connection, issuer: &Issuer) -> Self {
        let secret = |secret: &crate::model::connection::SealedSecret| SecretView {
            created_at: secret.created_at.to_string(),
            expires_at: secret.expires_at.map(|at| at.to_string()),
        };
        Self {
            slug: connection.slug.to_string(),
            label: connection.label.clone(),
            preset: connection.preset.clone(),
            enabled: connection.enabled,
            redirect_uri: redirect_uri(issuer, &connection.slug),
            client_id: connection.client_id.clone(),
            secrets: connection.secrets.iter().map(secret).collect(),
            settings: connection.settings.clone(),
            scopes: connection.scopes.clone(),
            claim_map: connection.claim_map.clone(),
            allowed_domains: connection.allowed_domains.clone(),
            routed_domains: connection.routed_domains.clone(),
            sign_up: connection.sign_up,
            trust_email: connection.trust_email,
            keep_tokens: connection.keep_tokens,
            default_roles: connection.default_roles.clone(),
            allow_private_network: connection.allow_private_network,
            algorithms: connection.algorithms.iter().map(|algorithm| algorithm.as_str()).collect(),
            position: connection.position,
            created_at: connection.created_at.to_string(),
        }
    }
}

/// Where the provider sends end-users back to. Each connection has one of its own: RFC 9700 section 4.4.2.2.
pub fn redirect_uri(issuer: &Issuer, slug: &Slug) -> String {
    issuer.url(&format!("/upstream/{slug}/callback"))
}

/// A preset as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the preset")]
pub struct PresetView {
    pub id: &'static str,
    pub name: &'static str,
    pub settings: Vec<SettingView>,
    pub scopes: &'static [&'static str],
    pub trusts_email: bool,
    /// Where apps are registered.
    pub console: &'static str,
}

/// A setting as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the setting")]
pub struct SettingView {
    pub name: &'static str,
    pub required: bool,
    pub example: &'static str,
}

impl From<&Preset> for PresetView {
    fn from(preset: &Preset) -> Self {
        let setting = |setting: &crate::upstream::presets::Setting| SettingView {
            name: setting.name,
            required: setting.required,
            example: setting.example,
        };
        Self {
            id: preset.id,
            name: preset.label.en,
            settings: preset.settings.iter().map(setting).collect(),
            scopes: preset.scopes,
            trusts_email: preset.email_trust.by_default(),
            console: preset.console,
        }
    }
}
