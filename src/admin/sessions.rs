//! Where accounts are signed in, as administrators see and end it.

use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::{Epoch, SignIn};
use crate::sessions::Sessions;
use crate::store::Change;
use crate::support::id::{SignInId, UserId};

/// The sign-ins of an account that still count, in all browsers, the one used last first.
pub async fn list(authority: &Authority, sessions: &Sessions, user: UserId) -> Result<Vec<SignIn>, Rejected> {
    authority.require(Permission::ReadSessions)?;
    Ok(sessions.of_user(user).await?)
}

/// Ends one sign-in for good, with the grants that do not outlive it. `false` where the account has no such sign-in.
pub async fn revoke(
    admin: &Administration,
    authority: &ProvenAuthority,
    sessions: &Sessions,
    user: UserId,
    id: SignInId,
) -> Result<bool, Rejected> {
    authority.require(Permission::RevokeSessions)?;
    let user = admin.stores().users.find(user).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_over(&user)?;
    Ok(sessions.revoke(authority.actor().clone(), user.id, id).await?)
}

/// Ends every session and grant of every account, and says which epoch the server is in now: what to do after a backup or a key was stolen. Tokens
/// that clients have of their own (`client_credentials`) rest on the clients' credentials, which this leaves alone, and go on until they expire.
pub async fn end_all(admin: &Administration, authority: &ProvenAuthority) -> Result<Epoch, Rejected> {
    authority.require(Permission::EndEverything)?;
    let now = admin.clock().now();
    let event = admin.event(AuditKind::EverythingEnded, authority, now).to(AuditTarget::Server);
    admin.commit_by(authority, vec![Change::EndEverything(now), Change::Audit(event)]).await?;
    Ok(admin.stores().server.epoch().await?)
}
