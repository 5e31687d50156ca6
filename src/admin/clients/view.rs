//! A client as it is listed: what an administrator may see. Never a secret, nor the digest of one.

use serde::Serialize;

use crate::model::client::{Client, ClientAuthentication, ClientKeys, ClientKind, ConsentPolicy, PkcePolicy};

/// A client as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the client")]
pub struct ClientView {
    pub client_id: String,
    pub name: String,
    pub kind: ClientKind,
    pub enabled: bool,
    pub token_endpoint_auth_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    pub secrets: Vec<SecretView>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Vec<&'static str>,
    pub scopes: String,
    pub resources: Vec<String>,
    pub serves: Vec<String>,
    pub consent: ConsentPolicy,
    pub pkce: PkcePolicy,
    pub access_token_algorithm: &'static str,
    pub id_token_algorithm: &'static str,
    pub access_token_seconds: u64,
    pub refresh_token_idle_seconds: u64,
    pub refresh_token_absolute_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// That there is a secret, and until when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecretView {
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// From when it no longer counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl From<&Client> for ClientView {
    fn from(client: &Client) -> Self {
        let jwks_uri = match &client.authentication.method {
            ClientAuthentication::PrivateKeyJwt { keys: ClientKeys::JwksUri(uri), .. } => Some(uri.to_string()),
            _ => None,
        };
        let link = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
        Self {
            client_id: client.id.to_string(),
            name: client.presentation.name.clone(),
            kind: client.kind,
            enabled: client.enabled,
            token_endpoint_auth_method: client.authentication.method.as_str(),
            jwks_uri,
            secrets: secrets(client),
            redirect_uris: client.redirects.uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
            post_logout_redirect_uris: client
                .redirects
                .post_logout_uris
                .iter()
                .map(|u| u.as_str().to_owned())
                .collect(),
            grant_types: client.policy.grant_types.iter().map(|grant| grant.as_str()).collect(),
            scopes: client.policy.scopes.to_string(),
            resources: client.policy.resources.iter().map(|r| r.as_str().to_owned()).collect(),
            serves: client.policy.serves.iter().map(|r| r.as_str().to_owned()).collect(),
            consent: client.policy.consent,
            pkce: client.policy.pkce,
            access_token_algorithm: client.tokens.access_token_algorithm.as_str(),
            id_token_algorithm: client.tokens.id_token_algorithm.as_str(),
            access_token_seconds: client.tokens.lifetimes.access_token.as_secs(),
            refresh_token_idle_seconds: client.tokens.lifetimes.refresh_token_idle.as_secs(),
            refresh_token_absolute_seconds: client.tokens.lifetimes.refresh_token_absolute.as_secs(),
            default_max_age: client.policy.default_max_age.map(|age| age.as_secs()),
            client_uri: link(&client.presentation.links.client_uri),
            logo_uri: link(&client.presentation.links.logo_uri),
            policy_uri: link(&client.presentation.links.policy_uri),
            tos_uri: link(&client.presentation.links.tos_uri),
            created_at: client.created_at.to_string(),
            updated_at: client.updated_at.to_string(),
        }
    }
}

fn secrets(client: &Client) -> Vec<SecretView> {
    let view = |secret: &crate::model::client::ClientSecret| SecretView {
        created_at: secret.created_at.to_string(),
        expires_at: secret.expires_at.map(|at| at.to_string()),
    };
    client.authentication.secrets.iter().map(view).collect()
}
