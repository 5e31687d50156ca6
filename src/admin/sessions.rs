//! Other people's sign-ins.

use super::Administration;
use crate::model::SignIn;
use crate::model::audit_event::{Actor, AuditKind};
use crate::sessions::Sessions;
use crate::store::{Change, GrantFilter, StoreResult};
use crate::support::id::{SignInId, UserId};

/// The sign-ins of a person that still count, in all browsers, the one used last first.
pub async fn list(sessions: &Sessions, user: UserId) -> StoreResult<Vec<SignIn>> {
    sessions.of_user(user).await
}

/// Ends one sign-in for good, with the grants that do not outlive it. Says whether there was such a one.
pub async fn revoke(
    admin: &Administration,
    actor: &Actor,
    sessions: &Sessions,
    user: UserId,
    id: SignInId,
) -> StoreResult<bool> {
    if !sessions.of_user(user).await?.iter().any(|sign_in| sign_in.id == id) {
        return Ok(false);
    }
    let now = admin.clock().now();
    let event = admin.event(AuditKind::SessionsRevoked, actor, now).to_user(user).saying(id.to_string());
    let changes = vec![
        Change::EndSignIn { id, until: now.plus(admin.longest_session) },
        Change::RevokeGrants(GrantFilter::OfSignIn(id), now),
        Change::Audit(event),
    ];
    admin.work().commit(changes).await?;
    Ok(true)
}
