//! What hangs on an account, as it is shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::accounts::AppAccess;
use crate::model::upstream_link::UpstreamLink;
use crate::model::{Connection, Passkey};

/// An account at an upstream provider that signs in to one here.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LinkView {
    /// Its id.
    pub id: String,
    /// The connection that it is linked through, by its slug.
    pub connection: String,
    /// The provider's `sub`.
    pub subject: String,
    /// What its end-user knows it by: an address or a name.
    pub label: String,
    /// When it was linked, as RFC 3339 writes it.
    pub linked_at: String,
    /// When it was last used to sign in.
    pub last_used_at: String,
}

/// A passkey of an account. Its public key is nobody's business.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyView {
    /// Its id.
    pub id: String,
    /// What its end-user calls it.
    pub name: String,
    /// The AAGUID: the kind of its authenticator, as that says itself. Zeros where it does not.
    pub aaguid: String,
    /// BE: whether it may be copied to other devices.
    pub backup_eligible: bool,
    /// BS: whether it is, as of its last use.
    pub backup_state: bool,
    /// Whether it was proved by an attestation, when it was added, that its key is in hardware and stays there.
    pub hardware: bool,
    /// When it was added, as RFC 3339 writes it.
    pub created_at: String,
    /// When it was last used; `null` until then.
    pub last_used_at: Option<String>,
}

/// A client that has access to an account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AppView {
    /// The client.
    pub client_id: String,
    /// What it is called.
    pub client_name: String,
    /// What it was granted: scopes, separated by spaces.
    pub scope: String,
    /// Since when, as RFC 3339 writes it.
    pub since: String,
    /// Whether the end-user was asked. Of the operator's own clients nobody is.
    pub asked: bool,
}

impl From<&(UpstreamLink, Connection)> for LinkView {
    fn from((link, connection): &(UpstreamLink, Connection)) -> Self {
        // What is sealed is not shown, and whose it is was asked for.
        let UpstreamLink { id, identity, user: _, label, tokens: _, linked_at, last_used_at } = link;
        Self {
            id: id.to_string(),
            connection: connection.slug.to_string(),
            subject: identity.subject.as_sent().to_owned(),
            label: label.clone(),
            linked_at: linked_at.to_string(),
            last_used_at: last_used_at.to_string(),
        }
    }
}

impl From<&Passkey> for PasskeyView {
    fn from(passkey: &Passkey) -> Self {
        // What signatures are checked by is not shown, and whose it is was asked for.
        let Passkey { id, name, aaguid, backup, protection, created_at, last_used_at, .. } = passkey;
        Self {
            id: id.to_string(),
            name: name.clone(),
            aaguid: aaguid.to_string(),
            backup_eligible: backup.is_eligible(),
            backup_state: backup.is_backed_up(),
            hardware: protection.is_hardware(),
            created_at: created_at.to_string(),
            last_used_at: last_used_at.map(|at| at.to_string()),
        }
    }
}

impl From<&AppAccess> for AppView {
    fn from(app: &AppAccess) -> Self {
        let AppAccess { client, scope, since, asked } = app;
        Self {
            client_id: client.id.to_string(),
            client_name: client.presentation.name.clone(),
            scope: scope.to_string(),
            since: since.to_string(),
            asked: *asked,
        }
    }
}
