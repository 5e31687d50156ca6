//! Who gave a client access to their account, and taking that back from all of them at once. Taking it back from one is a change of their account:
//! [`users`](crate::admin::users).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{load, save_with};
use crate::admin::{Administration, Authority, Permission, ProvenAuthority, Rejected, Target};
use crate::model::audit_event::AuditKind;
use crate::model::client::{Client, ClientId};
use crate::model::{Consent, User};
use crate::store::{Change, Page};
use crate::support::id::UserId;

/// What somebody agreed to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ConsentView {
    /// Their account.
    pub sub: String,
    /// The address that it signs in with.
    pub email: String,
    /// What they are called, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they agreed to: scopes, separated by spaces.
    pub scope: String,
    /// When they last did, as RFC 3339 writes it.
    pub granted_at: String,
}

impl From<&(User, Consent)> for ConsentView {
    fn from((user, consent): &(User, Consent)) -> Self {
        Self {
            sub: user.id.to_string(),
            email: user.email.to_string(),
            name: user.name().map(str::to_owned),
            scope: consent.scope.to_string(),
            granted_at: consent.granted_at.to_string(),
        }
    }
}

/// The people who agreed to what a client asked for, in the order in which their accounts were made, after one of them. Where nobody is asked, as of the
/// operator's own clients, there are none.
pub async fn consents(
    admin: &Administration,
    authority: &Authority,
    client: &ClientId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Page<(User, Consent)>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    authority.require_in_app(Permission::ReadClients, client)?;
    Ok(admin.stores().consents.of_client(client, after, limit).await?)
}

/// Takes back what everybody agreed to, with everything that the client was granted: whoever uses it is asked anew. However many there are, it is one
/// change, and counts with its commit.
pub async fn withdraw_consents(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
) -> Result<Client, Rejected> {
    let client = load(admin, authority, &client.into()).await?;
    let now = admin.clock().now();
    let event = admin.event(AuditKind::ConsentWithdrawn, authority, now).saying("everybody");
    let forget = vec![Change::ForgetConsents(client.id.clone())];
    let ended = Client { epoch: client.epoch.next(), updated_at: now, ..client };
    save_with(admin, authority, ended, event, forget).await
}
